"""Sets of classes that hold the true one with a chosen probability: split conformal prediction.

N images, K classes. The guarantee is marginal: over images exchangeable with the calibration
images, the set misses the label with probability at most alpha. It says nothing about one
image, one class (unless class-conditional) or images of another kind, such as uploads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.trust.intervals import SEED, clopper_pearson

Method = Literal["lac", "aps", "raps"]
METHODS: tuple[Method, ...] = ("lac", "aps", "raps")
PENALTY = 0.1
FREE_LABELS = 1


@dataclass(frozen=True)
class Coverage:
    """How often sets hold the label, and how large they are.

    Attributes:
        num_images: N.
        covered: Sets that hold the label.
        coverage: Their share; nan for N = 0.
        low: Lower end of its exact 95 % binomial interval.
        high: Upper end.
        sizes: (K + 1,) images with a set of 0, 1, ... K classes.
        mean_size: Mean number of classes in a set.
    """

    num_images: int
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
    """How badly each class suits each image, (N, K) float64; small means it suits.

    lac: `1 - p_k`, in [0, 1].
    aps: `sum_{j: p_j >= p_k} p_j - u * p_k` with u uniform in [0, 1), one draw an image; in
    [0, 1]. Without the draws (u = 0) nearly saturated networks get needlessly large sets.
    raps: aps + `penalty * max(0, rank_k - free_labels)`, rank 1 for the most probable class. MAPIE
    differs twice: it tunes the penalty on a part of the calibration images, and drops the last
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
    probs = np.asarray(probs, np.float64)
    if method == "lac":
        return 1 - probs
    order = np.argsort(-probs, axis=1, kind="stable")
    ordered = np.take_along_axis(probs, order, axis=1)
    total = np.cumsum(ordered, axis=1)
    if uniform is not None:
        total -= uniform[:, None] * ordered
    if method == "raps":
        total += penalty * np.maximum(0, np.arange(1, probs.shape[1] + 1) - free_labels)
    result = np.empty_like(total)
    np.put_along_axis(result, order, total, axis=1)
    return result


def uniform_draws(num_images: int, seed: int = SEED) -> np.ndarray:
    """The u of `nonconformity`, (N,) in [0, 1): equal seeds give equal draws.

    Calibration images and judged images need different seeds, or their scores depend on
    each other. Draw for all images before filtering, so that an image keeps its draw.
    """
    return np.random.default_rng(seed).random(num_images)


def fit_threshold(
    scores: np.ndarray, labels: np.ndarray, alpha: float, class_conditional: bool = False
) -> np.ndarray:
    """The largest nonconformity a class may have to be in a set, (K,) float64.

    The `ceil((n + 1) * (1 - alpha))`-th smallest score of the label among the n calibration
    images, or among those of the class; inf (the class is always in) where there are fewer.

    Args:
        scores: (n, K) nonconformity of the calibration images.
        labels: (n,) their class numbers.
        alpha: Allowed share of misses, over 0 and under 1.
        class_conditional: One threshold a class, which holds the level within every class.

    Raises:
        ValueError: `alpha` is not between 0 and 1.

    Reference: Vovk et al. 2005, section 2.2, class-conditional 4.5; Angelopoulos, Bates 2023,
    "Conformal Prediction: A Gentle Introduction", eq. 1.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, got {alpha}")
    of_label = scores[np.arange(len(labels)), labels]
    num_classes = scores.shape[1]
    if not class_conditional:
        return np.full(num_classes, _quantile(of_label, alpha))
    return np.array([_quantile(of_label[labels == k], alpha) for k in range(num_classes)])


def _quantile(scores: np.ndarray, alpha: float) -> float:
    # Rounded before the ceiling: (99 + 1) * (1 - 0.05) is 95.00000000000001 in binary.
    place = int(np.ceil(np.round((len(scores) + 1) * (1 - alpha), 9)))
    return float(np.partition(scores, place - 1)[place - 1]) if place <= len(scores) else np.inf


def prediction_sets(scores: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    """Which classes are in each image's set, bool (N, K); a set may be empty.

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
    num_images, num_classes = sets.shape
    covered = int(sets[np.arange(num_images), labels].sum())
    low, high = clopper_pearson(covered, num_images)
    size = sets.sum(1)
    share, mean = (covered / num_images, size.mean()) if num_images else (np.nan, np.nan)
    sizes = np.bincount(size, minlength=num_classes + 1)
    return Coverage(num_images, covered, share, float(low), float(high), sizes, float(mean))


def coverage_per_class(sets: np.ndarray, labels: np.ndarray) -> list[Coverage]:
    """`coverage` of the images of each class, K of them; a class without image has nan shares."""
    return [coverage(sets[labels == k], labels[labels == k]) for k in range(sets.shape[1])]


def why_always(threshold: np.ndarray, alpha: float) -> str:
    """A sentence on the classes that are in every set, or an empty string where there is none.

    Args:
        threshold: (K,) from `fit_threshold`.
        alpha: The allowed share of misses it was fitted with.
    """
    always, num_classes = int(np.isinf(threshold).sum()), len(threshold)
    if not always:
        return ""
    needed = int(np.ceil(np.round(1 / alpha, 9))) - 1
    return (
        f"{always} of {num_classes} classes are in every set: to miss only {alpha:.1%} of a class"
        f" takes {needed:,} calibration images of it, and there are fewer."
    )


def why_empty(sets: np.ndarray, alpha: float, error_rate: float, method: Method) -> str:
    """A sentence on the empty sets of these images, or an empty string where there is none."""
    empty = int((~sets.any(1)).sum())
    if not empty:
        return ""
    start = f"{empty:,} of {len(sets):,} sets are empty. "
    if method != "lac":
        return start + (
            "Randomised sets leave out even a sure class now and then, so that they miss "
            f"{alpha:.1%} of the labels and no fewer."
        )
    if alpha > error_rate:
        return start + (
            f"Up to {alpha:.1%} of the sets may miss the label, but the model errs on only "
            f"{error_rate:.1%} of the images: some sets must hold no class at all."
        )
    return start + "No class of theirs is as probable as the calibration images' labels had to be."
