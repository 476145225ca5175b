"""Memory-mapped files of which no more should stay in memory than is being read."""

from __future__ import annotations

import mmap

import numpy as np

FEW_BYTES = 16_000_000
"""Files up to this size may stay: reading their pages anew costs more than they take."""


def release_pages(values: np.ndarray) -> None:
    """Give the pages of a large memory-mapped file back to the system, which reads them anew.

    Until then every page that was looked at counts as the process's memory. An array in memory, or
    one whose file may be written to, stays as it is; so does everything where the system cannot.

    Args:
        values: Opened by `np.load(path, mmap_mode="r")`, or a view of it.
    """
    file = _file_behind(values)
    if file is not None and len(file) > FEW_BYTES and hasattr(mmap, "MADV_DONTNEED"):
        file.madvise(mmap.MADV_DONTNEED)


def _file_behind(values: np.ndarray) -> mmap.mmap | None:
    """The read-only file that an array is a view of."""
    mode: str | None = None
    behind: object = values
    while isinstance(behind, np.ndarray):
        mode = getattr(behind, "mode", None)
        behind = behind.base
    return behind if isinstance(behind, mmap.mmap) and mode == "r" else None
