"""Is any predicted class too sure or too unsure, allowing for how many classes are looked at?

N items, K classes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from core.trust.intervals import LEVEL, clopper_pearson
from core.trust.judged import Judged

LEAST_VARIANCE = 10.0
"""Of the number right in a class, under which the exact binomial interval decides."""


class ClassesOff(NamedTuple):
    """The predicted classes whose accuracy chance does not explain by their own confidences.

    Attributes:
        too_sure: Class codes, the furthest off first.
        too_unsure: The same.
        num_tested: Classes that were predicted at least once; the level is shared among them.
    """

    too_sure: tuple[int, ...]
    too_unsure: tuple[int, ...]
    num_tested: int

    @property
    def found(self) -> bool:
        """Whether any class is off."""
        return bool(self.too_sure or self.too_unsure)


def classes_off(judged: Judged) -> ClassesOff:
    """Which predicted classes are off, at 5 % for all of them together (Bonferroni).

    If every confidence c is true, the number right in a class has mean `sum c`, variance
    `sum c (1 - c)` and the skewness that these give; it is off where it lies outside its range by
    Cornish and Fisher's expansion. Under a variance of 10 the class's mean confidence must lie
    outside the exact binomial interval instead, which is wider.

    Reference: Spiegelhalter 1986, "Probabilistic prediction in patient management", section 3;
    Cornish, Fisher 1938.
    """
    sums = _sums(judged)
    tested = np.flatnonzero(sums.number)
    if not len(tested):
        return ClassesOff((), (), 0)
    share = (1 - LEVEL) / len(tested)
    excess = sums.right - sums.mean
    with np.errstate(invalid="ignore", divide="ignore"):
        z = excess / np.sqrt(sums.variance)
        skewness = sums.third / sums.variance**1.5
    limit = ndtri(1 - share / 2)
    bend = skewness * (limit**2 - 1) / 6
    low, high = clopper_pearson(sums.right, sums.number, 1 - share)
    with np.errstate(invalid="ignore"):
        said = sums.mean / sums.number
    is_wide = sums.variance >= LEAST_VARIANCE
    too_sure = np.where(is_wide, z < -limit + bend, said > high) & (sums.number > 0)
    too_unsure = np.where(is_wide, z > limit + bend, said < low) & (sums.number > 0)
    gap = np.abs(excess) / np.maximum(sums.number, 1)

    def named(is_off: np.ndarray) -> tuple[int, ...]:
        classes = np.flatnonzero(is_off)
        return tuple(int(k) for k in classes[np.argsort(-gap[classes], kind="stable")])

    return ClassesOff(named(too_sure), named(too_unsure), len(tested))


class _Sums(NamedTuple):
    """Of each predicted class, (K,): items, right ones, and moments of the number right."""

    number: np.ndarray
    right: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    third: np.ndarray


def _sums(judged: Judged) -> _Sums:
    said = np.clip(judged.known_confidence.astype(np.float64), 0, 1)
    spread = said * (1 - said)
    weights = (None, judged.correct.astype(np.float64), said, spread, spread * (1 - 2 * said))
    return _Sums(
        *(np.bincount(judged.prediction, w, minlength=judged.num_classes) for w in weights)
    )
