"""MNIST: 28 x 28 grey digits and their labels, from one file that ships with the project."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO
from zipfile import ZIP_LZMA, ZIP_STORED, ZipFile

import numpy as np

from core.pictures.idx import load_idx
from core.reading.errors import ReadingError
from core.reading.numpy_files import read_header, read_member
from core.study.artifact import ArtifactError
from core.study.broken_arrays import BROKEN
from core.study.tight_arrays import write_member
from core.study.write_aside import file_aside

DATA = Path(__file__).resolve().parent.parent / "data" / "mnist.npz"
CLASS_NAMES = tuple(str(digit) for digit in range(10))
SPLIT_SEED = 20
NUM_CALIBRATION = 5_000
_PART = 1_600  # images read at once: 1.3 MB
_IDX_FILES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


@dataclass(frozen=True)
class Mnist:
    """Images uint8 (N, 28, 28), 0 paper and 255 ink; labels uint8 (N,), 0 to 9."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


@dataclass(frozen=True)
class Split:
    """Row numbers of the training file: those fitted on, and those kept for calibration."""

    fit: np.ndarray
    calibration: np.ndarray


def load_mnist(path: Path = DATA) -> Mnist:
    """All 70,000 digits.

    Raises:
        ArtifactError: `path` is missing or no MNIST archive.
    """
    return Mnist(**_load_arrays(path, tuple(_IDX_FILES)))


def load_test(path: Path = DATA) -> tuple[np.ndarray, np.ndarray]:
    """The test images (10000, 28, 28) and labels (10000,), without reading the training images.

    Raises:
        ArtifactError: as load_mnist.
    """
    arrays = _load_arrays(path, ("x_test", "y_test"))
    return arrays["x_test"], arrays["y_test"]


def read_images(split: str, path: Path = DATA) -> Iterator[np.ndarray]:
    """The images of "test" or "train" a part at a time, uint8 (n, 28, 28), never all in memory.

    Raises:
        ArtifactError: as load_mnist, from the part on that cannot be read.
    """
    try:
        with ZipFile(path) as archive, archive.open(f"x_{split}.npy") as file:
            shape, size = _image_shape(file, _num_labels(archive, split))
            for start in range(0, shape[0], _PART):
                raw = file.read(min(_PART, shape[0] - start) * size)
                yield np.frombuffer(raw, np.uint8).reshape(-1, *shape[1:])
            if file.read(1):  # the end of the member is where its checksum is looked at
                raise ValueError("there is more than the header says")
    except BROKEN as error:
        raise ArtifactError(path, error, "pack FOLDER") from error


def map_images(split: str, path: Path = DATA) -> np.ndarray:
    """The images of "test", or of a split packed alike, uint8 (N, 28, 28), memory-mapped.

    Raises:
        ArtifactError: as load_mnist.
    """
    try:
        images = read_member(path, name := f"x_{split}")
        _check(name, images)
        if len(images) != len(read_labels(split, path)):
            raise ValueError("there are not as many images as labels")
        return images
    except (*BROKEN, ReadingError) as error:
        raise ArtifactError(path, error, "pack FOLDER") from error


def read_labels(split: str, path: Path = DATA) -> np.ndarray:
    """The labels of "test" or "train", uint8 (N,).

    Raises:
        ArtifactError: as load_mnist.
    """
    return _load_arrays(path, (f"y_{split}",))[f"y_{split}"]


def calibration_split(num_images: int) -> Split:
    """Keep 5,000 training images, drawn at random with a fixed seed, out of every training.

    At random, because MNIST's files are ordered by writer: consecutive rows are alike.
    Fewer than 25,000 images give a fifth of them.
    """
    order = np.random.default_rng(SPLIT_SEED).permutation(num_images)
    size = min(NUM_CALIBRATION, num_images // 5)
    return Split(fit=np.sort(order[size:]), calibration=np.sort(order[:size]))


def data_hash(images: np.ndarray, labels: np.ndarray) -> str:
    """SHA-256 of the images' bytes followed by the labels' bytes: names a data set."""
    return _hash([images, labels.astype(np.uint8)])


def split_hash(split: str, path: Path = DATA) -> str:
    """`data_hash` of "test" or "train", the images read a part at a time.

    Raises:
        ArtifactError: as load_mnist.
    """
    return _hash(chain(read_images(split, path), [read_labels(split, path)]))


def save_mnist(folder: Path, path: Path = DATA) -> None:
    """Pack the four canonical IDX files of `folder` (plain or .gz) into one archive.

    The training images, asked for by one page, are compressed; the others can be memory-mapped.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: a file is no IDX file of unsigned bytes.
    """
    arrays = {key: load_idx(_idx_path(folder, name)) for key, name in _IDX_FILES.items()}
    strange = [_IDX_FILES[key] for key, array in arrays.items() if array.dtype != np.uint8]
    if strange:
        raise ValueError(f"{folder}: {strange[0]} is not an IDX file of unsigned bytes")
    with file_aside(path) as aside, ZipFile(aside, "w") as archive:
        for key, array in arrays.items():
            write_member(archive, key, array, ZIP_LZMA if key == "x_train" else ZIP_STORED)


def _hash(parts: Iterable[np.ndarray]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(np.ascontiguousarray(part).data)
    return digest.hexdigest()


def _num_labels(archive: ZipFile, split: str) -> int:
    with archive.open(f"y_{split}.npy") as file:
        return math.prod(read_header(file, "the labels").shape)


def _image_shape(file: IO[bytes], num_labels: int) -> tuple[tuple[int, ...], int]:
    """The shape in an open .npy member's header, and an image's bytes.

    Raises:
        ValueError: it does not hold an image uint8 (H, W) for each label.
    """
    header = read_header(file, "the images")
    shape = header.shape
    if len(shape) != 3 or header.fortran or header.dtype != np.uint8 or shape[0] != num_labels:
        raise ValueError(f"not images uint8 ({num_labels}, H, W): {header.dtype} {shape}")
    return shape, math.prod(shape[1:])


def _load_arrays(path: Path, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in names}
        for name, array in arrays.items():
            _check(name, array)
        return arrays
    except BROKEN as error:
        raise ArtifactError(path, error, "pack FOLDER") from error


def _check(name: str, array: np.ndarray) -> None:
    """Raises ValueError unless it holds images uint8 (N, H, W) or labels uint8 (N,), 0 to 9."""
    num_axes = 3 if name.startswith("x") else 1
    if not isinstance(array, np.ndarray) or array.dtype != np.uint8 or array.ndim != num_axes:
        raise ValueError(f"{name} holds no images or labels")
    if not array.size or (num_axes == 1 and array.max() >= len(CLASS_NAMES)):
        raise ValueError(f"{name} is empty, or holds a label above {len(CLASS_NAMES) - 1}")


def _idx_path(folder: Path, name: str) -> Path:
    for candidate in (folder / name, folder / f"{name}.gz"):
        if candidate.exists():
            return candidate
    raise FileNotFoundError(f"{folder} holds neither {name} nor {name}.gz")
