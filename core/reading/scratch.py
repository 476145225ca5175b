"""Room for large arrays and tables: files without a name that vanish with the last use."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from core.reading.errors import ReadingError

IN_MEMORY = 64 * 2**20
"""Bytes; what is larger goes to a file and is memory-mapped."""
MOST_BYTES = 64 * 2**30
"""Bytes that a compressed file may unpack to."""
BLOCK_VALUES = 1_000_000


def allocate(shape: tuple[int, ...], dtype: np.dtype, file: str) -> np.ndarray:
    """An array to be filled, memory-mapped where it is large.

    Raises:
        ReadingError: the disk has no room for it; names `file`.
    """
    size = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if size <= IN_MEMORY:
        return np.empty(shape, dtype)
    with tempfile.TemporaryFile(prefix="penumbra-") as room:
        try:
            os.posix_fallocate(room.fileno(), 0, size)
        except OSError as error:
            raise ReadingError(
                f"{file} needs {size / 2**30:,.1f} GB of temporary space, more than is free; "
                "free some or set TMPDIR to a larger disk."
            ) from error
        return np.memmap(room, dtype, "r+", shape=shape)


def take_rows(values: np.ndarray, rows: np.ndarray, file: str) -> np.ndarray:
    """Some rows of values (S, N, K), block after block."""
    num_members, _, num_classes = values.shape
    taken = allocate((num_members, len(rows), num_classes), values.dtype, file)
    step = max(1, BLOCK_VALUES // max(1, num_classes))
    for member in range(num_members):
        for start in range(0, len(rows), step):
            taken[member, start : start + step] = values[member, rows[start : start + step]]
    return taken


def spooled(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> pa.Table:
    """A table that is written down batch after batch and then memory-mapped.

    Its file has no name, so that nothing is left where the process is killed.
    """
    with (
        tempfile.TemporaryFile(prefix="penumbra-") as room,
        pa.PythonFile(room, "w") as sink,
        pa.ipc.new_file(sink, schema) as writer,
    ):
        for batch in batches:
            writer.write_batch(batch)
        writer.close()
        room.flush()
        mapped = mmap.mmap(room.fileno(), 0, access=mmap.ACCESS_READ)
    return pa.ipc.open_file(pa.BufferReader(pa.py_buffer(mapped))).read_all()
