"""How large are the calibration errors, and how large would chance alone make them?

N items, B bins, R resamples, A bundles of items.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from core.trust.intervals import LEVEL, NUM_RESAMPLES, SEED, UNKNOWN, Estimate, bundle
from core.trust.metrics import bin_numbers


class CalibrationErrors(NamedTuple):
    """ECE and MCE with their intervals, and what perfect calibration shows by chance.

    The null bands hold median, lower and upper end; `num_items` is N.
    """

    ece: Estimate
    ece_null: Estimate
    mce: Estimate
    mce_null: Estimate
    num_items: int


def calibration_errors(
    confidence: np.ndarray,
    correct: np.ndarray,
    edges: np.ndarray,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = SEED,
) -> CalibrationErrors:
    """ECE and MCE with 95 % intervals and null bands, all given these confidences.

    Null band: each item counts as correct with the probability of its own confidence, again
    and again. Interval: the same with every bin's gap put back by a factor; it runs from the
    smallest to the largest factor under which the observed error is no surprise at 2.5 % a
    side. So it reaches down to 0 where the error lies inside its null band. The ordinary
    bootstrap would count the noise of the labels twice and miss the truth of a well calibrated
    model almost always.

    Args:
        confidence: (N,) in [0, 1].
        correct: (N,) bool.
        edges: (B + 1,) of the bins, from `bin_edges`.
        num_resamples: R.
        seed: Equal seeds give equal draws.

    Reference: null band, Broecker, Smith 2007, "Increasing the Reliability of Reliability
    Diagrams", section 3; interval, Davison, Hinkley 1997, section 5.5 (test inversion).
    """
    if not len(confidence):
        return CalibrationErrors(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 0)
    bins = _Bins.of(np.asarray(confidence, np.float64), np.asarray(correct, bool), edges)

    @cache
    def simulate(factor: float) -> np.ndarray:
        return bins.simulate(factor, num_resamples, np.random.default_rng(seed))

    null = _range(simulate(0.0))
    with ThreadPoolExecutor(2) as pool:  # NumPy draws outside of Python's lock
        ece, mce = pool.map(partial(_inverted, bins, simulate), range(2))
    return CalibrationErrors(ece, null[0], mce, null[1], len(confidence))


class _Bins(NamedTuple):
    """The bins that are not empty; items of nearly equal confidence in one are a bundle (A,)."""

    first: np.ndarray
    size: np.ndarray
    confidence: np.ndarray
    gap: np.ndarray

    @classmethod
    def of(cls, confidence: np.ndarray, correct: np.ndarray, edges: np.ndarray) -> _Bins:
        bins = bin_numbers(confidence, edges)
        groups = bundle(bins, confidence, most_per_cell=5)
        rows = groups.sums([confidence, correct])
        first = np.flatnonzero(np.diff(bins[groups.order[groups.first]], prepend=-1))
        sums, size = np.add.reduceat(rows, first), np.add.reduceat(groups.size, first)
        gap = np.repeat((sums[:, 1] - sums[:, 0]) / size, np.diff(np.append(first, len(rows))))
        return cls(first, groups.size, rows[:, 0] / groups.size, gap)

    def chance(self, factor: float) -> np.ndarray:
        """Chance of a correct answer, (A,), where each bin's gap counts `factor` times."""
        return np.clip(self.confidence + factor * self.gap, 0, 1)

    def errors(self, factor: float) -> np.ndarray:
        """ECE and MCE, (2,), of those chances themselves; the data's own for a factor of 1."""
        chance = self.confidence + self.gap if factor == 1 else self.chance(factor)
        return self._errors((self.size * chance)[None])[0]

    def simulate(self, factor: float, num_resamples: int, rng: np.random.Generator) -> np.ndarray:
        """ECE and MCE, (R, 2), of answers drawn with those chances."""
        chance = self.chance(factor)
        return self._errors(rng.binomial(self.size, chance, (num_resamples, len(chance))))

    def _errors(self, correct: np.ndarray) -> np.ndarray:
        excess = correct - self.size * self.confidence
        gap = np.abs(np.add.reduceat(excess, self.first, axis=1))
        size = np.add.reduceat(self.size, self.first)
        return np.column_stack([gap.sum(1) / size.sum(), (gap / size).max(1)])


def _inverted(bins: _Bins, simulate: Callable[[float], np.ndarray], column: int) -> Estimate:
    """The interval of ECE (column 0) or MCE (1) over the factors 0 to 2 that make it likely."""
    value = bins.errors(1)[column]

    def first_factor(quantile: float) -> float:
        return _crossing(lambda factor: np.quantile(simulate(factor)[:, column], quantile) >= value)

    low = bins.errors(first_factor((1 + LEVEL) / 2))[column]
    high = bins.errors(first_factor((1 - LEVEL) / 2))[column]
    return Estimate(float(value), float(min(low, value)), float(max(high, value)))


def _crossing(is_reached: Callable[[float], bool]) -> float:
    """The factor from 0 to 2 above which `is_reached` holds, to 1 part in 32."""
    if is_reached(0.0):
        return 0.0
    low, high = 0.0, 2.0
    for _ in range(6):
        middle = (low + high) / 2
        low, high = (low, middle) if is_reached(middle) else (middle, high)
    return high


def _range(draws: np.ndarray) -> list[Estimate]:
    low, middle, high = np.quantile(draws, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], axis=0)
    return [Estimate(*map(float, ends)) for ends in zip(middle, low, high, strict=True)]
