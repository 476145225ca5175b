"""Arrays of floats in little room: an NPZ of byte planes that LZMA compresses.

The leading bytes of neighbouring floats are much alike, and their last ones are noise: set apart
they take up to a third less. Floats on a grid become whole numbers first. `np.load` reads the
planes, `load_tight` the floats.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from zipfile import ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import numpy as np

from core.study.broken_arrays import BROKEN
from core.study.grid_codes import BITS, from_codes, grid_exponent, to_codes
from core.study.write_aside import file_aside

_KINDS = ("float16", "float32", "float64")
_KIND = re.compile(rf"({'|'.join(_KINDS)})(?:\^(-?\d{{1,4}}))?")
"""The floats, and the power of two that they are multiples of, if their planes are of codes."""


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
                kind, planes = _packed(array)
                write_member(archive, f"{name}.{kind}", planes, compression)
            else:
                write_member(archive, name, array, compression)


def _packed(array: np.ndarray) -> tuple[str, np.ndarray]:
    """The kind of an array's planes, and those of them that say something."""
    exponent = grid_exponent(array)
    if exponent is not None:
        codes = to_codes(array, exponent)
        used = max(1, -(-int(codes.max(initial=0)).bit_length() // 8))
        if used <= array.itemsize:
            return f"{array.dtype.name}^{exponent}", as_planes(codes)[:used]
    return array.dtype.name, as_planes(array)


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
    """Numbers (A, ..., Z) as uint8 (bytes of a number, ..., Z, A).

    What differs along the first axis, members say, lies side by side, as it is much alike.
    """
    rows = np.ascontiguousarray(np.moveaxis(array, 0, -1))
    octets = rows.view(np.uint8).reshape(*rows.shape, rows.itemsize)
    return np.ascontiguousarray(np.moveaxis(octets, -1, 0))


def from_planes(planes: np.ndarray, kind: str) -> np.ndarray:
    """The floats again.

    Raises:
        ValueError: these are no planes of that kind.
    """
    told = _KIND.fullmatch(kind)
    is_array = isinstance(planes, np.ndarray)  # of a member that is none NumPy gives the bytes
    if told is None or not is_array or planes.dtype != np.uint8 or planes.ndim < 2:
        raise ValueError(f"these are no planes of {kind}")
    dtype = np.dtype(told[1])
    if told[2] is None:
        return _numbers(planes, dtype, kind)
    missing = np.zeros((max(0, BITS // 8 - len(planes)), *planes.shape[1:]), np.uint8)
    codes = _numbers(np.concatenate([planes, missing]), np.dtype(np.uint32), kind)
    return from_codes(codes, int(told[2]), dtype)


def _numbers(planes: np.ndarray, dtype: np.dtype, kind: str) -> np.ndarray:
    if len(planes) != dtype.itemsize:
        raise ValueError(f"{len(planes)} planes are none of {kind}")
    rows = np.ascontiguousarray(np.moveaxis(planes, 0, -1)).view(dtype)[..., 0]
    return np.ascontiguousarray(np.moveaxis(rows, -1, 0))


def planes_kind(names: Collection[str], name: str) -> str | None:
    """The kind of the planes that hold an array; None if it is there as it is, or not at all.

    Args:
        names: The archive's arrays.
        name: One that was saved.
    """
    kinds = (each.removeprefix(f"{name}.") for each in names if each.startswith(f"{name}."))
    return next(filter(_KIND.fullmatch, kinds), None)


def _member(archive: np.lib.npyio.NpzFile, name: str) -> np.ndarray:
    kind = planes_kind(archive.files, name)
    if kind is None:
        return archive[name]
    return from_planes(archive[f"{name}.{kind}"], kind)
