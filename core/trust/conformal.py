"""Sets of classes that hold the true one with a chosen probability: split conformal prediction.

N items, K classes. The guarantee is marginal: on average over calibration items and items
exchangeable with them, a set misses the label with probability at most alpha. It says nothing
about one draw of calibration items, one item, one class (unless class-conditional) or items of
another kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.study.dataset import Noun
from core.trust.intervals import SEED, clopper_pearson
from core.trust.wording import ITEM, beside, level

Method = Literal["lac", "aps", "raps"]
METHODS: tuple[Method, ...] = ("lac", "aps", "raps")
PENALTY = 0.1
FREE_LABELS = 1
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


def nonconformity(
    probs: np.ndarray,
    method: Method = "lac",
    uniform: np.ndarray | None = None,
    penalty: float = PENALTY,
    free_labels: int = FREE_LABELS,
) -> np.ndarray:
    """How badly each class suits each item, (N, K) float64; small means it suits.

    lac: `1 - p_k`, in [0, 1].
    aps: `sum_{j: p_j >= p_k} p_j - u * p_k` with u uniform in [0, 1), one draw per item; in
    [0, 1]. Without the draws (u = 0) nearly saturated networks get needlessly large sets.
    raps: aps + `penalty * max(0, rank_k - free_labels)`, rank 1 for the most probable class. MAPIE
    differs twice: it tunes the penalty on a part of the calibration items, and drops the last
    class of a set by the paper's V, whose denominator holds the penalty; sets of up to
    `free_labels + 1` classes are the same.
    Equal probabilities rank in the order of the classes.

    Args:
        probs: (N, K) class probabilities.
        method: "lac", "aps" or "raps".
        uniform: (N,) the draws u of aps and raps, from `uniform_draws`; None sets u = 0.
        penalty: Of raps, for every class in a set beyond the free ones. Fixed, not tuned.
        free_labels: Of raps.

    Raises:
        ValueError: `method` is none of the three.

    Reference: Sadinle et al. 2019 (LAC); Romano et al. 2020, eq. 5-8 (APS); Angelopoulos et al.
    2021, eq. 4 (RAPS).
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {METHODS}, got {method!r}")
    probs = np.asarray(probs)
    if method == "lac":
        return 1 - probs.astype(np.float64)
    ordered, classes = from_the_highest(probs)
    total = np.cumsum(ordered, axis=1, dtype=np.float64)
    if uniform is not None:
        total -= uniform[:, None] * ordered
    if method == "raps":
        total += penalty * np.maximum(0, np.arange(1, probs.shape[1] + 1) - free_labels)
    result = np.empty_like(total)
    np.put_along_axis(result, classes, total, axis=1)
    return result


def from_the_highest(probs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities from the highest to the lowest, and whose they are: float and int (N, K).

    Equal ones stay in the order of their classes.

    Args:
        probs: (N, K).
    """
    if probs.dtype != np.float32 or probs.min(initial=0) < 0:
        classes = np.argsort(-probs, axis=1, kind="stable")
        return np.take_along_axis(probs, classes, axis=1), classes
    # Bits of floats from 0 on rise with their values; with the class below them no two keys tie,
    # and NumPy sorts integers ten times as fast as it ranks floats.
    bits = np.ascontiguousarray(probs + np.float32(0)).view(np.uint32)
    keys = (~bits).astype(np.uint64)
    keys <<= np.uint64(32)
    keys |= np.arange(probs.shape[1], dtype=np.uint64)
    keys.sort(axis=1)
    classes = keys.astype(np.uint32).astype(np.int64)  # the lower half of each key
    keys >>= np.uint64(32)
    return (~keys.astype(np.uint32)).view(np.float32), classes


def uniform_draws(num_items: int, seed: int = SEED) -> np.ndarray:
    """The u of `nonconformity`, (N,) in [0, 1): equal seeds give equal draws.

    Calibration items and judged items need different seeds, or their scores depend on each other.
    A longer array begins with the shorter one, so that an item keeps its draw if all up to its row
    are drawn before filtering.
    """
    return np.random.default_rng(seed).random(num_items)


def fit_threshold(
    scores: np.ndarray, labels: np.ndarray, alpha: float, class_conditional: bool = False
) -> np.ndarray:
    """The largest nonconformity a class may have to be in a set, (K,) float64.

    The `ceil((n + 1) * (1 - alpha))`-th smallest score of the label among the n calibration
    items, or among those of the class; inf (the class is always in) where there are fewer.

    Args:
        scores: (n, K) nonconformity of the calibration items.
        labels: (n,) their class numbers.
        alpha: Allowed share of misses, over 0 and under 1.
        class_conditional: One threshold per class, which holds the level for each class by itself.

    Raises:
        ValueError: `alpha` is not between 0 and 1.

    Reference: Vovk et al. 2005, section 2.2, class-conditional 4.5; Angelopoulos, Bates 2023,
    "Conformal Prediction: A Gentle Introduction", eq. 1.
    """
    of_label = scores[np.arange(len(labels)), labels]
    return label_threshold(of_label, labels, alpha, scores.shape[1], class_conditional)


def label_threshold(
    of_label: np.ndarray,
    labels: np.ndarray,
    alpha: float,
    num_classes: int,
    class_conditional: bool = False,
) -> np.ndarray:
    """`fit_threshold` from the labels' nonconformity (n,) alone, which is all that it needs."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, got {alpha}")
    if not class_conditional:
        return np.full(num_classes, _quantile(of_label, alpha))
    order = np.argsort(labels, kind="stable")
    ends = np.searchsorted(labels[order], np.arange(1, num_classes))
    return np.array([_quantile(part, alpha) for part in np.split(of_label[order], ends)])


def _quantile(scores: np.ndarray, alpha: float) -> float:
    # Rounded before the ceiling: (99 + 1) * (1 - 0.05) is 95.00000000000001 in binary.
    place = int(np.ceil(np.round((len(scores) + 1) * (1 - alpha), 9)))
    return float(np.partition(scores, place - 1)[place - 1]) if place <= len(scores) else np.inf


def prediction_sets(scores: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    """Which classes are in each item's set, bool (N, K); a set may be empty.

    Args:
        scores: (N, K) nonconformity, of the method the threshold was fitted with.
        threshold: (K,) from `fit_threshold`.
    """
    return scores <= threshold


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
    found = []
    for k, part in enumerate(np.split(sizes[order], ends)):
        mean = float(part.mean()) if len(part) else np.nan
        counts = np.bincount(part, minlength=min(num_classes, MOST_SIZES) + 1)
        ends_of = float(share[k]), float(low[k]), float(high[k])
        found.append(Coverage(int(count[k]), int(held[k]), *ends_of, counts, mean))
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
