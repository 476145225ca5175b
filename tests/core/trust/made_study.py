"""Studies of any number of classes and members, with probabilities whose truth is known."""

import numpy as np
import pandas as pd

from core.measures.probabilities import as_logits
from core.measures.uncertainty import measure_logits
from core.study.dataset import Dataset, Noun
from core.study.ids import RowIds
from core.study.predictions import Predictions
from core.study.study import Study

TEXT = Noun("text", "texts")


def made_values(num_items, num_classes, num_members=1, seed=0):
    """Logits (S, N, K) float32 that are right some 70 % of the time, and labels."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, num_classes, num_items)
    logits = rng.normal(0, 1.5, (num_members, num_items, num_classes))
    lead = rng.normal(1 + 1.5 * np.sqrt(2 * np.log(num_classes)), 2, num_items)
    logits[:, np.arange(num_items), labels] += lead
    return logits.astype(np.float32), labels


def made_predictions(values, labels=None, kind="logits", name="one", **options):
    """A classifier that gave these values (S, N, K); a label of -1 is missing."""
    measures = measure_logits(as_logits(values, kind), options.get("temperature", 1.0))
    scores = pd.DataFrame({k: v for k, v in measures.items() if k != "mean_probs"})
    if labels is not None:
        scores["label"] = pd.array(np.where(labels < 0, 0, labels), dtype="Int32")
        scores.loc[labels < 0, "label"] = pd.NA
    return Predictions(
        name=name,
        title=f"The {name}",
        kind=kind,
        num_members=len(values),
        read_values=lambda: values,
        read_scores=lambda: scores,
        **options,
    )


def made_study(models, labels, num_classes, held_out=None):
    """A study of texts; `models` and `held_out` are predictions by name."""
    dataset = Dataset(
        key="made",
        title="Made up",
        noun=TEXT,
        class_names=tuple(f"class {k}" for k in range(num_classes)),
        ids=RowIds(len(next(iter(models.values())).scores)),
        labels=None if labels is None else np.asarray(labels, np.int32),
        data_hash=lambda: "",
    )
    return Study(dataset, models, held_out or {})


def top_1(labels, prediction, confidence):
    """Predictions and confidences without a distribution."""
    scores = pd.DataFrame({"label": labels, "prediction": prediction})
    if confidence is not None:
        scores["confidence"] = confidence
    return Predictions(
        name="one",
        title="The one",
        kind="probabilities",
        num_members=1,
        read_values=lambda: None,
        read_scores=lambda: scores,
        tier="answers" if confidence is None else "top-1",
    )
