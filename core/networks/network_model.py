"""One file of a network, loaded: what goes in, what comes out, and running it from any thread."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from core.networks.network_files import NetworkError, runtime_of


class Tensor(NamedTuple):
    """An input or an output.

    Attributes:
        name: In the file.
        shape: None where a length is free; the first is the batch's.
        dtype: As NumPy calls it.
    """

    name: str
    shape: tuple[int | None, ...]
    dtype: str


class Signature(Protocol):
    """What goes in and out of a network with one input."""

    @property
    def input(self) -> Tensor:
        """What goes in."""

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        """What comes out."""


class NetworkModel(Signature, Protocol):
    """A loaded network with one input."""

    def run(self, batch: np.ndarray) -> dict[str, np.ndarray]:
        """The outputs of a batch, by name, with the images along the first axis.

        Args:
            batch: Of the input's shape and type; from any thread.
        """


def load_model(path: Path) -> NetworkModel:
    """Load a `.tflite` or an `.onnx` file; each run takes one thread.

    Raises:
        NetworkError: it is none of these, damaged, has several inputs, or its runtime is not
            installed.
    """
    try:
        if runtime_of(path) == "LiteRT":
            # Each runtime is loaded where it is needed: ONNX's is an extra.
            from core.networks.litert_model import LiteRtModel  # noqa: PLC0415

            return LiteRtModel(path)
        from core.networks.onnx_model import OnnxModel  # noqa: PLC0415

        return OnnxModel(path)
    except ModuleNotFoundError as error:
        raise NetworkError(
            f"{path} needs ONNX Runtime, which is not installed: pip install onnxruntime."
        ) from error
    except OSError as error:
        raise NetworkError(f"{path} cannot be read: {error.strerror or error}.") from error


def padded(batch: np.ndarray, length: int | None) -> np.ndarray:
    """A batch made as long as a file with a fixed batch wants it, by repeating its last image."""
    if length is None or len(batch) == length:
        return batch
    return np.concatenate([batch, np.repeat(batch[-1:], length - len(batch), axis=0)])
