"""Prediction sets of any number of items and classes, a block of items at a time.

N items, K classes. The same numbers as `core.trust.conformal` gives for all at once, bit for bit:
only the label's nonconformity and the size of each set are kept.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.measures.probabilities import MeanProbs
from core.trust.conformal import FREE_LABELS, PENALTY, Method, nonconformity
from core.trust.streamed_probs import SomeProbs, whole

FIRST_CLASSES = 64
"""Of more classes the most probable are looked at first: most sets end among them."""


def label_scores(
    probs: MeanProbs,
    labels: np.ndarray,
    method: Method = "lac",
    uniform: np.ndarray | None = None,
    penalty: float = PENALTY,
    free_labels: int = FREE_LABELS,
) -> np.ndarray:
    """The label's nonconformity of each item, float64 (N,); see `conformal.nonconformity`.

    Args:
        probs: Mean probabilities (N, K).
        labels: (N,) class codes.
        method: "lac", "aps" or "raps".
        uniform: (N,) draws of aps and raps; None sets u = 0.
        penalty: Of raps.
        free_labels: Of raps.
    """
    scores = np.zeros(len(labels))
    for rows, block in probs:
        own = labels[rows]
        if method == "lac":
            scores[rows] = 1 - block[np.arange(len(own)), own].astype(np.float64)
            continue
        draws = None if uniform is None else uniform[rows]
        scores[rows] = _own_scores(block, own, _Ranked(method, draws, penalty, free_labels))
    return scores


def set_sizes(
    probs: MeanProbs,
    threshold: np.ndarray,
    method: Method = "lac",
    uniform: np.ndarray | None = None,
    keep_top: bool = False,
) -> np.ndarray:
    """How many classes are in each item's set, int64 (N,).

    With one threshold for all classes nothing is ranked, only sorted; a thousand classes with a
    threshold each take aps and raps several times as long.

    Args:
        probs: Mean probabilities (N, K).
        threshold: (K,) from `conformal.fit_threshold`.
        method: The one the threshold was fitted with.
        uniform: (N,) draws of aps and raps; None sets u = 0.
        keep_top: Whether the most probable class is always in.
    """
    sizes = np.zeros(probs.shape[0], np.int64)
    if np.isinf(threshold).all():
        return sizes + probs.shape[1]
    by_class = bool((threshold != threshold[0]).any())
    for rows, block in probs:
        draws = None if uniform is None else uniform[rows]
        if by_class or method == "lac":
            sizes[rows] = _sets(block, threshold, method, draws, keep_top).sum(1)
        else:
            sizes[rows] = _sizes(block, float(threshold[0]), _Ranked(method, draws))
    return np.maximum(sizes, 1) if keep_top else sizes


def sets_of(
    probs: SomeProbs,
    places: np.ndarray,
    threshold: np.ndarray,
    method: Method = "lac",
    uniform: np.ndarray | None = None,
    keep_top: bool = False,
) -> np.ndarray:
    """Which classes are in the sets of a few items, bool (n, K).

    Args:
        probs: Mean probabilities (N, K).
        places: int (n,) which of the N.
        threshold: (K,).
        method: The one the threshold was fitted with.
        uniform: (N,) draws of aps and raps, of all items; None sets u = 0.
        keep_top: Whether the most probable class is always in.
    """
    few = whole(probs.only(places))
    draws = None if uniform is None else uniform[places]
    return _sets(few, threshold, method, draws, keep_top)


def _sets(
    block: np.ndarray,
    threshold: np.ndarray,
    method: Method,
    uniform: np.ndarray | None,
    keep_top: bool,
) -> np.ndarray:
    sets = nonconformity(block, method, uniform) <= threshold
    if keep_top:
        sets[np.arange(len(block)), block.argmax(1)] = True
    return sets


class _Ranked(NamedTuple):
    """The nonconformity of aps and raps, the most probable class first: it never falls."""

    method: Method
    uniform: np.ndarray | None
    penalty: float = PENALTY
    free_labels: int = FREE_LABELS

    def scores(self, block: np.ndarray, most: int) -> np.ndarray:
        """Of the `most` most probable classes, float64 (n, most)."""
        if most < block.shape[1]:
            ordered = -np.sort(np.partition(-block, most - 1, axis=1)[:, :most], axis=1)
        else:
            ordered = -np.sort(-block, axis=1)
        total = np.cumsum(ordered, axis=1, dtype=np.float64)
        if self.uniform is not None:
            total -= self.uniform[:, None] * ordered
        if self.method == "raps":
            total += self.penalty * np.maximum(0, np.arange(1, most + 1) - self.free_labels)
        return total

    def only(self, places: np.ndarray) -> _Ranked:
        """The same for some of the block's items."""
        return self if self.uniform is None else self._replace(uniform=self.uniform[places])


def _sizes(block: np.ndarray, limit: float, ranked: _Ranked) -> np.ndarray:
    num_classes = block.shape[1]
    most = min(FIRST_CLASSES, num_classes)
    sizes = (ranked.scores(block, most) <= limit).sum(1)
    if most < num_classes and len(longer := np.flatnonzero(sizes == most)):
        every = ranked.only(longer).scores(block[longer], num_classes)
        sizes[longer] = (every <= limit).sum(1)
    return sizes


def _own_scores(block: np.ndarray, labels: np.ndarray, ranked: _Ranked) -> np.ndarray:
    num_classes, ranks = block.shape[1], _ranks(block, labels)
    most = min(FIRST_CLASSES, num_classes)
    scores = ranked.scores(block, most)[np.arange(len(labels)), np.minimum(ranks, most - 1)]
    if len(later := np.flatnonzero(ranks >= most)):
        every = ranked.only(later).scores(block[later], num_classes)
        scores[later] = every[np.arange(len(later)), ranks[later]]
    return scores


def _ranks(block: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """How many classes come before the label, int (n,): equal ones in the order of the classes."""
    own = block[np.arange(len(labels)), labels][:, None]
    before = np.arange(block.shape[1]) < labels[:, None]
    return ((block > own) | ((block == own) & before)).sum(1)
