"""One number that makes a network's probabilities softer or sharper: the temperature.

S members, N items, K classes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core.measures.probabilities import blocks, logits_of
from core.study.mapped_pages import release_pages
from core.study.predictions import Predictions

COLDEST, HOTTEST = 0.02, 50.0
MOST_ROWS, MOST_VALUES = 20_000, 4_000_000
FINE_VALUES = 1_000_000
"""Values (S x N x K) up to which the temperature is searched for to a millionth."""


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature at which the mean probabilities have the lowest NLL on these items.

    Between 0.02 and 50, where the search ends if the items set no limit (all right, say).
    Fit it on items that are neither trained nor judged on.

    Args:
        logits: (S, N, K), N at least 1.
        labels: (N,) class numbers.

    Raises:
        ValueError: the shapes do not fit, or there is no item.

    Reference: Guo et al. 2017, section 4.2; for S > 1 the NLL is that of the pooled
    probabilities, as in Rahaman, Thiery 2021, "Uncertainty Quantification and Deep Ensembles".
    """
    _check(logits)
    if not len(labels) or len(labels) != logits.shape[1]:
        raise ValueError(f"labels must be {logits.shape[1]} (and at least 1), got {len(labels)}")
    num_members, num_items, num_classes = logits.shape
    parts = [
        _Margins.of(logits[:, rows], labels[rows])
        for rows in blocks(num_items, num_classes, num_members)
    ]

    def nll(log_temperature: float) -> float:
        total = sum(part.log_probs(log_temperature).sum() for part in parts)
        return float(np.log(num_members) - total / num_items)

    tolerance = 1e-6 if logits.size <= FINE_VALUES else 1e-4
    return float(np.exp(lowest(nll, np.log(COLDEST), np.log(HOTTEST), tolerance)))


def fit_predictions(predictions: Predictions, rows: np.ndarray, labels: np.ndarray) -> float:
    """`fit_temperature` on a classifier's values, on 20,000 rows at most.

    Of more rows, or of more than 4 million values (4,000 rows of 1,000 classes), it takes that many
    at equal distances: a temperature is one number, and its own uncertainty on them is a per cent.

    Args:
        predictions: With a full distribution.
        rows: Row numbers int (n,), neither trained nor judged on.
        labels: (n,) their class codes.

    Raises:
        ValueError: there is no row.
    """
    num_members, _, num_classes = predictions.values.shape
    most = min(MOST_ROWS, max(MOST_VALUES // (num_members * num_classes), 1))
    if len(rows) > most:
        places = np.linspace(0, len(rows), most, endpoint=False).astype(int)
        rows, labels = rows[places], labels[places]
    parts = []
    for part in blocks(len(rows), num_classes, num_members):
        parts.append(logits_of(predictions, rows[part]))
        release_pages(predictions.values)
    return fit_temperature(np.concatenate(parts, axis=1), labels)


class _Margins(NamedTuple):
    """How far the best class lies above the label, (S, n), and the others below the best."""

    highest: np.ndarray
    behind: np.ndarray

    @classmethod
    def of(cls, logits: np.ndarray, labels: np.ndarray) -> _Margins:
        exact = np.asarray(logits, np.float64)
        margin = exact - exact[:, np.arange(len(labels)), labels][..., None]
        highest = margin.max(-1)
        behind = margin - highest[..., None]
        # The most probable class is the 1 in log1p, where sure answers would vanish beside it.
        np.put_along_axis(behind, margin.argmax(-1)[..., None], -np.inf, axis=-1)
        return cls(highest, behind)

    def log_probs(self, log_temperature: float) -> np.ndarray:
        """The logarithm of the label's probabilities, summed over the members, (n,)."""
        colder = np.exp(-log_temperature)
        others = np.exp(self.behind * colder).sum(-1)
        return np.logaddexp.reduce(-self.highest * colder - np.log1p(others), axis=0)


def lowest(
    function: Callable[[float], float], low: float, high: float, tolerance: float = 1e-6
) -> float:
    """Where a function with one valley is lowest between two ends, to within `tolerance`.

    By golden section (Kiefer 1953, "Sequential minimax search for a maximum"). SciPy's minimiser
    finds the same, and would add a third to the memory of the page that asks.
    """
    shrink = (np.sqrt(5) - 1) / 2
    left, right = high - shrink * (high - low), low + shrink * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > tolerance:
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
