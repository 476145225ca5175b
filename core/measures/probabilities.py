"""A classifier's probabilities, a block of items at a time: never all of them in memory.

S members, N items, K classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np

from core.measures.uncertainty import measure_logits
from core.study.mapped_pages import release_pages
from core.study.predictions import Kind, Predictions

SMALLEST = float(np.finfo(np.float32).tiny)
BLOCK_VALUES = 120_000
"""Values (items x classes x members) at once: 1 MB in float64, so that what is made of them on the
way stays in a processor's cache; with twice as many, prediction sets take half as long again."""
COMPILED_VALUES = 5_000_000
"""Values (S x N x K) up to which the compiled graph computes probabilities; then NumPy does."""


class Block(NamedTuple):
    """Some items in the order of their rows.

    Attributes:
        rows: Their places in what was asked for, 0 to N - 1, as a slice.
        mean_probs: float32 (n, K).
    """

    rows: slice
    mean_probs: np.ndarray


class MeanProbs(Protocol):
    """Mean probabilities (N, K) over the members, read in blocks."""

    @property
    def shape(self) -> tuple[int, int]:
        """N and K."""

    def __iter__(self) -> Iterator[Block]:
        """All items, block after block."""


class PredictedProbs:
    """A classifier's mean probabilities at a temperature.

    Args:
        predictions: With a full distribution.
        rows: Row numbers int (N,) in any order; all rows if None.
        temperature: Over 0; the predictions' own if None.
    """

    def __init__(
        self,
        predictions: Predictions,
        rows: np.ndarray | None = None,
        temperature: float | None = None,
    ) -> None:
        self._predictions, self._rows = predictions, rows
        self._temperature = predictions.temperature if temperature is None else temperature
        num_items = predictions.values.shape[1] if rows is None else len(rows)
        self.shape = (int(num_items), int(predictions.values.shape[2]))

    def __iter__(self) -> Iterator[Block]:
        for rows in blocks(*self.shape, self._predictions.num_members):
            wanted = rows if self._rows is None else self._rows[rows]
            logits = logits_of(self._predictions, wanted)
            yield Block(rows, measure_logits(logits, self._temperature)["mean_probs"])
            release_pages(self._predictions.values)


def blocks(num_items: int, num_classes: int, num_members: int = 1) -> Iterator[slice]:
    """Slices of rows that keep a block's values under BLOCK_VALUES."""
    size = max(1, BLOCK_VALUES // (num_classes * num_members))
    for start in range(0, num_items, size):
        yield slice(start, min(start + size, num_items))


def logits_of(predictions: Predictions, rows: slice | np.ndarray) -> np.ndarray:
    """Some items' values on the logarithmic scale of the compiled measures, float32 (S, n, K).

    Of neighbouring rows perhaps a view of the values: not to be written to.
    """
    return as_logits(np.asarray(predictions.values[:, as_slice(rows)]), predictions.kind)


def as_slice(rows: slice | np.ndarray) -> slice | np.ndarray:
    """Neighbouring rows as a slice, which reads a memory map without copying row by row."""
    if isinstance(rows, slice) or not len(rows) or rows[-1] - rows[0] != len(rows) - 1:
        return rows
    return slice(int(rows[0]), int(rows[-1]) + 1) if (np.diff(rows) == 1).all() else rows


def as_logits(values: np.ndarray, kind: Kind) -> np.ndarray:
    """Values (S, n, K) of a kind on the scale of logits, float32.

    Probabilities, votes and counts are divided by their row's sum; a probability of 0 counts as
    float32's smallest normal number, 1.2e-38, also where it is given as a logarithm, -inf.
    """
    if kind not in {"logits", "log-probabilities"}:
        return _log_shares(values)
    if kind == "log-probabilities":
        values = np.maximum(values, np.log(SMALLEST))
    if values.dtype.itemsize > 4:
        # What float32 rounds off a large logit is more than it rounds off the lead over others.
        values = values - values.max(-1, keepdims=True)
    return np.asarray(values, np.float32)


def _log_shares(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind != "f" or values.itemsize > np.dtype(np.float32).itemsize:
        return np.log(np.maximum(shares_of(values), SMALLEST)).astype(np.float32)
    shares: np.ndarray = values.astype(np.float32)  # in 64 bits it takes five times as long
    np.divide(shares, shares.sum(-1, keepdims=True), out=shares)
    np.maximum(shares, SMALLEST, out=shares)
    return np.log(shares, out=shares)


def shares_of(values: np.ndarray) -> np.ndarray:
    """Probabilities, votes or counts (..., K) as float64 that add up to 1.

    A row that does so to 1e-9 stays as it is, so that equal probabilities stay equal.
    """
    shares = np.asarray(values, np.float64)
    total = shares.sum(-1, keepdims=True)
    is_off = np.abs(total - 1) > 1e-9
    return shares / np.where(is_off, total, 1) if is_off.any() else shares


def member_probs(predictions: Predictions, rows: np.ndarray) -> np.ndarray:
    """Each member's probabilities of some items, float32 (S, n, K): measured as if it stood alone.

    Args:
        predictions: With a full distribution.
        rows: Row numbers (n,), a few.
    """
    logits = logits_of(predictions, rows)
    num_members, num_items, num_classes = logits.shape
    alone = logits.reshape(1, num_members * num_items, num_classes)
    probs = measure_logits(alone, predictions.temperature)["mean_probs"]
    return probs.reshape(num_members, num_items, num_classes)


def member_blocks(predictions: Predictions, rows: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """As `member_probs`, of any number of items a block at a time: their places, and (S, n, K).

    Args:
        predictions: With a full distribution.
        rows: Row numbers (N,).
    """
    num_members, _, num_classes = predictions.values.shape
    is_small = num_members * len(rows) * num_classes <= COMPILED_VALUES
    for places in blocks(len(rows), num_classes, num_members):
        if is_small:
            yield places, member_probs(predictions, rows[places])
        else:
            logits = logits_of(predictions, rows[places])
            yield places, softmax(logits, predictions.temperature)
        release_pages(predictions.values)


def softmax(logits: np.ndarray, temperature: float) -> np.ndarray:
    """`softmax(logits / temperature)` over the last axis by NumPy, float32 as the logits.

    Equal to the compiled graph's to some 2e-7, in a tenth of the time.
    """
    probs = logits * np.float32(1 / temperature)
    probs -= probs.max(-1, keepdims=True)
    np.exp(probs, out=probs)
    probs /= probs.sum(-1, keepdims=True)
    return probs
