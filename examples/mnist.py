"""MNIST's test digits and the two classifiers that ship with the project: the bundled study."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd

from core.measures.table import build_table
from core.measures.uncertainty import measure_logits
from core.study.dataset import Dataset, Noun
from core.study.ids import RowIds
from core.study.packed import PackedImages
from core.study.predictions import Predictions
from core.study.study import Study
from examples import mnist_data
from examples.mnist_artifacts import OUT_OF_FOLD, Artifacts, artifact_names, load_artifacts

KEY = "mnist"
DIGIT = Noun("digit", "digits")


@cache
def load_study() -> Study:
    """The test digits, judged by every classifier whose artifacts are here.

    Raises:
        ArtifactError: a card is missing or broken; later, on reading, any other file.
    """
    found = [load_artifacts(name) for name in artifact_names()]
    in_folds = [a for a in found if a.has_out_of_fold]
    return Study(
        dataset=_dataset(KEY, "test"),
        models={a.name: _predictions(a, "test.npz", a.scores) for a in found},
        held_out={a.name: _held_out(a) for a in found},
        networks={a.name: a.network for a in found},
        parts={"train": _training_part(in_folds)} if in_folds else {},
    )


def _dataset(key: str, split: str) -> Dataset:
    labels = mnist_data.read_labels(split).astype(np.int32)
    return Dataset(
        key=key,
        title=f"MNIST {split}",
        noun=DIGIT,
        class_names=mnist_data.CLASS_NAMES,
        ids=RowIds(len(labels)),
        labels=labels,
        data_hash=lambda: mnist_data.split_hash(split),
        images=PackedImages(lambda: mnist_data.read_images(split)),
    )


def _predictions(
    artifacts: Artifacts, file: str, scores: Callable[[], pd.DataFrame]
) -> Predictions:
    return Predictions(
        name=artifacts.name,
        title=artifacts.card["title"],
        kind="logits",
        num_members=int(artifacts.card["num_members"]),
        temperature=artifacts.temperature,
        read_values=lambda: artifacts.floats(file, "logits"),
        read_scores=scores,
        read_features=lambda: artifacts.floats(file, "features"),
        out_of_sample=True,
    )


def _held_out(artifacts: Artifacts) -> Predictions:
    """The calibration split: drawn at random from the training digits, and kept out of training."""

    def scores() -> pd.DataFrame:
        labels = artifacts.array(file, "labels")
        measures = measure_logits(artifacts.floats(file, "logits"), artifacts.temperature, labels)
        if artifacts.network.knows_atypicality:
            measures["atypicality"] = artifacts.array(file, "atypicality")
        return build_table(measures, labels)

    file = "calibration.npz"
    return _predictions(artifacts, file, scores)


def _training_part(found: list[Artifacts]) -> Study:
    """The training digits, each scored by a network that was not fitted on it."""
    dataset = _dataset(f"{KEY}-train", "train")
    return Study(dataset, {a.name: _out_of_fold(a) for a in found})


def _out_of_fold(artifacts: Artifacts) -> Predictions:
    def values() -> np.ndarray:
        logits = artifacts.floats(OUT_OF_FOLD, "logits")
        return logits[None] if logits.ndim == 2 else logits

    def scores() -> pd.DataFrame:
        labels = mnist_data.read_labels("train")
        return build_table(measure_logits(values(), artifacts.temperature, labels), labels)

    return Predictions(
        name=artifacts.name,
        title=f"{artifacts.card['title']}, out of fold",
        kind="logits",
        num_members=1,
        temperature=artifacts.temperature,
        read_values=values,
        read_scores=scores,
        out_of_sample=True,
    )
