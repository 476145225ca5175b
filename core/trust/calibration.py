"""Do the probabilities mean it: when the model says 99 %, is it right 99 % of the time?

N items, K classes, B bins, R resamples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.trust.intervals import (
    NUM_RESAMPLES,
    SEED,
    UNKNOWN,
    Estimate,
    bootstrap,
    bundle,
    clopper_pearson,
    percentile_estimate,
    wilson,
)
from core.trust.judged import Judged
from core.trust.metrics import SMALLEST_PROB, bin_numbers

NUM_BINS = 15
Bins = Literal["width", "count"]


@dataclass(frozen=True)
class Reliability:
    """Confidence against accuracy in B bins; shares are nan in an empty bin.

    Attributes:
        edges: (B + 1,) of confidence. A bin holds its lower edge, the last one also its upper.
        count: (B,) items.
        correct: (B,) how many of them the model has right.
        accuracy: (B,) share of them the model has right.
        low: (B,) lower end of the accuracy's 95 % Wilson interval.
        high: (B,) upper end.
        confidence: (B,) mean confidence.
    """

    edges: np.ndarray
    count: np.ndarray
    correct: np.ndarray
    accuracy: np.ndarray
    low: np.ndarray
    high: np.ndarray
    confidence: np.ndarray

    @property
    def num_items(self) -> int:
        """How many items lie in all bins, N."""
        return int(self.count.sum())

    @property
    def ece(self) -> float:
        """Expected calibration error over these bins, see `core.trust.metrics.ece`; nan for N = 0.

        TFP's `expected_calibration_error` is the same over bins of equal width, but sums each bin
        in float32: on 10,000 sure items its third digit is that of its rounding.
        """
        if not self.num_items:
            return float("nan")
        return float(
            np.nansum(self.count * np.abs(self.accuracy - self.confidence)) / self.count.sum()
        )

    @property
    def mce(self) -> float:
        """Maximum calibration error, the largest gap of a bin that is not empty; in [0, 1].

        Lower is better. One item alone in a bin can decide it. Reference: Guo et al. 2017, eq. 5.
        """
        return (
            float(np.nanmax(np.abs(self.accuracy - self.confidence)))
            if self.num_items
            else float("nan")
        )


def bin_edges(confidence: np.ndarray, num_bins: int = NUM_BINS, bins: Bins = "width") -> np.ndarray:
    """The B + 1 edges of bins of equal width, or of (nearly) equal count.

    Equal confidences never part, so many items at exactly 1.0 give fewer bins of equal count.

    Args:
        confidence: (N,) in [0, 1].
        num_bins: B, at least 1.
        bins: "width" or "count".

    Raises:
        ValueError: `num_bins` < 1, or `bins` is neither.
    """
    if num_bins < 1:
        raise ValueError(f"num_bins must be at least 1, got {num_bins}")
    if bins not in ("width", "count"):
        raise ValueError(f"bins must be 'width' or 'count', got {bins!r}")
    if bins == "width" or not len(confidence):
        return np.linspace(0, 1, num_bins + 1)
    inner = np.quantile(confidence, np.linspace(0, 1, num_bins + 1)[1:-1], method="higher")
    return np.unique(np.concatenate([[0], inner[inner > confidence.min()], [1]]))


def reliability(
    confidence: np.ndarray, correct: np.ndarray, num_bins: int = NUM_BINS, bins: Bins = "width"
) -> Reliability:
    """The reliability diagram's numbers: accuracy against mean confidence in every bin.

    Args:
        confidence: (N,) in [0, 1], the highest of the mean probabilities.
        correct: (N,) bool, whether the predicted class is the label.
        num_bins: B, at least 1.
        bins: Of equal "width" or equal "count".

    Raises:
        ValueError: `num_bins` < 1, or `bins` is neither.

    Reference: Guo et al. 2017, "On Calibration of Modern Neural Networks", section 2.
    """
    confidence = np.asarray(confidence, np.float64)
    correct = np.asarray(correct, bool)
    edges = bin_edges(confidence, num_bins, bins)
    number = bin_numbers(confidence, edges)
    num_bins = len(edges) - 1
    count = np.bincount(number, minlength=num_bins)
    right = np.bincount(number[correct], minlength=num_bins)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(number, weights=confidence, minlength=num_bins) / count
        share = right / count
    return Reliability(edges, count, right, share, *wilson(right, count), mean)


def per_class(judged: Judged) -> Reliability:
    """Confidence against accuracy for the items predicted as each class: K bins, one a class.

    `edges` are the class numbers -0.5, 0.5, ... A class nobody was predicted as is an empty bin.

    Reference: Gupta, Ramdas 2022, "Top-label calibration", definition 2.
    """
    num_classes, predicted = judged.num_classes, judged.prediction
    confidence = judged.known_confidence.astype(np.float64)
    count = np.bincount(predicted, minlength=num_classes)
    right = np.bincount(predicted[judged.correct], minlength=num_classes)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(predicted, weights=confidence, minlength=num_classes) / count
        share = right / count
    edges = np.arange(num_classes + 1) - 0.5
    return Reliability(edges, count, right, share, *wilson(right, count), mean)


def metric_estimates(
    judged: Judged, num_resamples: int = NUM_RESAMPLES, seed: int = SEED
) -> dict[str, Estimate]:
    """Accuracy, NLL and Brier score of the mean probabilities, with 95 % intervals.

    Accuracy's is the exact binomial one, the others' the bootstrap's. Conventions are those of
    `core.trust.metrics`. Without a distribution NLL and Brier score are unknown.

    Args:
        judged: The items.
        num_resamples: R.
        seed: Equal seeds give equal draws.
    """
    unknown = dict.fromkeys(("accuracy", "nll", "brier"), UNKNOWN)
    if not len(judged):
        return unknown
    correct = judged.correct
    low, high = clopper_pearson(correct.sum(), len(correct))
    accuracy = {"accuracy": Estimate(float(correct.mean()), float(low), float(high))}
    if not judged.has_distribution:
        return unknown | accuracy
    costs, squares = nll_of_each(judged), brier_of_each(judged)
    groups = bundle(correct.astype(int), costs, most_per_cell=300)
    means = groups.sums([costs, squares]) / groups.size[:, None]
    drawn = bootstrap(groups.size, lambda size: size @ means / len(judged), num_resamples, seed)
    return accuracy | {
        "nll": percentile_estimate(float(costs.mean()), drawn[:, 0]),
        "brier": percentile_estimate(float(squares.mean()), drawn[:, 1]),
    }


def nll_of_each(judged: Judged) -> np.ndarray:
    """Every item's `-ln p(label)`, float64 (N,); a probability under 1.2e-38 counts as that."""
    return -np.log(np.maximum(judged.distribution.of_label, SMALLEST_PROB))


def brier_of_each(judged: Judged) -> np.ndarray:
    """Every item's `sum_k (p_k - y_k)**2`, float64 (N,) in [0, 2]."""
    known = judged.distribution
    return known.squares - 2 * known.of_label + 1
