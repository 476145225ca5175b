"""A `.tflite` file of other people, run by LiteRT."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from core.measures.runtime import Lent, new_interpreter
from core.networks.network_files import NetworkError
from core.networks.network_model import Tensor, padded


class LiteRtModel:
    """A network of one input; an interpreter serves one thread at a time, so each borrows one.

    Raises:
        NetworkError: the file is damaged, or has several inputs.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._lent = Lent(partial(_Interpreter, path.read_bytes()))
            with self._lent.borrow() as first:
                inputs, self.outputs = first.inputs, first.outputs
        except (ValueError, RuntimeError) as error:
            raise NetworkError(f"{path} is cut off or damaged: export it again.") from error
        if len(inputs) != 1:
            found = ", ".join(tensor.name for tensor in inputs)
            raise NetworkError(f"{path} has {len(inputs)} inputs ({found}); it needs one.")
        self.input = inputs[0]

    def run(self, batch: np.ndarray) -> dict[str, np.ndarray]:
        """The outputs of a batch, by name; what is quantised becomes float32 again."""
        length = self.input.shape[0]
        try:
            with self._lent.borrow() as interpreter:
                found = interpreter.run(padded(batch, length))
        except (ValueError, RuntimeError) as error:
            raise NetworkError(f"{self._path} cannot be run on {batch.shape}: {error}") from error
        return {name: values[: len(batch)] for name, values in found.items()}


class _Interpreter:
    """One interpreter, by the signature with the most outputs; by its tensors if it has none."""

    def __init__(self, content: bytes) -> None:
        self._interpreter = new_interpreter(content)
        signatures = self._interpreter.get_signature_list()
        best = max(signatures, key=lambda name: len(signatures[name]["outputs"]), default=None)
        self._runner = None if best is None else self._interpreter.get_signature_runner(best)
        if self._runner is not None:
            self._ins = dict(self._runner.get_input_details())
            self._outs = dict(self._runner.get_output_details())
        else:
            self._ins = {each["name"]: each for each in self._interpreter.get_input_details()}
            self._outs = {each["name"]: each for each in self._interpreter.get_output_details()}
        self.inputs = tuple(_tensor(name, each) for name, each in self._ins.items())
        self.outputs = tuple(_tensor(name, each) for name, each in self._outs.items())

    def run(self, batch: np.ndarray) -> dict[str, np.ndarray]:
        (name, details), *_ = self._ins.items()
        given = _quantised(batch, details)
        found = self._by_tensors(given, details) if self._runner is None else self._runner(
            **{name: given}
        )  # fmt: skip
        return {name: _plain(values, self._outs[name]) for name, values in found.items()}

    def _by_tensors(self, given: np.ndarray, details: dict[str, Any]) -> dict[str, np.ndarray]:
        if tuple(details["shape"]) != given.shape:
            self._interpreter.resize_tensor_input(details["index"], given.shape)
            details["shape"] = np.array(given.shape)
            self._interpreter.allocate_tensors()
        else:
            self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(details["index"], given)
        self._interpreter.invoke()
        return {
            name: self._interpreter.get_tensor(each["index"]) for name, each in self._outs.items()
        }


def _tensor(name: str, details: dict[str, Any]) -> Tensor:
    lengths = details.get("shape_signature", details["shape"])
    if not len(lengths):
        lengths = details["shape"]
    shape = tuple(None if length < 0 else int(length) for length in lengths)
    dtype = np.float32 if details["quantization"][0] else details["dtype"]
    return Tensor(name, shape, np.dtype(dtype).name)


def _quantised(batch: np.ndarray, details: dict[str, Any]) -> np.ndarray:
    """A float batch as the 8 bits that a quantised file reads."""
    scale, zero = details["quantization"]
    if not scale:
        return batch.astype(details["dtype"], copy=False)
    ends = np.iinfo(details["dtype"])
    return np.clip(np.rint(batch / scale) + zero, ends.min, ends.max).astype(details["dtype"])


def _plain(values: np.ndarray, details: dict[str, Any]) -> np.ndarray:
    scale, zero = details["quantization"]
    return (values.astype(np.float32) - zero) * np.float32(scale) if scale else np.array(values)
