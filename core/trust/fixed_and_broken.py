"""Is one of two models right more often? By what it fixes and breaks of the other’s answers.

M hypotheses.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, ndtri

from core.trust.intervals import LEVEL

_BISECTIONS = 50


def mcnemar(fixed: ArrayLike, broken: ArrayLike) -> np.ndarray:
    """McNemar's exact test that two models err equally often: its two-sided p-value, float.

    Under the hypothesis an item that only one of the two has right is as often the one's as the
    other's: twice the smaller tail of a binomial with chance 1/2, at most 1. No such item gives 1.

    Args:
        fixed: Items that only the second model has right, any shape.
        broken: Items that only the first model has right, the same shape.

    Reference: McNemar 1947; exact by the binomial, Fagerland, Lydersen, Laake 2013, eq. 2.
    """
    fixed, broken = np.asarray(fixed), np.asarray(broken)
    return np.minimum(1.0, 2 * bdtr(np.minimum(fixed, broken), fixed + broken, 0.5))


def accuracy_difference(
    fixed: ArrayLike, broken: ArrayLike, num_items: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """The score interval of `(fixed - broken) / num_items`, the second accuracy less the first.

    Two float arrays in [-1, 1], nan for no item. It keeps its level where few items tell the models
    apart, and is not empty where none does.

    Args:
        fixed: As in `mcnemar`.
        broken: As in `mcnemar`.
        num_items: N of each, the same shape.

    Reference: Tango 1998, "Equivalence test and confidence interval for the difference in
    proportions for the paired-sample design", eqs. 5 and 6.
    """
    fixed, broken, n = np.broadcast_arrays(
        *(np.asarray(x, float) for x in (fixed, broken, num_items))
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (fixed - broken) / n
        low, high = (_score_end(fixed, broken, n, middle, end) for end in (-1.0, 1.0))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def _score_end(
    fixed: np.ndarray, broken: np.ndarray, n: np.ndarray, middle: np.ndarray, end: float
) -> np.ndarray:
    """Where, from the estimate towards `end`, the score statistic reaches its quantile."""
    limit = ndtri((1 + LEVEL) / 2)
    inside, outside = middle, np.full(np.shape(middle), end)
    for _ in range(_BISECTIONS):
        at = (inside + outside) / 2
        is_inside = np.abs(_score(fixed, broken, n, at)) < limit
        inside, outside = np.where(is_inside, at, inside), np.where(is_inside, outside, at)
    return inside


def _score(fixed: np.ndarray, broken: np.ndarray, n: np.ndarray, delta: np.ndarray) -> np.ndarray:
    """Tango's statistic for a true difference `delta`, standard normal under it."""
    b = (2 * n - fixed + broken) * delta - fixed - broken
    c = -broken * delta * (1 - delta)
    share = (np.sqrt(np.maximum(b**2 - 8 * n * c, 0)) - b) / (4 * n)
    variance = n * np.maximum(2 * share + delta * (1 - delta), 1e-300)
    return (fixed - broken - n * delta) / np.sqrt(variance)


def holm(p_values: np.ndarray) -> np.ndarray:
    """P-values of M hypotheses, each allowing for all of them, (M,) in [0, 1].

    Calling significant what is under 5 % finds any difference that is not there in 5 % of all
    samples at most, however the hypotheses depend on each other. nan, for a hypothesis that was not
    tested, stays nan and does not count.

    Reference: Holm 1979, "A simple sequentially rejective multiple test procedure".
    """
    adjusted = np.full(len(p_values), np.nan)
    tested = np.flatnonzero(np.isfinite(p_values))
    order = tested[np.argsort(p_values[tested], kind="stable")]
    steps = np.asarray(p_values)[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1) if len(order) else steps
    return adjusted
