"""Which images a network takes for alike."""

from __future__ import annotations

import numpy as np


def most_similar(features: np.ndarray, query: np.ndarray, count: int) -> np.ndarray:
    """Rows of `features` (N, D) nearest to `query` (D,), the nearest first: int (count,).

    Nearest by cosine similarity, which ignores how strongly a digit is inked.
    """
    # Not by BLAS: on a busy machine its threads wait for each other longer than this takes.
    lengths = np.sqrt(np.einsum("nd,nd->n", features, features)) * np.linalg.norm(query)
    products = np.einsum("nd,d->n", features, query)
    likeness = products / np.maximum(lengths, np.finfo(np.float32).tiny)
    count = min(count, len(features))
    nearest = np.argpartition(-likeness, count - 1)[:count]
    return nearest[np.argsort(-likeness[nearest], kind="stable")]


def most_similar_to_row(features: np.ndarray, row: int, count: int) -> np.ndarray:
    """As `most_similar`, for one of the rows itself, which is left out."""
    nearest = most_similar(features, features[row], count + 1)
    return nearest[nearest != row][:count]
