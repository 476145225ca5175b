"""MNIST's test digits and the classifiers that ship with the project: the bundled study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from core.measures.table import build_table
from core.measures.uncertainty import measure_logits
from core.stored.stored_images import ArrayImages
from core.study.artifact import ArtifactError
from core.study.dataset import Dataset, Noun, Sheet
from core.study.ids import RowIds
from core.study.images import Images
from core.study.packed import PackedImages
from core.study.predictions import Predictions, nothing
from core.study.study import Study
from examples import mnist_data
from examples.mnist_artifacts import COMPARISON, Artifacts, artifact_names, load_artifacts
from examples.mnist_tour import TOUR

KEY, TITLE = "mnist", "MNIST"
DIGIT = Noun("digit", "digits")
SHEET = Sheet("mnist-test.webp", 28, 28)


@cache
def load_study() -> Study:
    """The test digits, judged by every classifier whose artifacts are here.

    Raises:
        ArtifactError: a card or the labels are missing or broken; on reading, any other file.
    """
    found = [load_artifacts(name) for name in artifact_names()]
    in_folds = [artifacts for artifacts in found if artifacts.has_out_of_fold]
    return Study(
        dataset=replace(_dataset(KEY, "test", _test_images()), sheet=SHEET),
        models={a.name: on_test(a) for a in found},
        held_out={a.name: _on_calibration(a) for a in found},
        networks={a.name: a.network for a in found},
        parts={"train": _training_part(in_folds)} if in_folds else {},
        tour=TOUR,
        stress_tables={a.name: a.stress_table for a in found if a.stress_table.is_file()},
        read_comparison=_comparison if COMPARISON.is_file() else None,
    )


def _comparison() -> pd.DataFrame:
    """What the classifiers make of test digits, damaged ones, and of what is none."""
    from core.trust.several_models import read_comparison  # noqa: PLC0415 - SciPy, for one section

    try:
        return read_comparison(COMPARISON)
    except (OSError, ValueError) as error:
        raise ArtifactError(COMPARISON, error, "three-ways") from error


def _test_images() -> Images:
    return ArrayImages(lambda: mnist_data.map_images("test"), len(mnist_data.read_labels("test")))


def _dataset(key: str, split: str, images: Images) -> Dataset:
    labels = mnist_data.read_labels(split).astype(np.int32)
    return Dataset(
        key=key,
        title=f"{TITLE} {split}",
        noun=DIGIT,
        class_names=mnist_data.CLASS_NAMES,
        ids=RowIds(len(labels)),
        labels=labels,
        data_hash=lambda: mnist_data.split_hash(split),
        images=images,
    )


def _training_part(found: list[Artifacts]) -> Study:
    """The training digits, each scored by a network that was not fitted on it."""
    images = PackedImages(lambda: mnist_data.read_images("train"))
    models = {a.name: _out_of_fold(a) for a in found}
    return Study(_dataset(f"{KEY}-train", "train", images), models)


def on_test(found: Artifacts) -> Predictions:
    """What a classifier says of the test digits."""
    values, features = lambda: found.test_logits, lambda: found.test_features
    scores = lambda: found.scores_of(mnist_data.read_labels("test").astype(np.int64))  # noqa: E731
    predictions = _predictions(found, found.num_members, values, scores, features)
    return replace(predictions, accuracy=found.accuracy)


def _on_calibration(found: Artifacts) -> Predictions:
    """On digits drawn at random from the training digits and kept out of every training."""

    def scores() -> pd.DataFrame:
        labels, atypicality = found.calibration_labels, found.calibration_atypicality
        measures = measure_logits(found.calibration_logits, found.temperature, labels)
        known = {} if atypicality is None else {"atypicality": atypicality}
        return build_table(measures | known, labels)

    return _predictions(found, found.num_members, lambda: found.calibration_logits, scores)


def _out_of_fold(found: Artifacts) -> Predictions:
    def scores() -> pd.DataFrame:
        labels = mnist_data.read_labels("train")
        return build_table(
            measure_logits(found.out_of_fold_logits, found.temperature, labels), labels
        )

    return _predictions(found, 1, lambda: found.out_of_fold_logits, scores)


def _predictions(
    found: Artifacts,
    num_members: int,
    values: Callable[[], np.ndarray],
    scores: Callable[[], pd.DataFrame],
    features: Callable[[], np.ndarray | None] = nothing,
) -> Predictions:
    return Predictions(
        name=found.name,
        title=found.card["title"],
        kind="logits",
        num_members=num_members,
        temperature=found.temperature,
        read_values=values,
        read_scores=scores,
        read_features=features,
        out_of_sample=True,
        member="draw" if "prior_scale" in found.card else "member",
    )
