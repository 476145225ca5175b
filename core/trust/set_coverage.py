"""What prediction sets came to: how often they hold the label, how large they are, what is odd.

N items, K classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.study.dataset import Noun
from core.trust.conformal import Method
from core.trust.intervals import clopper_pearson
from core.trust.wording import ITEM, beside, level

MOST_SIZES = 30
KEEPING = "Keeping the most probable class in every set leaves none empty and misses no more."


@dataclass(frozen=True)
class Coverage:
    """How often sets hold the label, and how large they are.

    Attributes:
        num_items: N.
        covered: Sets that hold the label.
        coverage: Their share; nan for N = 0.
        low: Lower end of its exact 95 % binomial interval.
        high: Upper end.
        sizes: (K + 1,) items with a set of 0, 1, ... K classes; of one class among many, only up
            to the largest that occurs.
        mean_size: Mean number of classes in a set.
    """

    num_items: int
    covered: int
    coverage: float
    low: float
    high: float
    sizes: np.ndarray
    mean_size: float


def coverage(sets: np.ndarray, labels: np.ndarray) -> Coverage:
    """How often sets hold the label, with the exact binomial interval, and the sets' sizes.

    Args:
        sets: (N, K) bool.
        labels: (N,) class numbers.
    """
    covered = sets[np.arange(len(labels)), labels]
    return coverage_of(sets.sum(1), covered, sets.shape[1])


def coverage_of(sizes: np.ndarray, covered: np.ndarray, num_classes: int) -> Coverage:
    """`coverage` from each set's size, int (N,), and whether it holds the label, bool (N,)."""
    num_items, held = len(sizes), int(covered.sum())
    low, high = clopper_pearson(held, num_items)
    share, mean = (held / num_items, sizes.mean()) if num_items else (np.nan, np.nan)
    counts = np.bincount(sizes, minlength=num_classes + 1)
    return Coverage(num_items, held, share, float(low), float(high), counts, float(mean))


def coverage_per_class(sets: np.ndarray, labels: np.ndarray) -> list[Coverage]:
    """`coverage` of the items of each class, K of them; a class without an item has nan shares."""
    covered = sets[np.arange(len(labels)), labels]
    return coverage_of_classes(sets.sum(1), covered, labels, sets.shape[1])


def coverage_of_classes(
    sizes: np.ndarray, covered: np.ndarray, labels: np.ndarray, num_classes: int
) -> list[Coverage]:
    """`coverage_per_class` from each set's size and whether it holds the label, both (N,)."""
    order = np.argsort(labels, kind="stable")
    ends = np.searchsorted(labels[order], np.arange(1, num_classes))
    count = np.bincount(labels, minlength=num_classes)
    held = np.bincount(labels[covered], minlength=num_classes)
    low, high = clopper_pearson(held, count)
    with np.errstate(invalid="ignore"):
        share = held / count
        mean = np.bincount(labels, weights=sizes, minlength=num_classes) / count
    found = []
    for k, part in enumerate(np.split(sizes[order], ends)):
        counts = np.bincount(part, minlength=min(num_classes, MOST_SIZES) + 1)
        ends_of = float(share[k]), float(low[k]), float(high[k])
        found.append(Coverage(int(count[k]), int(held[k]), *ends_of, counts, float(mean[k])))
    return found


def why_always(threshold: np.ndarray, alpha: float, noun: Noun = ITEM) -> str:
    """A sentence on the classes that are in every set, or an empty string where there is none.

    Args:
        threshold: (K,) from `fit_threshold`.
        alpha: The allowed share of misses it was fitted with.
        noun: What an item is called.
    """
    always, num_classes = int(np.isinf(threshold).sum()), len(threshold)
    if not always:
        return ""
    return (
        f"{always:,} of {num_classes:,} classes are in every set: to miss only {level(alpha)} of a"
        f" class takes {items_needed(alpha):,} calibration {noun.many} of it, and there are fewer."
    )


def items_needed(alpha: float) -> int:
    """Calibration items, of a class if class-conditional, under which its threshold is infinite."""
    return int(np.ceil(np.round(1 / alpha, 9))) - 1


def why_empty(
    sizes: np.ndarray, alpha: float, error_rate: float, method: Method, noun: Noun = ITEM
) -> str:
    """A sentence on the empty sets, or an empty string where there is none.

    Args:
        sizes: int (N,) classes in each set.
        alpha: The allowed share of misses.
        error_rate: Of the model on these items.
        method: That made the sets.
        noun: What an item is called.
    """
    empty = int((np.asarray(sizes) == 0).sum())
    if not empty:
        return ""
    start = f"{empty:,} of {len(sizes):,} sets are empty. "
    if method != "lac":
        return start + (
            "Randomised sets leave out even a sure class now and then, so that they miss "
            f"{level(alpha)} of the labels on average and no fewer. {KEEPING}"
        )
    if alpha > error_rate:
        return start + (
            f"The model errs on {beside(error_rate, alpha)} of the {noun.many}, less than the"
            f" {level(alpha)} that may be missed. So LAC’s threshold leaves out even the most"
            f" probable class of some. {KEEPING}"
        )
    return start + (
        f"No class of theirs is as probable as the calibration {noun.many}’ labels had to be."
        f" {KEEPING}"
    )
