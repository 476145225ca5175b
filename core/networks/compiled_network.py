"""A network compiled to LiteRT that scores new images, with what it knows of their atypicality."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from core.measures.runtime import Graph, Progress
from core.networks.atypicality import Atypicality, atypicality, load_atypicality
from core.networks.foreign import Foreign, foreignness, load_foreign
from core.networks.network_card import NetworkCard
from core.networks.network_input import fit_picture
from core.study.artifact import ArtifactError
from core.study.study import Answers

_CHUNK = 5_000  # images at once: the channel means of five members take 32 MB


@dataclass(frozen=True)
class CompiledNetwork:
    """One folder with a compiled network, read on demand.

    Attributes:
        folder: Holds `model.tflite` and, where it knows atypicality, `atypicality.npz` and perhaps
            `foreign.npz`.
        image_shape: Height and width of the images it reads, in pixels.
        remake: The command that makes the files anew.

    Raises:
        ArtifactError: on reading a file that is missing, truncated or foreign.
    """

    folder: Path
    image_shape: tuple[int, int]
    remake: str

    def predict_logits(
        self, images: np.ndarray, threads: int | None = None, progress: Progress = lambda n: None
    ) -> np.ndarray:
        """Logits float32 (S, N, K) of images (N, H, W) uint8."""
        outputs = self._graph.run_batches("logits", self._checked(images), threads, progress)
        return np.moveaxis(outputs["logits"], 1, 0)

    def predict(
        self, images: np.ndarray, threads: int | None = None, progress: Progress = lambda n: None
    ) -> Answers:
        """Logits, features and, if known, atypicality of images (N, H, W) uint8."""
        checked = self._checked(images)
        starts = range(0, len(checked), _CHUNK)
        chunks = [self._predict(checked[i : i + _CHUNK], threads, progress) for i in starts]
        outputs = {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}
        logits = np.moveaxis(outputs["logits"], 1, 0)
        return Answers(
            logits, outputs["features"], outputs.get("atypicality"), outputs.get("foreign")
        )

    def describe(
        self, images: np.ndarray, threads: int | None = None, progress: Progress = lambda n: None
    ) -> dict[str, np.ndarray]:
        """Every output of the compiled network, by name, images along the first axis."""
        return self._graph.run_batches("describe", self._checked(images), threads, progress)

    @property
    def has_colour(self) -> bool:
        """No: the networks that are compiled here read grey images."""
        return False

    @property
    def finds_ink(self) -> bool:
        """Yes: they read small images of handwriting."""
        return True

    def fit(self, picture: np.ndarray) -> np.ndarray:
        """A picture stretched to the size it reads, its ink not searched for."""
        return fit_picture(picture, NetworkCard(size=self.image_shape, colour="grey"))

    @property
    def knows_atypicality(self) -> bool:
        """Whether it can say how unlike the training images an image is."""
        return (self.folder / "atypicality.npz").is_file()

    @cached_property
    def _atypicality(self) -> Atypicality:
        path = self.folder / "atypicality.npz"
        try:
            return load_atypicality(path)
        except (OSError, ValueError) as error:
            raise ArtifactError(path, error, "export atypicality") from error

    @cached_property
    def _foreign(self) -> Foreign | None:
        path = self.folder / "foreign.npz"
        try:
            return load_foreign(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise ArtifactError(path, error, "export foreign") from error

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
            if self._foreign is not None:
                shares = foreignness(self._foreign, pooled, outputs["features"])
                outputs["foreign"] = shares.astype(np.float32)
        return outputs

    @cached_property
    def _graph(self) -> Graph:
        return Graph(self.folder / "model.tflite", remake=self.remake)

    def _checked(self, images: np.ndarray) -> np.ndarray:
        """Raises ValueError unless images is uint8 (N >= 1, H, W) of this network's size."""
        shape = self.image_shape
        if images.dtype != np.uint8 or images.shape[1:] != shape or len(images) == 0:
            raise ValueError(
                f"images must be uint8 of shape (N >= 1, {shape[0]}, {shape[1]}),"
                f" got {images.dtype} {images.shape}"
            )
        return images
