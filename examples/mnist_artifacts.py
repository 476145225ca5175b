"""What training and export leave in a classifier's folder, read on demand."""

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
from core.networks.compiled_network import CompiledNetwork
from core.study.artifact import ArtifactError

ARTIFACTS = Path(__file__).resolve().parent.parent / "models" / "artifacts"
NAMES = ("ensemble", "article")
OUT_OF_FOLD = "out_of_fold.npz"


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

    @cached_property
    def test_logits(self) -> np.ndarray:
        """Logits (S, N, K) of the test images."""
        return self.load("test.npz", "logits").astype(np.float32)

    @cached_property
    def test_features(self) -> np.ndarray:
        """Features (N, D) of the test images."""
        return self.load("test.npz", "features").astype(np.float32)

    @cached_property
    def calibration_logits(self) -> np.ndarray:
        """Logits (S, N, K) of the calibration split."""
        return self.load("calibration.npz", "logits").astype(np.float32)

    @cached_property
    def calibration_atypicality(self) -> np.ndarray | None:
        """Atypicality (N,) of the calibration split, or None if the network knows none."""
        known = self.network.knows_atypicality
        return self.load("calibration.npz", "atypicality") if known else None

    @cached_property
    def calibration_labels(self) -> np.ndarray:
        """Labels (N,) of the calibration split."""
        return self.load("calibration.npz", "labels")

    @property
    def has_out_of_fold(self) -> bool:
        """Whether the training images were scored by networks that were not fitted on them."""
        return (self.folder / OUT_OF_FOLD).is_file()

    @cached_property
    def out_of_fold_logits(self) -> np.ndarray:
        """Logits (1, N, K) of the training images, each by a network not fitted on it."""
        logits = self.load(OUT_OF_FOLD, "logits").astype(np.float32)
        return logits[None] if logits.ndim == 2 else logits

    def load(self, file: str, key: str) -> np.ndarray:
        """An array of one of its archives, as it was written."""
        try:
            with np.load(self.folder / file, allow_pickle=False) as archive:
                return archive[key]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
            raise self._error(file, error) from error

    def _error(self, file: str, error: Exception) -> ArtifactError:
        return ArtifactError(self.folder / file, error, f"export {self.name}")


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
