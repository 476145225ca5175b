"""Arrays of floats in little room: an NPZ of byte planes that LZMA compresses.

The leading bytes of neighbouring floats are much alike, and their last ones are noise: set apart
they take up to a third less. `np.load` reads the planes, `read_tight` the floats.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from zipfile import ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import numpy as np

from core.study.broken_arrays import BROKEN
from core.study.write_aside import file_aside

_KINDS = ("float16", "float32", "float64")


def save_tight(path: Path, **arrays: np.ndarray) -> None:
    """Write an archive aside, then rename it; every value comes back as it was, to the bit."""
    _save(path, arrays, ZIP_LZMA)


def save_loose(path: Path, **arrays: np.ndarray) -> None:
    """The same with nothing compressed: read in no time, and small in an archive around it."""
    _save(path, arrays, ZIP_STORED)


def _save(path: Path, arrays: dict[str, np.ndarray], compression: int) -> None:
    with file_aside(path) as aside, ZipFile(aside, "w") as archive:
        for name, array in arrays.items():
            if array.ndim > 1 and array.dtype.name in _KINDS:
                planes = as_planes(array)
                write_member(archive, f"{name}.{array.dtype.name}", planes, compression)
            else:
                write_member(archive, name, array, compression)


def write_member(archive: ZipFile, name: str, array: np.ndarray, compression: int) -> None:
    """Add an array to an open NPZ, compressed as `zipfile` numbers the ways."""
    member = ZipInfo(f"{name}.npy")  # without a date: the same arrays give the same file
    member.compress_type = compression
    with archive.open(member, "w") as stream:
        np.lib.format.write_array(stream, array, allow_pickle=False)


def load_tight(path: Path, *names: str) -> dict[str, np.ndarray]:
    """Some arrays of an archive that `save_tight` or NumPy wrote.

    Raises:
        OSError: the file cannot be opened.
        ValueError: it is no archive, or lacks an array.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: _member(archive, name) for name in names}
    except OSError:
        raise
    except BROKEN as error:
        raise ValueError(f"{path} cannot be read: {error}") from error


def as_planes(array: np.ndarray) -> np.ndarray:
    """Floats (A, ..., Z) as uint8 (bytes of a float, ..., Z, A).

    What differs along the first axis, members say, lies side by side, as it is much alike.
    """
    rows = np.ascontiguousarray(np.moveaxis(array, 0, -1))
    octets = rows.view(np.uint8).reshape(*rows.shape, rows.itemsize)
    return np.ascontiguousarray(np.moveaxis(octets, -1, 0))


def from_planes(planes: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """The floats again.

    Raises:
        ValueError: these are no planes of that type.
    """
    if not isinstance(planes, np.ndarray) or planes.dtype != np.uint8 or planes.ndim < 2:
        raise ValueError(f"these are no planes of {dtype}")
    if len(planes) != dtype.itemsize:
        raise ValueError(f"{len(planes)} planes are none of {dtype}")
    rows = np.ascontiguousarray(np.moveaxis(planes, 0, -1)).view(dtype)[..., 0]
    return np.ascontiguousarray(np.moveaxis(rows, -1, 0))


def planes_kind(names: Collection[str], name: str) -> str | None:
    """What floats the planes are that hold an array; None if it is there as it is, or not at all.

    Args:
        names: The archive's arrays.
        name: One that was saved.
    """
    return next((kind for kind in _KINDS if f"{name}.{kind}" in names), None)


def _member(archive: np.lib.npyio.NpzFile, name: str) -> np.ndarray:
    kind = planes_kind(archive.files, name)
    if kind is None:
        return archive[name]
    return from_planes(archive[f"{name}.{kind}"], np.dtype(kind))
