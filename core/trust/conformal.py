"""Sets of classes that hold the true one with a chosen probability: split conformal prediction.

N items, K classes. The guarantee is marginal: on average over calibration items and items
exchangeable with them, a set misses the label with probability at most alpha. It says nothing
about one draw of calibration items, one item, one class (unless class-conditional) or items of
another kind.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from core.trust.intervals import SEED

Method = Literal["lac", "aps", "raps"]
METHODS: tuple[Method, ...] = ("lac", "aps", "raps")
PENALTY = 0.1
FREE_LABELS = 1


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
    order = np.lexsort((of_label, labels))  # within each class from the lowest
    count = np.bincount(labels, minlength=num_classes)
    place, start = _place(count, alpha), np.cumsum(count) - count
    is_there = place <= count
    found = np.full(num_classes, np.inf)
    found[is_there] = of_label[order[(start + place - 1)[is_there]]]
    return found


def _quantile(scores: np.ndarray, alpha: float) -> float:
    place = int(_place(np.array(len(scores)), alpha))
    return float(np.partition(scores, place - 1)[place - 1]) if place <= len(scores) else np.inf


def _place(count: np.ndarray, alpha: float) -> np.ndarray:
    """Which of `count` scores, from 1 the lowest, is the threshold; over `count`, none is."""
    # Rounded before the ceiling: (99 + 1) * (1 - 0.05) is 95.00000000000001 in binary.
    return np.ceil(np.round((count + 1) * (1 - alpha), 9)).astype(np.int64)


def prediction_sets(scores: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    """Which classes are in each item's set, bool (N, K); a set may be empty.

    Args:
        scores: (N, K) nonconformity, of the method the threshold was fitted with.
        threshold: (K,) from `fit_threshold`.
    """
    return scores <= threshold
