"""An `.onnx` file of other people, run by ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime

from core.networks.network_files import NetworkError
from core.networks.network_model import Tensor, padded

_TYPES = {
    "tensor(float)": "float32", "tensor(float16)": "float16", "tensor(double)": "float64",
    "tensor(uint8)": "uint8", "tensor(int8)": "int8", "tensor(int64)": "int64",
    "tensor(int32)": "int32", "tensor(bool)": "bool",
}  # fmt: skip
_ONLY_ERRORS = 3
_RAISED = vars(onnxruntime.capi.onnxruntime_pybind11_state).values()
# ONNX Runtime's errors have no class in common.
_FAULTS: tuple[type[Exception], ...] = (
    *(each for each in _RAISED if isinstance(each, type) and issubclass(each, Exception)),
    *(ValueError, RuntimeError, MemoryError),
)


class OnnxModel:
    """A network of one input; one session serves every thread, each run on its caller's.

    Raises:
        NetworkError: the file is damaged, has several inputs, names an operator that is not known,
            or keeps its weights in another file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _ONLY_ERRORS
        # From bytes, and with no folder to look in: no other file is read, whatever it names.
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", "/nowhere"
        )
        try:
            self._session = onnxruntime.InferenceSession(
                path.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except _FAULTS as error:
            raise NetworkError(f"{path} cannot be loaded: {_reason(error)}") from error
        inputs = [_tensor(each) for each in self._session.get_inputs()]
        if len(inputs) != 1:
            found = ", ".join(tensor.name for tensor in inputs)
            raise NetworkError(f"{path} has {len(inputs)} inputs ({found}); it needs one.")
        self.input = inputs[0]
        self.outputs = tuple(_tensor(each) for each in self._session.get_outputs())

    def run(self, batch: np.ndarray) -> dict[str, np.ndarray]:
        """The outputs of a batch, by name."""
        given = {self.input.name: padded(batch, self.input.shape[0]).astype(self.input.dtype)}
        names = [tensor.name for tensor in self.outputs]
        try:
            found = self._session.run(names, given)
        except _FAULTS as error:
            raise NetworkError(
                f"{self._path} cannot be run on {batch.shape}: {_reason(error)}"
            ) from error
        return {
            name: values[: len(batch)]
            for name, values in zip(names, found, strict=True)
            if isinstance(values, np.ndarray)  # scikit-learn's classifiers also give dictionaries
        }


def _tensor(node: onnxruntime.NodeArg) -> Tensor:
    shape = tuple(each if isinstance(each, int) and each > 0 else None for each in node.shape or ())
    return Tensor(node.name, shape, _TYPES.get(node.type, node.type))


def _reason(error: BaseException) -> str:
    """The library's message, its first line; where weights are missing, what to do."""
    text = str(error)
    if "xternal" in text and ("data" in text or "initializer" in text):
        return "it keeps its weights in another file: export it with external_data=False."
    return text.strip().splitlines()[0][:200] if text.strip() else type(error).__name__
