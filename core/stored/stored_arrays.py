"""NumPy arrays on disk: written in blocks, memory-mapped once they are seen to be whole."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from core.study.broken_arrays import BROKEN
from core.study.study_error import StudyError, place_of, unreadable

_BLOCK_BYTES = 8_000_000


def write_array(path: Path, array: np.ndarray, beat: Callable[[], None] = lambda: None) -> None:
    """An array as `.npy`, in the order of its axes, a few megabytes at a time.

    Args:
        path: Of the file; its folder is there.
        array: In memory or memory-mapped, of at least one axis; its type is kept.
        beat: Called after each block.
    """
    header = {
        "descr": npy.dtype_to_descr(array.dtype), "fortran_order": False, "shape": array.shape,
    }  # fmt: skip
    with path.open("wb") as file:
        npy.write_array_header_1_0(file, header)
        for part in array if array.ndim == 3 else (array,):  # members may lie on any axis
            row_bytes = max(1, part.itemsize * math.prod(part.shape[1:]))
            size = max(1, _BLOCK_BYTES // row_bytes)
            for start in range(0, len(part), size):
                file.write(np.ascontiguousarray(part[start : start + size]).data)
                beat()


def read_array(path: Path, shape: tuple[int | None, ...] | int, kinds: str) -> np.ndarray:
    """A `.npy` file, memory-mapped and read only.

    Args:
        path: Of the file.
        shape: That it must have, None for any length of an axis; a number: that of its first axis.
        kinds: The letters of the NumPy kinds it may have: f, i, u, b.

    Raises:
        StudyError: it is missing, cut, foreign, or not as it must be.
    """
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        raise unreadable(path, error) from error
    except BROKEN as error:
        raise StudyError(
            f"{place_of(path)} is cut off, damaged or no NumPy array; open the study's files anew."
        ) from error
    if not isinstance(array, np.ndarray):  # an .npz under this name
        array.close()
        raise StudyError(f"{place_of(path)} is not one NumPy array; open the study's files anew.")
    if not _fits(array.shape, shape) or array.dtype.kind not in kinds:
        raise StudyError(
            f"{place_of(path)} holds {array.dtype} {array.shape}, which does not fit the study's"
            " other files; open the study's files anew."
        )
    return array


def _fits(have: tuple[int, ...], wanted: tuple[int | None, ...] | int) -> bool:
    if isinstance(wanted, int):
        return len(have) > 0 and have[0] == wanted
    return len(have) == len(wanted) and all(
        length in {None, found} for length, found in zip(wanted, have, strict=True)
    )
