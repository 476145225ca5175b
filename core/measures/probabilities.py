"""A classifier's probabilities, a block of items at a time: never all of them in memory.

S members, N items, K classes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.measures.uncertainty import measure_logits
from core.study.mapped_pages import release_pages
from core.study.predictions import SHARES, Kind, Predictions
from core.study.study_error import StudyError
from core.study.watched import tell

SMALLEST = float(np.finfo(np.float32).tiny)
BLOCK_VALUES = 120_000
"""Values (items x classes x members) at once: 1 MB in float64, so that what is made of them on the
way stays in a processor's cache; with twice as many, prediction sets take half as long again."""
COMPILED_VALUES = 2_000_000
"""Values (S x N x K) up to which the compiled graph computes probabilities; then NumPy does."""
FEW_CLASSES = 64
"""Up to so many NumPy takes a class of all items at once, not an item's classes: with ten that is
two to three times as quick, and from a hundred on the slower way."""

_NO_NUMBERS = (
    "Some of the predictions are no numbers: the study's files were changed; open them anew."
)


def blocks(num_items: int, num_classes: int, num_members: int = 1) -> Iterator[slice]:
    """Slices of rows that keep a block's values under BLOCK_VALUES; says how far they are."""
    size = max(1, BLOCK_VALUES // (num_classes * num_members))
    for start in range(0, num_items, size):
        stop = min(start + size, num_items)
        yield slice(start, stop)
        tell(stop, num_items)


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

    Raises:
        StudyError: a value is NaN or infinite, which no opened file holds.
    """
    if kind in SHARES:
        return _finite(_log_shares(values))
    if kind == "log-probabilities":
        values = np.maximum(values, np.log(SMALLEST))
    if values.dtype.itemsize > 4:
        # What float32 rounds off a large logit is more than it rounds off the lead over others.
        values = values - values.max(-1, keepdims=True)
    return _finite(np.asarray(values, np.float32))


def _log_shares(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind != "f" or values.itemsize > np.dtype(np.float32).itemsize:
        return np.log(np.maximum(shares_of(values), SMALLEST)).astype(np.float32)
    shares: np.ndarray = values.astype(np.float32)  # in 64 bits it takes five times as long
    np.divide(shares, shares.sum(-1, keepdims=True), out=shares)
    np.maximum(shares, SMALLEST, out=shares)
    return np.log(shares, out=shares)


def shares_of(values: np.ndarray) -> np.ndarray:
    """Probabilities, votes or counts (..., K) as float64 that add up to 1 within some 1e-9.

    Each row is divided by its sum, so that every metric is of one distribution. Where rounding to
    two decimals left sums of 0.99 and 1.01, two items given as 0.97 then differ: that is meant. The
    last bits of a sum are not: they change with the order of the classes, and would part items of
    the same numbers. So a sum counts to nine decimals, and one of 1 changes nothing.

    Raises:
        StudyError: a value is NaN or infinite, or a row adds up to 0.
    """
    shares = np.asarray(values, np.float64)
    exact = shares.sum(-1, keepdims=True)
    total = np.where(exact > 0.1, np.round(exact, 9), exact)
    if (total == 1).all():
        return shares
    if not (total > 0).all():
        raise StudyError(_NO_NUMBERS)
    return _finite(shares / total)


def _finite(values: np.ndarray) -> np.ndarray:
    if not np.isfinite(values).all():
        raise StudyError(_NO_NUMBERS)
    return values


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

    Equal to the compiled graph's to some 2e-7, in a tenth of the time. Of few classes the last
    axis is not the one whose numbers are neighbours in memory.
    """
    axis = 0 if logits.shape[-1] <= FEW_CLASSES else -1
    values = np.moveaxis(logits, -1, axis)
    probs = np.multiply(values, np.float32(1 / temperature), order="C")
    probs -= probs.max(axis, keepdims=True)
    np.exp(probs, out=probs)
    probs /= probs.sum(axis, keepdims=True)
    return np.moveaxis(probs, axis, -1)
