"""Files of networks, told by their content; what would have to run code to be read is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from core.study.study_error import StudyError

Runtime = Literal["LiteRT", "ONNX"]
_START = 1024
_KERAS = "keras.models.load_model({file!r}).export({onnx!r}, format='onnx')"
_TORCH = "torch.onnx.export(model.eval(), (images,), {onnx!r}, external_data=False)"
_SKLEARN = "skl2onnx.to_onnx(model, X[:1]), and save its SerializeToString()"
_SAVED = "tf.lite.TFLiteConverter.from_saved_model({file!r}).convert(), and save the bytes"
_ENDINGS = {
    (".keras",): ("a Keras model, which is rebuilt by running Keras", _KERAS),
    (".h5", ".hdf5"): ("a Keras model in HDF5, which is rebuilt by running Keras", _KERAS),
    (".pt", ".pth", ".ckpt", ".bin"): ("a PyTorch file, a pickle that can run code", _TORCH),
    (".pkl", ".pickle", ".joblib", ".p"): ("a Python pickle, which can run code", _SKLEARN),
    (".safetensors",): ("weights without the network that they belong to", _TORCH),
    (".pb",): ("a TensorFlow graph", _SAVED),
}


class NetworkError(StudyError):
    """A network that cannot be used; the message is one sentence with the file's name."""


def runtime_of(path: Path) -> Runtime:
    """Which runtime reads a file.

    Raises:
        NetworkError: it is missing, empty, or of a kind that is never opened; the message names
            the command of its framework that exports it.
        OSError: it cannot be read.
    """
    if path.is_dir():
        if (path / "saved_model.pb").is_file():
            raise _refusal(path, "a TensorFlow SavedModel, which can run code", _SAVED)
        raise NetworkError(f"{path} is a folder: name the .tflite or .onnx file in it.")
    if not path.is_file():
        raise NetworkError(f"There is no network {path}.")
    with path.open("rb") as file:
        start = file.read(_START)
    if start[4:8] == b"TFL3":
        return "LiteRT"
    _refuse_others(path, start)
    if path.suffix.lower() == ".onnx" or start[:1] == b"\x08":  # protobuf's first field: a number
        return "ONNX"
    raise NetworkError(f"{path} is no network that can be read: export it as .tflite or .onnx.")


def _refuse_others(path: Path, start: bytes) -> None:
    """Raise for what its content or its ending says it is."""
    if not start.strip(b"\0 \r\n\t"):
        raise NetworkError(f"{path} is empty: export it again.")
    if start.startswith(b"version https://git-lfs"):
        raise NetworkError(f"{path} is a Git LFS pointer: fetch the file with `git lfs pull`.")
    if start.lstrip()[:1] == b"<":
        raise NetworkError(f"{path} is a web page: download the file itself, by its raw link.")
    if start.startswith(b"\x89HDF\r\n"):
        raise _refusal(path, *_kind(".h5"))
    if start.startswith(b"PK") and zipfile.is_zipfile(path):
        names = zipfile.ZipFile(path).namelist()
        is_torch = any(name.endswith("data.pkl") for name in names)
        raise _refusal(path, *_kind(".pt" if is_torch else ".keras"))
    if start[:1] == b"\x80" and start[1:2] in {b"\2", b"\3", b"\4", b"\5"}:
        suffix = path.suffix.lower()
        raise _refusal(path, *_kind(suffix if suffix in {".pt", ".pth", ".ckpt"} else ".pkl"))
    for endings, kind in _ENDINGS.items():
        if path.suffix.lower() in endings:
            raise _refusal(path, *kind)


def _kind(ending: str) -> tuple[str, str]:
    return next(kind for endings, kind in _ENDINGS.items() if ending in endings)


def _refusal(path: Path, what: str, command: str) -> NetworkError:
    export = command.format(file=path.name, onnx=f"{path.stem}.onnx")
    return NetworkError(f"{path} is {what}, and is never opened: export it with {export}.")
