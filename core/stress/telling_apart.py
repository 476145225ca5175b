"""How well does a measure tell foreign pictures from a data set's items?

N items, M foreign pictures. Shares are in [0, 1].
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from core.trust.intervals import LEVEL, UNKNOWN, Estimate, wilson

ACCEPTED = 0.95


class Apart(NamedTuple):
    """What a measure notices.

    Attributes:
        auroc: The chance that a foreign picture looks less sure than an item, ties half.
        fpr: The share of foreign pictures that pass where 95 % of the items do; lower is better.
    """

    auroc: Estimate
    fpr: Estimate


def tell_apart(items: np.ndarray, foreign: np.ndarray, unsure_is_high: bool = True) -> Apart:
    """AUROC and the false positive rate at a true positive rate of 95 %, with 95 % intervals.

    The items are the positives, as in D. Hendrycks and K. Gimpel (2017), "A Baseline for Detecting
    Misclassified and Out-of-Distribution Examples in Neural Networks", ICLR, section 2; the false
    positive rate at 95 % is S. Liang, Y. Li and R. Srikant's (2018), ICLR, section 3.

    Args:
        items: (N,) the measure of the data set's items.
        foreign: (M,) of the foreign pictures.
        unsure_is_high: Whether a high value means less sure.

    Returns:
        Both with intervals: DeLong's for AUROC (DeLong et al. 1988, eq. 5); Wilson's for the rate,
        given the threshold.
    """
    sign = 1 if unsure_is_high else -1
    inside, outside = (np.sort(sign * np.asarray(values, float)) for values in (items, foreign))
    if not len(inside) or not len(outside):
        return Apart(UNKNOWN, UNKNOWN)
    threshold = inside[int(np.ceil(ACCEPTED * len(inside))) - 1]
    passed = int(np.searchsorted(outside, threshold, "right"))
    low, high = wilson(passed, len(outside))
    rate = Estimate(passed / len(outside), float(low), float(high))
    return Apart(_auroc(inside, outside), rate)


def _auroc(inside: np.ndarray, outside: np.ndarray) -> Estimate:
    """Both sorted, high where unsure."""
    of_outside = _share_below(outside, inside)
    of_inside = 1 - _share_below(inside, outside)
    value = float(of_outside.mean())
    variance = sum(
        side.var(ddof=1) / len(side) if len(side) > 1 else np.nan
        for side in (of_outside, of_inside)
    )
    half = float(ndtri((1 + LEVEL) / 2) * np.sqrt(variance))
    return Estimate(value, max(value - half, 0.0), min(value + half, 1.0))


def _share_below(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    below, up_to = np.searchsorted(others, values), np.searchsorted(others, values, "right")
    return (below + up_to) / (2 * len(others))
