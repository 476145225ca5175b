"""Labelled images and what a classifier says of them: what every question of trust starts from.

N images, K classes, S members.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from core.measures.register import BY_COLUMN, DECLINING
from core.measures.table import prob_columns
from core.measures.uncertainty import measure_logits
from core.study.classifiers import Classifier


@dataclass(frozen=True)
class Judged:
    """Labelled images and what a classifier says of them.

    Attributes:
        index: (N,) positions in the data set.
        mean_probs: (N, K).
        labels: (N,) class numbers.
        measures: Column -> (N,), those that can decide on declining.
    """

    index: np.ndarray
    mean_probs: np.ndarray
    labels: np.ndarray
    measures: dict[str, np.ndarray]

    @cached_property
    def correct(self) -> np.ndarray:
        """Whether the most probable class is the label, bool (N,)."""
        return self.mean_probs.argmax(1) == self.labels

    @cached_property
    def confidence(self) -> np.ndarray:
        """(N,) highest of the mean probabilities."""
        return self.mean_probs.max(1)

    def only(self, index: np.ndarray) -> Judged:
        """The images among these whose positions are in `index`, in their own order."""
        kept = np.isin(self.index, index)
        measures = {name: values[kept] for name, values in self.measures.items()}
        return Judged(self.index[kept], self.mean_probs[kept], self.labels[kept], measures)


def judged_table(table: pd.DataFrame, num_members: int) -> Judged:
    """The rows of a score table that have a label.

    Measures that only differ with several members are left out for one.
    """
    known = table[table["label"].notna()]
    measures = {
        name: known[name].to_numpy()
        for name in DECLINING
        if name in known and (num_members > 1 or not BY_COLUMN[name].many_members)
    }
    probs = known[prob_columns(known)].to_numpy()
    return Judged(known.index.to_numpy(), probs, known["label"].to_numpy(np.int64), measures)


def judged_logits(
    logits: np.ndarray,
    labels: np.ndarray,
    temperature: float,
    index: np.ndarray | None = None,
    atypicality: np.ndarray | None = None,
) -> Judged:
    """Images given by their logits (S, N, K) and labels (N,), at a temperature.

    Positions are 0 to N - 1 where no `index` (N,) is given. Atypicality (N,), where it is known,
    comes from features and so does not change with the temperature.
    """
    found = measure_logits(logits, temperature)
    if atypicality is not None:
        found["atypicality"] = atypicality
    measures = {
        name: found[name]
        for name in DECLINING
        if name in found and (len(logits) > 1 or not BY_COLUMN[name].many_members)
    }
    places = np.arange(len(labels)) if index is None else index
    return Judged(places, found["mean_probs"], labels.astype(np.int64), measures)


def judged_test(
    classifier: Classifier, factor: float = 1.0, table: pd.DataFrame | None = None
) -> Judged:
    """The labelled test images, at `factor` times the temperature the classifier ships with.

    Args:
        classifier: Which.
        factor: Over 0.
        table: Its score table, where other labels than MNIST's are to count.
    """
    table = classifier.scores if table is None else table
    if factor == 1:
        return judged_table(table, classifier.num_members)
    known = table["label"].notna().to_numpy()
    labels = table.loc[known, "label"].to_numpy(np.int64)
    rows = table.index[known].to_numpy()
    logits = classifier.test_logits[:, rows]
    strange = table.loc[known, "atypicality"].to_numpy() if "atypicality" in table else None
    return judged_logits(logits, labels, factor * classifier.temperature, rows, strange)


def judged_calibration(classifier: Classifier) -> Judged:
    """The calibration split, at the temperature the classifier ships with."""
    logits, labels = classifier.calibration_logits, classifier.calibration_labels
    strange = classifier.calibration_atypicality
    return judged_logits(logits, labels, classifier.temperature, atypicality=strange)
