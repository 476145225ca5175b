"""How far could chance have moved this number? Intervals for shares, and the bootstrap.

N items, R resamples, A bundles, M columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainccinv, betaincinv, ndtri

from core.study.dataset import Noun
from core.study.watched import tell
from core.trust.wording import ITEM

LEVEL = 0.95
NUM_RESAMPLES = 1_000
SEED = 20
FEW_ITEMS, FEW_ERRORS = 100, 10  # fewer leave an interval too wide to lean on
MOST_BUNDLES = 5_000
DRAWS_AT_ONCE = 200_000  # a statistic needs several times their memory, for a moment


class Estimate(NamedTuple):
    """A number with its interval; all three nan where it cannot be computed."""

    value: float
    low: float
    high: float


class Bundles(NamedTuple):
    """Rows in an order (N,), cut into A bundles of neighbours: first row and size of each (A,)."""

    order: np.ndarray
    first: np.ndarray
    size: np.ndarray

    def sums(self, columns: Iterable[np.ndarray]) -> np.ndarray:
        """Each bundle's sum of each of M columns (N,) in the rows' old order; float64 (A, M)."""
        number = np.empty(len(self.order), np.intp)
        number[self.order] = np.repeat(np.arange(len(self.size)), self.size)
        return np.column_stack([np.bincount(number, weights=column) for column in columns])


UNKNOWN = Estimate(float("nan"), float("nan"), float("nan"))


def few_items(num_items: int, noun: Noun = ITEM) -> str:
    """That these are few, as "only 30 items" or "no item", or an empty string."""
    if num_items >= FEW_ITEMS:
        return ""
    return f"only {noun.counted(num_items)}" if num_items else f"no {noun.one}"


def few_errors(num_errors: int, num_items: int) -> str:
    """The same of errors: "only 5 errors", "no error", "no correct answer", or an empty string."""
    if num_errors in (0, num_items):
        return "no correct answer" if num_errors else "no error"
    errors = "error" if num_errors == 1 else "errors"
    return f"only {num_errors} {errors}" if num_errors < FEW_ERRORS else ""


def wilson(
    successes: ArrayLike, trials: ArrayLike, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray]:
    """The Wilson score interval of a share; two float arrays in [0, 1], nan for no trial.

    Narrow and never outside [0, 1], so it suits the bins of a diagram.

    Args:
        successes: How many of the trials succeeded, any shape.
        trials: How many there were, the same shape.
        level: The confidence level.

    Reference: Wilson 1927, "Probable inference"; Brown, Cai, DasGupta 2001, eq. 4.
    """
    k, n = np.asarray(successes, float), np.asarray(trials, float)
    z = ndtri((1 + level) / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (k + z**2 / 2) / (n + z**2)
        half = z / (n + z**2) * np.sqrt(k * (n - k) / n + z**2 / 4)
        return np.where(k == 0, 0 * n / n, centre - half), np.where(k == n, n / n, centre + half)


def clopper_pearson(
    successes: ArrayLike, trials: ArrayLike, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray]:
    """The exact binomial interval of a share, which holds the level at every size.

    Two float arrays in [0, 1], nan for no trial.

    Args:
        successes: How many of the trials succeeded, any shape.
        trials: How many there were, the same shape.
        level: The confidence level.

    Reference: Clopper, Pearson 1934; Brown, Cai, DasGupta 2001, section 4.2.1.
    """
    k, n = np.asarray(successes, float), np.asarray(trials, float)
    tail = (1 - level) / 2
    low = np.where(k == 0, 0.0, betaincinv(np.maximum(k, 0.5), n - k + 1, tail))
    high = np.where(k == n, 1.0, betainccinv(k + 1, np.maximum(n - k, 0.5), tail))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def upper_bound(successes: ArrayLike, trials: ArrayLike, level: float = LEVEL) -> np.ndarray:
    """The exact one-sided upper bound of a share: the true one is below it at the given level.

    Float array in [0, 1], nan for no trial. No success in n trials gives `1 - 0.05**(1 / n)`.

    Reference: Clopper, Pearson 1934.
    """
    return clopper_pearson(successes, trials, 2 * level - 1)[1]


def percentile_estimate(value: float, resampled: np.ndarray) -> Estimate:
    """A value with its 95 % percentile bootstrap interval.

    Not for ECE and MCE: chance only ever adds to them, so that their resamples lie too high (see
    `core.trust.calibration_errors`).

    Args:
        value: The number computed from the data.
        resampled: (R,) the same number on each resample; nan where it could not be computed.

    Reference: Efron, Tibshirani 1993, "An Introduction to the Bootstrap", section 13.3.
    """
    known = resampled[np.isfinite(resampled)]
    if not np.isfinite(value) or not len(known):
        return UNKNOWN
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(value), float(low), float(high))


def bundle(cells: np.ndarray, values: np.ndarray, most_per_cell: int = 500) -> Bundles:
    """Sort rows by cell and value, and cut each cell into at most so many bundles of neighbours.

    A bootstrap that draws from bundles needs no draw per row: a row is replaced by the mean of
    its nearly equal neighbours. Cells no larger than `most_per_cell` keep every row.

    Args:
        cells: (N,) int from 0; rows of different cells never share a bundle.
        values: (N,) what makes rows of a cell alike.
        most_per_cell: Bundles a cell at most.
    """
    size = np.bincount(cells)
    size = size[size > 0]
    start, parts = np.cumsum(size) - size, np.minimum(size, most_per_cell)
    cell = np.repeat(np.arange(len(size)), parts)
    place = np.arange(len(cell)) - (np.cumsum(parts) - parts)[cell]
    # Of n rows in b bundles the row i belongs to bundle i * b // n.
    first = start[cell] - (-place * size[cell] // parts[cell])
    order = _by_cell_and_value(cells, values)
    return Bundles(order, first, np.diff(np.append(first, len(order))))


def _by_cell_and_value(cells: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Rows (N,) by cell, then by value in 32 bits, then by their number.

    As one integer a row where it has room: NumPy sorts those ten times as fast as two columns.
    """
    with np.errstate(over="ignore"):
        bits = (np.asarray(values, np.float32) + np.float32(0)).view(np.uint32)
    # Bits of floats from 0 on rise with their values, those below fall.
    bits = np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31))
    for_row = max(1, len(cells).bit_length())
    if int(cells.max(initial=0)) >> (32 - for_row):
        return np.lexsort((bits, cells))
    keys = (cells.astype(np.uint64) << np.uint64(32)) | bits
    keys = (keys << np.uint64(for_row)) | np.arange(len(cells), dtype=np.uint64)
    keys.sort()
    return (keys & np.uint64((1 << for_row) - 1)).astype(np.intp)


def bootstrap(
    sizes: np.ndarray,
    statistic: Callable[[np.ndarray], np.ndarray],
    num_resamples: int = NUM_RESAMPLES,
    seed: int = SEED,
    at_once: int = DRAWS_AT_ONCE,
) -> np.ndarray:
    """A statistic on `num_resamples` draws of N rows with replacement, given only bundle sizes.

    Args:
        sizes: (A,) rows in each bundle, N in all.
        statistic: Drawn rows per bundle (r, A) int -> (r, ...) numbers; called on chunks.
        num_resamples: R.
        seed: Equal seeds give equal draws.
        at_once: Drawn counts (r x A) in a chunk.

    Returns:
        (R, ...) what `statistic` returned, stacked.

    Reference: Efron, Tibshirani 1993, "An Introduction to the Bootstrap", section 6.
    """
    rng = np.random.default_rng(seed)
    chunk = max(1, at_once // len(sizes))
    chunks = [min(chunk, num_resamples - done) for done in range(0, num_resamples, chunk)]
    draw = _by_bundle(sizes, rng) if len(sizes) <= MOST_BUNDLES else _by_row(sizes, rng)
    found = []
    for size in chunks:
        found.append(statistic(draw(size)))
        tell(len(found), len(chunks))
    return np.concatenate(found)


def _by_bundle(sizes: np.ndarray, rng: np.random.Generator) -> Callable[[int], np.ndarray]:
    total = int(sizes.sum())
    shares = sizes / total
    return lambda r: rng.multinomial(total, shares, size=r)


def _by_row(sizes: np.ndarray, rng: np.random.Generator) -> Callable[[int], np.ndarray]:
    """The same draws row by row, several times as fast where bundles are nearly as many as rows."""
    bundle_of = np.repeat(np.arange(len(sizes)), sizes)

    def draw(num_resamples: int) -> np.ndarray:
        drawn = np.empty((num_resamples, len(sizes)), np.int64)
        for one in drawn:
            rows = rng.integers(len(bundle_of), size=len(bundle_of), dtype=np.int32)
            one[:] = np.bincount(bundle_of[rows], minlength=len(sizes))
        return drawn

    return draw
