"""Metrics: one number a data set, from probabilities and labels.

N items, K classes, B bins. Sums run in float64 whatever comes in. No item at all gives nan.
"""

from __future__ import annotations

import numpy as np

SMALLEST_PROB = float(np.finfo(np.float32).tiny)


def accuracy(probs: np.ndarray, labels: np.ndarray) -> float:
    """Share of items whose most probable class is the label; in [0, 1], higher is better.

    Args:
        probs: (N, K) class probabilities. Equal highest ones: the lowest class number counts.
        labels: (N,) class numbers 0 to K - 1.

    Raises:
        ValueError: the shapes do not fit, or a label is no class.
    """
    probs, labels = _checked(probs, labels)
    return float(np.mean(probs.argmax(1) == labels)) if len(labels) else float("nan")


def nll(probs: np.ndarray, labels: np.ndarray) -> float:
    """Negative log-likelihood of the labels, `mean(-log(p[label]))`; nats, lower is better.

    Also called log loss or cross-entropy. A probability under 1.2e-38 (float32's smallest
    normal number) counts as that, so that one underflow costs 87 nats and not infinity;
    scikit-learn's `log_loss` clips earlier, at the epsilon of the array's type.

    Args:
        probs: (N, K) class probabilities.
        labels: (N,) class numbers 0 to K - 1.

    Raises:
        ValueError: the shapes do not fit, or a label is no class.

    Reference: Guo et al. 2017, "On Calibration of Modern Neural Networks", eq. 6.
    """
    probs, labels = _checked(probs, labels)
    if not len(labels):
        return float("nan")
    of_label = probs[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.maximum(of_label, SMALLEST_PROB)).mean())


def brier(probs: np.ndarray, labels: np.ndarray) -> float:
    """Brier score, `mean(sum_k (p_k - y_k)**2)` with y one-hot; in [0, 2], lower is better.

    The convention is Brier's own, a sum over all K classes. Dividing it by K, or leaving out
    the constant `sum_k y_k**2 = 1` as TFP's `brier_score` does (-1 to 1), gives other numbers
    for the same probabilities.

    Args:
        probs: (N, K) class probabilities.
        labels: (N,) class numbers 0 to K - 1.

    Raises:
        ValueError: the shapes do not fit, or a label is no class.

    Reference: Brier 1950, "Verification of forecasts expressed in terms of probability", eq. 2.
    """
    probs, labels = _checked(probs, labels)
    if not len(labels):
        return float("nan")
    return float(brier_of_each(probs, labels).mean())


def brier_of_each(probs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Every item's `sum_k (p_k - y_k)**2`, float64 (N,) in [0, 2]; `brier` is their mean."""
    probs = probs.astype(np.float64)
    of_label = probs[np.arange(len(labels)), labels]
    return np.einsum("nk,nk->n", probs, probs) - 2 * of_label + 1


def ece(confidence: np.ndarray, correct: np.ndarray, num_bins: int = 15) -> float:
    """Expected calibration error: mean distance of accuracy from confidence, weighted by bin.

    `sum_b n_b / N * abs(accuracy_b - confidence_b)` over B bins of equal width; in [0, 1], lower
    is better. A bin holds its lower edge; the last also holds 1.0, which float32 confidences
    reach. Empty bins weigh nothing. The number is biased upwards: even perfect calibration
    gives more than 0 by chance, so read it beside its null band.

    Args:
        confidence: (N,) in [0, 1], the highest of the mean probabilities.
        correct: (N,) bool, whether the predicted class is the label.
        num_bins: B, at least 1.

    Raises:
        ValueError: the lengths differ, a confidence lies outside [0, 1], or `num_bins` < 1.

    Reference: Guo et al. 2017, eq. 3.
    """
    confidence, correct = _checked_pair(confidence, correct)
    if num_bins < 1:
        raise ValueError(f"num_bins must be at least 1, got {num_bins}")
    if not len(confidence):
        return float("nan")
    if confidence.min() < 0 or confidence.max() > 1:
        raise ValueError(
            f"confidence must lie in [0, 1], got {confidence.min():g} to {confidence.max():g}"
        )
    bins = bin_numbers(confidence, np.linspace(0, 1, num_bins + 1))
    gap = np.bincount(bins, weights=correct - confidence, minlength=num_bins)
    return float(np.abs(gap).sum() / len(confidence))


def bin_numbers(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The bin of each value: (N,) int in 0 to B - 1 for B + 1 edges; the last bin is closed."""
    return np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)


def aurc(confidence: np.ndarray, correct: np.ndarray) -> float:
    """Area under the risk-coverage curve; in [0, 1], lower is better.

    `mean_i(errors among the i most confident / i)` for i = 1 to N. Images of equal confidence
    share their errors evenly, which is the mean over all their orders to the extent that the
    curve is concerned: the cumulated errors run in a straight line across a tie. So the order
    of the rows changes nothing, and a constant confidence gives the error rate.

    Args:
        confidence: (N,) any number that is higher where the model is surer (negate an entropy).
        correct: (N,) bool, whether the predicted class is the label.

    Raises:
        ValueError: the lengths differ.

    Reference: Geifman et al. 2019, "Bias-Reduced Uncertainty Estimation", section 2.
    """
    confidence, correct = _checked_pair(confidence, correct)
    if not len(confidence):
        return float("nan")
    errors = cumulated_errors(confidence, correct)
    errors /= np.arange(1, len(errors) + 1)
    return float(errors.mean())


def cumulated_errors(confidence: np.ndarray, correct: np.ndarray) -> np.ndarray:
    """Expected errors among the i most confident items, i = 1 to N, ties shared; (N,) float64."""
    order = np.argsort(-confidence, kind="stable")
    errors = np.cumsum(~correct[order].astype(bool), dtype=np.float64)
    ordered = confidence[order]
    is_last = np.append(ordered[1:] != ordered[:-1], True)
    if is_last.all():
        return errors
    last = np.flatnonzero(is_last)
    ends = np.append(0, last + 1), np.append(0, errors[last])
    return np.interp(np.arange(1, len(ordered) + 1), *ends)


def _checked(probs: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    probs, labels = np.asarray(probs), np.asarray(labels)
    if probs.ndim != 2 or labels.shape != probs.shape[:1]:
        raise ValueError(
            f"probs (N, K) and labels (N,) do not fit: got {probs.shape} and {labels.shape}"
        )
    labels = labels.astype(np.int64)
    if len(labels) and not 0 <= labels.min() <= labels.max() < probs.shape[1]:
        raise ValueError(
            f"labels must be 0 to {probs.shape[1] - 1}, got {labels.min()} to {labels.max()}"
        )
    return probs, labels


def _checked_pair(confidence: np.ndarray, correct: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    confidence, correct = np.asarray(confidence, dtype=np.float64), np.asarray(correct)
    if confidence.ndim != 1 or correct.shape != confidence.shape:
        raise ValueError(
            "confidence (N,) and correct (N,) do not fit: "
            f"got {confidence.shape} and {correct.shape}"
        )
    return confidence, correct.astype(bool)
