"""IDX: arrays of numbers of any type and byte order, with their shape before them."""

from __future__ import annotations

import gzip
import io
import math
import zlib
from pathlib import Path

import numpy as np

TYPES = {0x08: "u1", 0x09: "i1", 0x0B: "i2", 0x0C: "i4", 0x0D: "f4", 0x0E: "f8"}
GZIP = b"\x1f\x8b"
MOST_AXES = 6
MOST_BYTES = 4_000_000_000
_PART = 1 << 20


def load_idx(path: Path) -> np.ndarray:
    """An IDX file, plain or gzip by its content, of the type and shape in its header.

    Raises:
        ValueError: the content is not IDX, or its length does not fit its header.
    """
    return parse_idx(unzipped(path.read_bytes(), str(path)), str(path))


def unzipped(raw: bytes, shown: str, most: int = MOST_BYTES) -> bytes:
    """A file's bytes; those of a gzip file without their compression.

    Args:
        raw: The bytes as they are on disk.
        shown: The file's name, for messages.
        most: How many bytes it may have without its compression.

    Raises:
        ValueError: the gzip file is broken, or larger than that.
    """
    if not raw.startswith(GZIP):
        return raw
    parts, size = [], 0
    try:
        with gzip.open(io.BytesIO(raw), "rb") as file:
            while part := file.read(_PART):
                parts.append(part)
                size += len(part)
                if size > most:
                    raise ValueError(f"{shown} holds more than {most // 10**6:,} MB")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{shown} is not a complete gzip file: {error}") from error
    return b"".join(parts)


def looks_like_idx(raw: bytes) -> bool:
    """Whether bytes begin as IDX does, in either byte order."""
    return len(raw) >= 8 and _header(raw) is not None


def parse_idx(raw: bytes, shown: str) -> np.ndarray:
    """The array that IDX bytes hold, in this machine's byte order.

    The format says big-endian; a file written in the other order is told by its first bytes or
    by the order in which its sizes fit its length.

    Args:
        raw: The file's bytes.
        shown: Its name, for messages.

    Raises:
        ValueError: no IDX, or a length that does not fit the header.
    """
    header = _header(raw)
    if header is None:
        raise ValueError(f"{shown} is not an IDX file")
    kind, num_axes, order = header
    if not 1 <= num_axes <= MOST_AXES:
        raise ValueError(f"{shown} is an IDX file of {num_axes} axes; 1 to {MOST_AXES} are read")
    start = 4 + 4 * num_axes
    for each in order:
        dtype = np.dtype(f"{each}{kind}")
        shape = _sizes(raw[4:start], each)
        if len(shape) == num_axes and len(raw) - start == math.prod(shape) * dtype.itemsize:
            found = np.frombuffer(raw, dtype, offset=start).reshape(shape)
            return found.astype(dtype.newbyteorder("="), copy=False)
    shape = _sizes(raw[4:start], order[0])
    raise ValueError(f"{shown} holds {len(raw) - start} bytes where its header says {shape}")


def _header(raw: bytes) -> tuple[str, int, str] | None:
    """Type, number of axes and byte orders to try, from the first four bytes."""
    if raw[:2] == b"\0\0" and len(raw) > 3 and raw[2] in TYPES:
        return TYPES[raw[2]], raw[3], "><"
    if raw[2:4] == b"\0\0" and len(raw) > 3 and raw[1] in TYPES:
        return TYPES[raw[1]], raw[0], "<"
    return None


def _sizes(raw: bytes, order: str) -> tuple[int, ...]:
    whole = raw[: len(raw) // 4 * 4]
    return tuple(int(size) for size in np.frombuffer(whole, f"{order}u4"))
