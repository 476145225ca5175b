"""What names the items and labels of a study: equal for equal data, wherever it lies."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.study.dataset import UNLABELLED


def fingerprint(ids: pa.Array | None, labels: np.ndarray | None, num_items: int) -> str:
    """SHA-256 in hexadecimal of N, each id's length in bytes, the ids in UTF-8, and the labels.

    Numbers are little-endian: N and the lengths in 64 bits, the labels in 32.

    Args:
        ids: Strings (N,); None stands for "0" to "N - 1".
        labels: Class codes (N,); None stands for UNLABELLED throughout.
        num_items: N.
    """
    names = pa.array(np.arange(num_items)).cast(pa.string()) if ids is None else ids
    codes = np.full(num_items, UNLABELLED) if labels is None else labels
    digest = hashlib.sha256(np.array(num_items, "<i8").tobytes())
    digest.update(pc.binary_length(names).to_numpy(zero_copy_only=False).astype("<i8").tobytes())
    for start in range(0, num_items, 100_000):
        digest.update("".join(names.slice(start, 100_000).to_pylist()).encode())
    digest.update(codes.astype("<i4").tobytes())
    return digest.hexdigest()
