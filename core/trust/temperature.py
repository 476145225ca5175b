"""One number that makes a network's probabilities softer or sharper: the temperature.

S members, N images, K classes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

COLDEST, HOTTEST = 0.02, 50.0


def mean_probs_at(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Mean over the members of `softmax(logits / temperature)`; float64 (N, K) in [0, 1].

    Under 1 every member becomes surer, over 1 less sure; a single member's predicted classes
    stay the same.

    Args:
        logits: (S, N, K).
        temperature: Over 0.

    Raises:
        ValueError: `temperature` is not over 0, or `logits` are not (S, N, K).

    Reference: Guo et al. 2017, "On Calibration of Modern Neural Networks", eq. 9.
    """
    _check(logits)
    if not temperature > 0:
        raise ValueError(f"temperature must be over 0, got {temperature}")
    scaled = np.asarray(logits, np.float64) / temperature
    scaled -= scaled.max(-1, keepdims=True)
    np.exp(scaled, out=scaled)
    scaled /= scaled.sum(-1, keepdims=True)
    return scaled.mean(0)


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature at which the mean probabilities have the lowest NLL on these images.

    Between 0.02 and 50, where the search ends if the images set no limit (all right, say).
    Fit it on images that are neither trained nor judged on: the calibration split.

    Args:
        logits: (S, N, K), N at least 1.
        labels: (N,) class numbers.

    Raises:
        ValueError: the shapes do not fit, or there is no image.

    Reference: Guo et al. 2017, section 4.2; for S > 1 the NLL is that of the pooled
    probabilities, as in Rahaman, Thiery 2021, "Uncertainty Quantification and Deep Ensembles".
    """
    _check(logits)
    if not len(labels) or len(labels) != logits.shape[1]:
        raise ValueError(f"labels must be {logits.shape[1]} (and at least 1), got {len(labels)}")
    logits = np.asarray(logits, np.float64)
    margin = logits - logits[:, np.arange(len(labels)), labels][..., None]
    highest = margin.max(-1)
    behind = margin - highest[..., None]
    # The most probable class is the 1 in log1p, where sure answers would vanish beside it.
    np.put_along_axis(behind, margin.argmax(-1)[..., None], -np.inf, axis=-1)
    num_members = len(logits)

    def nll(log_temperature: float) -> float:
        colder = np.exp(-log_temperature)
        log_probs = -highest * colder - np.log1p(np.exp(behind * colder).sum(-1))
        return float(np.log(num_members) - np.logaddexp.reduce(log_probs, axis=0).mean())

    return float(np.exp(lowest(nll, np.log(COLDEST), np.log(HOTTEST))))


def lowest(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with one valley is lowest between two ends, to a millionth.

    By golden section (Kiefer 1953, "Sequential minimax search for a maximum"). SciPy's minimiser
    finds the same, and would add a third to the memory of the page that asks.
    """
    shrink = (np.sqrt(5) - 1) / 2
    left, right = high - shrink * (high - low), low + shrink * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > 1e-6:
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - shrink * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + shrink * (high - low)
            at_right = function(right)
    return (low + high) / 2


def _check(logits: np.ndarray) -> None:
    if np.ndim(logits) != 3:
        raise ValueError(f"logits must be (S, N, K), got shape {np.shape(logits)}")
