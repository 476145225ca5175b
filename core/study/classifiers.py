"""The trained classifiers that ship with the project, and what each of them left behind."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from core.measures import table
from core.measures.runtime import Graph, Progress
from core.networks.atypicality import Atypicality, atypicality, load_atypicality
from core.study.artifact import ArtifactError

ARTIFACTS = Path(__file__).resolve().parents[2] / "models" / "artifacts"
NAMES = ("ensemble", "article")
OUT_OF_FOLD = "out_of_fold.npz"
_CHUNK = 5_000  # images at once: the channel means of five members take 32 MB


@dataclass(frozen=True)
class Prediction:
    """What a classifier says of N images, S members, K classes.

    Attributes:
        logits: float32 (S, N, K).
        features: float32 (N, D), what the network sees just before its logits, on its principal
            directions.
        atypicality: float32 (N,) in (0, 1), the share of held-out digits less unlike the training
            digits; None where the classifier does not know it.
    """

    logits: np.ndarray
    features: np.ndarray
    atypicality: np.ndarray | None = None


@dataclass(frozen=True)
class Classifier:
    """One folder of artifacts, read on demand.

    Raises:
        ArtifactError: on reading a file that is missing, truncated or foreign.
    """

    name: str
    folder: Path

    @cached_property
    def card(self) -> dict[str, Any]:
        """Title, seed, epochs, data hash, versions, metrics, temperature, classes, image shape."""
        try:
            return json.loads((self.folder / "card.json").read_text())
        except (OSError, ValueError) as error:
            raise self._error("card.json", error) from error

    @property
    def temperature(self) -> float:
        """What the logits are divided by before they become probabilities."""
        return float(self.card["temperature"])

    @property
    def num_members(self) -> int:
        """S."""
        return int(self.card["num_members"])

    @property
    def class_names(self) -> tuple[str, ...]:
        """The K classes in the order of the logits."""
        return tuple(self.card["class_names"])

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of the images it reads, in pixels."""
        height, width = self.card["image_shape"]
        return height, width

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The score table of the test images."""
        path = self.folder / "scores.parquet"
        try:
            return table.load_table(path)
        except (OSError, ValueError) as error:
            raise self._error(path.name, error) from error

    @cached_property
    def test_logits(self) -> np.ndarray:
        """Logits (S, N, K) of the test images."""
        return self._load("test.npz", "logits").astype(np.float32)

    @cached_property
    def test_features(self) -> np.ndarray:
        """Features (N, D) of the test images."""
        return self._load("test.npz", "features").astype(np.float32)

    def check(self) -> None:
        """Read all that a page opens from, so that what is wrong with it is known at once.

        Raises:
            ArtifactError: the first file that is missing, truncated or foreign.
        """
        _ = self.card, self.scores, self.test_logits
        self._load("test.npz", "features")  # whole, but kept only once a page asks for them

    @cached_property
    def calibration_logits(self) -> np.ndarray:
        """Logits (S, N, K) of the calibration split."""
        return self._load("calibration.npz", "logits").astype(np.float32)

    @cached_property
    def calibration_atypicality(self) -> np.ndarray | None:
        """Atypicality (N,) of the calibration split, or None if the classifier knows none."""
        return self._load("calibration.npz", "atypicality") if self.knows_atypicality else None

    @cached_property
    def calibration_labels(self) -> np.ndarray:
        """Labels (N,) of the calibration split."""
        return self._load("calibration.npz", "labels")

    @property
    def has_out_of_fold(self) -> bool:
        """Whether the training images were scored by networks that were not fitted on them."""
        return (self.folder / OUT_OF_FOLD).is_file()

    @cached_property
    def out_of_fold_logits(self) -> np.ndarray:
        """Logits (1, N, K) of the training images, each by a network not fitted on it.

        Raises:
            ValueError: this classifier was not trained in folds.
        """
        if not self.has_out_of_fold:
            raise ValueError(
                f"There are no out-of-fold logits of {self.name}."
                f" Make them with: python cli.py train {self.name} --folds 5"
            )
        logits = self._load(OUT_OF_FOLD, "logits").astype(np.float32)
        return logits[None] if logits.ndim == 2 else logits

    def predict_logits(
        self, images: np.ndarray, threads: int | None = None, progress: Progress = lambda n: None
    ) -> np.ndarray:
        """Logits float32 (S, N, K) of images (N, H, W) uint8."""
        outputs = self._graph.run_batches("logits", self._checked(images), threads, progress)
        return np.moveaxis(outputs["logits"], 1, 0)

    def predict(
        self, images: np.ndarray, threads: int | None = None, progress: Progress = lambda n: None
    ) -> Prediction:
        """Logits, features and, if known, atypicality of images (N, H, W) uint8."""
        checked = self._checked(images)
        starts = range(0, len(checked), _CHUNK)
        chunks = [self._predict(checked[i : i + _CHUNK], threads, progress) for i in starts]
        outputs = {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}
        logits = np.moveaxis(outputs["logits"], 1, 0)
        return Prediction(logits, outputs["features"], outputs.get("atypicality"))

    def describe(
        self, images: np.ndarray, threads: int | None = None, progress: Progress = lambda n: None
    ) -> dict[str, np.ndarray]:
        """Every output of the compiled network, by name, images along the first axis."""
        return self._graph.run_batches("describe", self._checked(images), threads, progress)

    @property
    def knows_atypicality(self) -> bool:
        """Whether it can say how unlike the training digits an image is."""
        return (self.folder / "atypicality.npz").is_file()

    @cached_property
    def _atypicality(self) -> Atypicality:
        path = self.folder / "atypicality.npz"
        try:
            return load_atypicality(path)
        except (OSError, ValueError) as error:
            raise ArtifactError(path, error, "export atypicality") from error

    def _predict(
        self, images: np.ndarray, threads: int | None, progress: Progress
    ) -> dict[str, np.ndarray]:
        """As `describe`, with atypicality in place of the channel means it is made from."""
        outputs = self.describe(images, threads, progress)
        pooled = outputs.pop("pooled", None)
        if pooled is not None and self.knows_atypicality:
            known = outputs["features"], outputs["logits"]
            value = atypicality(self._atypicality, pooled, *known)
            outputs["atypicality"] = value.astype(np.float32)
        return outputs

    @cached_property
    def _graph(self) -> Graph:
        return Graph(self.folder / "model.tflite", remake=f"export {self.name}")

    def _checked(self, images: np.ndarray) -> np.ndarray:
        """Raises ValueError unless images is uint8 (N >= 1, H, W) of this network's size."""
        shape = self.image_shape
        if images.dtype != np.uint8 or images.shape[1:] != shape or len(images) == 0:
            raise ValueError(
                f"images must be uint8 of shape (N >= 1, {shape[0]}, {shape[1]}),"
                f" got {images.dtype} {images.shape}"
            )
        return images

    def _load(self, file: str, key: str) -> np.ndarray:
        try:
            with np.load(self.folder / file, allow_pickle=False) as archive:
                return archive[key]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
            raise self._error(file, error) from error

    def _error(self, file: str, error: Exception) -> ArtifactError:
        return ArtifactError(self.folder / file, error, f"export {self.name}")


def classifier_names() -> list[str]:
    """The classifiers whose artifacts are here, the default first."""
    return [name for name in NAMES if (ARTIFACTS / name).is_dir()]


def load_classifier(name: str) -> Classifier:
    """The classifier of that name.

    Raises:
        ValueError: no such classifier; the message lists those there are.
    """
    if name not in classifier_names():
        raise ValueError(f"There is no model {name!r}; there is {', '.join(classifier_names())}")
    return Classifier(name, ARTIFACTS / name)
