"""What names the items and labels of a study: equal for equal data, wherever it lies."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa

from core.study.dataset import UNLABELLED


def fingerprint(ids: pa.Array | None, labels: np.ndarray | None, num_items: int) -> str:
    """SHA-256 in hexadecimal of N, each id's length in bytes, the ids in UTF-8, and the labels.

    Numbers are little-endian: N and the lengths in 64 bits, the labels in 32.

    Args:
        ids: Strings (N,); None stands for "0" to "N - 1".
        labels: Class codes (N,); None stands for UNLABELLED throughout.
        num_items: N.
    """
    codes = np.full(num_items, UNLABELLED) if labels is None else labels
    lengths, texts = _row_numbers(num_items) if ids is None else _texts(ids)
    digest = hashlib.sha256(np.array(num_items, "<i8").tobytes())
    digest.update(lengths.astype("<i8").tobytes())
    digest.update(texts)
    digest.update(codes.astype("<i4").tobytes())
    return digest.hexdigest()


def _row_numbers(num_items: int) -> tuple[np.ndarray, bytes]:
    """The length of each of "0" to "N - 1", and all of them in one piece."""
    numbers = np.arange(num_items)
    powers = 10 ** np.arange(1, len(str(num_items)) + 1)
    lengths = 1 + np.searchsorted(powers, numbers, side="right")
    return lengths, "".join(map(str, range(num_items))).encode()


def _texts(ids: pa.Array) -> tuple[np.ndarray, memoryview]:
    """The length of each id in bytes, and all of them in one piece, as Arrow keeps them."""
    _, offsets, texts = ids.buffers()
    ends = np.frombuffer(offsets, np.int32, len(ids) + 1, ids.offset * 4)
    return np.diff(ends), memoryview(texts or b"")[ends[0] : ends[-1]]
