"""One pass over all scores: the few numbers from which their kind follows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from core.study.predictions import Kind

BLOCK_VALUES = 2**17
SUM_TOLERANCE = 1e-3
HALF_SUM_TOLERANCE = 1e-2
_SHOWN = 5


@dataclass
class Tally:
    """What all rows of values (S, N, K) have in common; rows with NaN or inf are left out.

    Attributes:
        shape: S, N and K.
        tolerance: How far a row's sum may be from 1: 1e-3, in float16 1e-2.
        low: The smallest value.
        high: The largest value.
        sum_low: The smallest sum of a row.
        sum_high: The largest sum of a row.
        log_sum: The largest distance of a row's log-sum-exp from 0, while no value is above 0.
        whole: Whether all values are whole numbers.
        falling: Whether the values fall from left to right in every row.
        broken: Rows with NaN or inf in any member, bool (N,).
        off: Rows whose sum is further from 1 than the tolerance, bool (N,).
        empty: Rows whose sum is 0 or less in any member, bool (N,).
    """

    shape: tuple[int, int, int]
    tolerance: float
    broken: np.ndarray
    off: np.ndarray
    empty: np.ndarray
    low: float = math.inf
    high: float = -math.inf
    sum_low: float = math.inf
    sum_high: float = -math.inf
    log_sum: float = 0.0
    whole: bool = True
    falling: bool = True
    _strict: bool = field(default=False, repr=False)

    @property
    def one_hot(self) -> bool:
        """Whether every row is 0 but for one 1."""
        return self.whole and self.low >= 0 and self.sum_low == self.sum_high == 1

    @property
    def in_unit(self) -> bool:
        """Whether all values lie in [0, 1], give or take a thousandth."""
        return self.low >= -SUM_TOLERANCE and self.high <= 1 + SUM_TOLERANCE

    @property
    def worst_sum(self) -> float:
        """The largest distance of a row's sum from 1."""
        return max(abs(self.sum_low - 1), abs(self.sum_high - 1))

    @property
    def falls(self) -> bool:
        """Whether the rows fall from left to right, and not by chance: under 1 in 10,000."""
        rows = self.shape[1] - int(self.broken.sum())
        unlikely = rows * math.lgamma(self.shape[2] + 1) > math.log(1e4)
        return self.falling and self._strict and unlikely

    def add(self, start: int, block: np.ndarray) -> None:
        """Take in the rows from `start` on, float or integer (S, n, K)."""
        num_members, num_rows, num_classes = block.shape
        plain = _as_float(block).reshape(-1, num_classes)
        with np.errstate(over="ignore", invalid="ignore"):
            sums = np.einsum("ij->i", plain)
        rows = np.tile(np.arange(start, start + num_rows), num_members)
        if not np.isfinite(sums).all():
            fine = np.isfinite(plain).all(1)
            self.broken[rows[~fine]] = True
            plain, sums, rows = plain[fine], sums[fine], rows[fine]
        if len(plain):
            self._range(plain, sums)
            self._forms(plain)
            self.off[rows[np.abs(sums - 1) > self.tolerance]] = True
            self.empty[rows[sums <= 0]] = True

    def _range(self, plain: np.ndarray, sums: np.ndarray) -> None:
        self.low = min(self.low, float(plain.min()))
        self.high = max(self.high, float(plain.max()))
        self.sum_low = min(self.sum_low, float(sums.min()))
        self.sum_high = max(self.sum_high, float(sums.max()))

    def _forms(self, plain: np.ndarray) -> None:
        if self.whole:
            self.whole = bool((plain == np.floor(plain)).all())
        if self.falling:
            steps = np.diff(plain, axis=1)
            self.falling = bool((steps <= 0).all())
            self._strict |= bool((steps < 0).any())
        if self.high <= SUM_TOLERANCE and self.log_sum < 1:
            top = plain.max(1)
            shifted = np.exp(plain - top[:, None], dtype=np.float64)
            self.log_sum = max(self.log_sum, float(np.abs(np.log(shifted.sum(1)) + top).max()))


def tally(values: np.ndarray) -> Tally:
    """Read all values (S, N, K) once, a block of rows at a time."""
    num_members, num_rows, num_classes = values.shape
    half = values.dtype == np.float16
    found = Tally(
        (num_members, num_rows, num_classes), HALF_SUM_TOLERANCE if half else SUM_TOLERANCE,
        broken=np.zeros(num_rows, bool),
        off=np.zeros(num_rows, bool),
        empty=np.zeros(num_rows, bool),
    )  # fmt: skip
    for rows in row_blocks(values):
        found.add(rows.start, values[:, rows])
    return found


def row_blocks(values: np.ndarray) -> Iterator[slice]:
    """Slices of rows of (S, N, K) that keep a block small."""
    num_members, num_rows, num_classes = values.shape
    step = max(1, BLOCK_VALUES // max(1, num_members * num_classes))
    for start in range(0, num_rows, step):
        yield slice(start, min(start + step, num_rows))


def _as_float(block: np.ndarray) -> np.ndarray:
    block = np.asarray(block)
    if block.dtype.kind == "f" and block.dtype.itemsize >= 4:
        return block.astype(block.dtype.newbyteorder("="), copy=False)
    return block.astype(np.float32 if block.dtype == np.float16 else np.float64)


def argmax_rows(values: np.ndarray, kind: Kind | None = None) -> np.ndarray:
    """The class of the highest mean probability over the members, int64 (N,).

    Args:
        values: (S, N, K).
        kind: What they are; while it is not known, members are averaged as they stand.
    """
    found = np.empty(values.shape[1], np.int64)
    for rows in row_blocks(values):
        found[rows] = mean_scores(values[:, rows], kind).argmax(-1)
    return found


def mean_scores(block: np.ndarray, kind: Kind | None) -> np.ndarray:
    """One member's scores (n, K) as they are, several members' (S, n, K) as mean probabilities."""
    if len(block) == 1:
        return np.asarray(block[0])
    plain = _as_float(block)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        if kind in {"logits", "log-probabilities"}:
            plain = np.exp(plain - plain.max(-1, keepdims=True))
        if kind is not None:
            plain = plain / plain.sum(-1, keepdims=True)
        return plain.mean(0)


def shown(values: np.ndarray, rows: np.ndarray) -> tuple[str, ...]:
    """A few rows as text, for a question: "row 3: 0.2 0.9 0.4 (sum 1.5)"."""
    return tuple(_row_text(values, int(row)) for row in rows[:_SHOWN])


def _row_text(values: np.ndarray, row: int) -> str:
    numbers = np.asarray(values[0, row], np.float64)
    more = " …" if len(numbers) > 6 else ""
    return (
        f"row {row:,}: {' '.join(f'{n:.4g}' for n in numbers[:6])}{more} (sum {numbers.sum():.6g})"
    )
