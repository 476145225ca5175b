"""What an export leaves in a classifier's folder, read on demand."""

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

from core.measures.table import load_table
from core.networks.compiled_network import CompiledNetwork
from core.study.artifact import ArtifactError

ARTIFACTS = Path(__file__).resolve().parent.parent / "models" / "artifacts"
NAMES = ("ensemble", "article")
OUT_OF_FOLD = "out_of_fold.npz"


@dataclass(frozen=True)
class Artifacts:
    """One folder: card, compiled network, logits, features and scores of the test images.

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
    def class_names(self) -> tuple[str, ...]:
        """The K classes in the order of the logits."""
        return tuple(self.card["class_names"])

    @cached_property
    def network(self) -> CompiledNetwork:
        """The compiled network."""
        height, width = self.card["image_shape"]
        return CompiledNetwork(self.folder, (height, width), f"export {self.name}")

    def scores(self) -> pd.DataFrame:
        """The score table of the test images."""
        path = self.folder / "scores.parquet"
        try:
            return load_table(path)
        except (OSError, ValueError) as error:
            raise self._error(path.name, error) from error

    @property
    def has_out_of_fold(self) -> bool:
        """Whether the training images were scored by networks that were not fitted on them."""
        return (self.folder / OUT_OF_FOLD).is_file()

    def array(self, file: str, key: str) -> np.ndarray:
        """An array of one of its archives, as it was written."""
        try:
            with np.load(self.folder / file, allow_pickle=False) as archive:
                return archive[key]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
            raise self._error(file, error) from error

    def floats(self, file: str, key: str) -> np.ndarray:
        """The same in float32."""
        return self.array(file, key).astype(np.float32)

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
