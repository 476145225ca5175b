"""What training and export leave in a classifier's folder, read on demand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pandas as pd

from core.measures import table
from core.measures.register import MEASURES
from core.networks.compiled_network import CompiledNetwork
from core.reading.errors import ReadingError
from core.reading.numpy_files import read_member
from core.study.artifact import ArtifactError
from core.study.broken_arrays import BROKEN
from core.study.tight_arrays import from_planes, planes_kind

ARTIFACTS = Path(__file__).resolve().parent.parent / "models" / "artifacts"
NAMES = ("ensemble", "article", "bayesian")
OUT_OF_FOLD = "out_of_fold.npz"
COMPARISON = ARTIFACTS / "three_ways.csv"
"""Metrics of every classifier on test digits, damaged ones, and what is no digit."""


@dataclass(frozen=True)
class Artifacts:
    """One classifier's folder.

    Raises:
        ArtifactError: on reading a file that is missing, truncated or foreign.
    """

    name: str
    folder: Path

    @cached_property
    def card(self) -> dict[str, Any]:
        """Title, seed, epochs, data hash, versions, metrics, temperature, classes, image shape."""
        try:
            return _checked_card(json.loads((self.folder / "card.json").read_text()))
        except (OSError, ValueError, RecursionError) as error:
            raise self._error("card.json", error) from error

    @property
    def opens_first(self) -> bool:
        """Whether the pages open on it, so that its answers must be there at once."""
        return self.name == NAMES[0]

    @property
    def temperature(self) -> float:
        """What the logits are divided by before they become probabilities."""
        return float(self.card["temperature"])

    @property
    def num_members(self) -> int:
        """How many networks it is made of, S."""
        return int(self.card["num_members"])

    @property
    def accuracy(self) -> float | None:
        """The share of the test images that are right, if the card says so."""
        metrics = self.card.get("metrics")
        found = metrics.get("accuracy") if isinstance(metrics, dict) else None
        return found if isinstance(found, float) and 0 <= found <= 1 else None

    @property
    def class_names(self) -> tuple[str, ...]:
        """The K classes in the order of the logits."""
        return tuple(self.card["class_names"])

    @cached_property
    def network(self) -> CompiledNetwork:
        """What scores new images."""
        height, width = self.card["image_shape"]
        return CompiledNetwork(self.folder, (height, width), f"export {self.name}")

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The score table of the test images."""
        path = self.folder / "scores.parquet"
        try:
            return table.load_table(path)
        except (OSError, ValueError) as error:
            raise self._error(path.name, error) from error

    def scores_of(self, labels: np.ndarray) -> pd.DataFrame:
        """The score table of the test images, which must have these labels (N,).

        Raises:
            ArtifactError: it is of other images or classes, or a measure is missing.
        """
        found, names = self.scores, [measure.column for measure in MEASURES]
        if not self.network.knows_atypicality:
            names.remove("atypicality")
        wanted = len(labels), len(self.class_names), labels, names
        if not table.is_table_of(found, *wanted) or table.lacks_numbers(found, names):
            raise self._error("scores.parquet", ValueError("not the test images'"))
        return found

    @cached_property
    def test_logits(self) -> np.ndarray:
        """Logits (S, N, K) of the test images, as they are kept; perhaps memory-mapped."""
        return self._logits("test.npz", len(self.scores))

    @cached_property
    def test_features(self) -> np.ndarray:
        """Features (N, D) of the test images."""
        found = self._floats("test.npz", "features", (len(self.scores), None))
        return found.astype(np.float32)  # products of 16 bits are slow

    @cached_property
    def calibration_logits(self) -> np.ndarray:
        """Logits (S, N, K) of the calibration split."""
        return self._logits("calibration.npz", len(self.calibration_labels))

    @cached_property
    def calibration_atypicality(self) -> np.ndarray | None:
        """Atypicality (N,) of the calibration split, or None if the network knows none."""
        if not self.network.knows_atypicality:
            return None
        return self._floats("calibration.npz", "atypicality", (len(self.calibration_labels),))

    @cached_property
    def calibration_labels(self) -> np.ndarray:
        """Labels (N,) of the calibration split."""
        labels = self.load("calibration.npz", "labels")
        fits = labels.ndim == 1 and labels.dtype.kind in "iu" and len(labels) > 0
        if not fits or labels.min() < 0 or labels.max() >= len(self.class_names):
            raise self._error("calibration.npz", ValueError("not labels"))
        return labels

    @property
    def has_out_of_fold(self) -> bool:
        """Whether the training images were scored by networks that were not fitted on them."""
        return (self.folder / OUT_OF_FOLD).is_file()

    @cached_property
    def out_of_fold_logits(self) -> np.ndarray:
        """Logits (1, N, K) of the training images, each by a network not fitted on it."""
        return self._floats(OUT_OF_FOLD, "logits", (None, len(self.class_names)))[None]

    @property
    def stress_table(self) -> Path:
        """Where `python cli.py stress --out` put what becomes of it on damaged test images."""
        return self.folder / "stress.parquet"

    def load(self, file: str, key: str) -> np.ndarray:
        """An array of one of its archives, as it was written."""
        path = self.folder / file
        try:
            with ZipFile(path) as archive:
                names = [name.removesuffix(".npy") for name in archive.namelist()]
            kind = planes_kind(names, key)
            if kind is None:
                return read_member(path, key)
            return from_planes(read_member(path, f"{key}.{kind}"), kind)
        except (*BROKEN, ReadingError) as error:
            raise self._error(file, error) from error

    def _logits(self, file: str, num_items: int) -> np.ndarray:
        shape = (self.num_members, num_items, len(self.class_names))
        return self._floats(file, "logits", shape)

    def _floats(self, file: str, key: str, shape: tuple[int | None, ...]) -> np.ndarray:
        """An array of floats of that shape, None for any length."""
        array = self.load(file, key)
        fits = array.ndim == len(shape) and array.dtype.kind == "f"
        if not fits or any(n not in {None, m} for n, m in zip(shape, array.shape, strict=True)):
            raise self._error(file, ValueError(f"{key} is {array.dtype} {array.shape}"))
        if not np.isfinite(array).all():
            raise self._error(file, ValueError(f"{key} is not finite"))
        return array

    def _error(self, file: str, error: Exception) -> ArtifactError:
        return ArtifactError(self.folder / file, error, f"export {self.name}")


def _checked_card(card: Any) -> dict[str, Any]:
    """Raises ValueError unless a card holds what the pages read from it."""
    kinds = {"title": str, "num_members": int, "temperature": float, "class_names": list}
    if not isinstance(card, dict) or any(
        not isinstance(card.get(name), kind) for name, kind in kinds.items()
    ):
        raise ValueError("a card must hold a title, members, a temperature and class names")
    sides = card.get("image_shape")
    whole = isinstance(sides, list) and len(sides) == 2 and all(type(n) is int for n in sides)
    names = card["class_names"]
    if not whole or len(names) < 2 or not all(isinstance(name, str) for name in names):
        raise ValueError("a card must hold an image's two sides and at least two class names")
    if card["num_members"] < 1 or not card["temperature"] > 0:
        raise ValueError("a card must hold a member and a temperature over 0")
    return card


def artifact_names() -> list[str]:
    """The classifiers whose artifacts are here, the default first."""
    return [name for name in NAMES if (ARTIFACTS / name).is_dir()]


def load_artifacts(name: str) -> Artifacts:
    """The artifacts of that name.

    Raises:
        ValueError: no such classifier; the message lists those there are.
    """
    if name not in artifact_names():
        raise ValueError(f"There is no model {name!r}; there is {', '.join(artifact_names())}")
    return Artifacts(name, ARTIFACTS / name)
