"""Prediction sets of any number of items and classes, a block of items at a time.

N items, K classes. The same numbers as `core.trust.conformal` gives for all at once, bit for bit:
of each item's nonconformity only the label's and that of the first classes are kept.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.measures.probabilities import MeanProbs
from core.trust.conformal import FREE_LABELS, PENALTY, Method, nonconformity
from core.trust.streamed_probs import SomeProbs, whole

KEPT_SCORES = 6_400_000
"""Scores (N x M) that are kept, 51 MB: the M = 128 most probable classes of 50,000 items."""
LEAST_KEPT = 32


class Scores(NamedTuple):
    """What is kept of N items' nonconformity.

    Attributes:
        of_label: float64 (N,), all that a threshold needs, and coverage.
        first: float64 (N, M) of the M most probable classes, the most probable first. It never
            falls along a row, so that most sets end in it, whatever the threshold.
    """

    of_label: np.ndarray
    first: np.ndarray


def score(
    probs: MeanProbs,
    labels: np.ndarray,
    method: Method = "lac",
    uniform: np.ndarray | None = None,
    penalty: float = PENALTY,
    free_labels: int = FREE_LABELS,
) -> Scores:
    """The nonconformity of each item's label and first classes, see `conformal.nonconformity`.

    Args:
        probs: Mean probabilities (N, K).
        labels: (N,) class codes.
        method: "lac", "aps" or "raps".
        uniform: (N,) draws of aps and raps; None sets u = 0.
        penalty: Of raps.
        free_labels: Of raps.
    """
    ranked = _Ranked(method, uniform, penalty, free_labels)
    of_label = np.zeros(len(labels))
    first = np.zeros((len(labels), _num_kept(*probs.shape)))
    for rows, block in probs:
        part = ranked.only(rows)
        first[rows] = part.scores(block, first.shape[1])
        of_label[rows] = _own_scores(block, labels[rows], part, first[rows])
    return Scores(of_label, first)


def set_sizes(
    probs: SomeProbs,
    threshold: np.ndarray,
    scores: Scores,
    method: Method = "lac",
    uniform: np.ndarray | None = None,
    keep_top: bool = False,
) -> np.ndarray:
    """How many classes are in each item's set, int64 (N,).

    With one threshold for all classes only the sets that go beyond the kept classes are
    computed from the probabilities; with one a class, all are.

    Args:
        probs: Mean probabilities (N, K).
        threshold: (K,) from `conformal.fit_threshold`.
        scores: Of these items, from `score`.
        method: The one the threshold was fitted with.
        uniform: (N,) draws of aps and raps; None sets u = 0.
        keep_top: Whether the most probable class is always in.
    """
    num_items, num_classes = probs.shape
    if np.isinf(threshold).all():
        return np.full(num_items, num_classes, np.int64)
    if (threshold != threshold[0]).any():
        sizes = np.zeros(num_items, np.int64)
        for rows, block in probs:
            draws = None if uniform is None else uniform[rows]
            sizes[rows] = _sets(block, threshold, method, draws, keep_top).sum(1)
        return sizes
    sizes = (scores.first <= threshold[0]).sum(1)
    if scores.first.shape[1] < num_classes:
        longer = np.flatnonzero(sizes == scores.first.shape[1])
        ranked = _Ranked(method, uniform).only(longer)
        for rows, block in probs.only(longer):
            every = ranked.only(rows).scores(block, num_classes)
            sizes[longer[rows]] = (every <= threshold[0]).sum(1)
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


def _num_kept(num_items: int, num_classes: int) -> int:
    return min(num_classes, max(LEAST_KEPT, KEPT_SCORES // max(num_items, 1)))


class _Ranked(NamedTuple):
    """Nonconformity with the most probable class first."""

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
        if self.method == "lac":
            return 1 - ordered.astype(np.float64)
        total = np.cumsum(ordered, axis=1, dtype=np.float64)
        if self.uniform is not None:
            total -= self.uniform[:, None] * ordered
        if self.method == "raps":
            total += self.penalty * np.maximum(0, np.arange(1, most + 1) - self.free_labels)
        return total

    def only(self, places: np.ndarray | slice) -> _Ranked:
        """The same for some of the items."""
        return self if self.uniform is None else self._replace(uniform=self.uniform[places])


def _own_scores(
    block: np.ndarray, labels: np.ndarray, ranked: _Ranked, first: np.ndarray
) -> np.ndarray:
    places, ranks = np.arange(len(labels)), _ranks(block, labels)
    scores = first[places, np.minimum(ranks, first.shape[1] - 1)]
    if len(later := np.flatnonzero(ranks >= first.shape[1])):
        every = ranked.only(later).scores(block[later], block.shape[1])
        scores[later] = every[np.arange(len(later)), ranks[later]]
    return scores


def _ranks(block: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """How many classes come before the label, int (n,): equal ones in the order of the classes."""
    own = block[np.arange(len(labels)), labels][:, None]
    ranks, up_to = (block > own).sum(1), (block >= own).sum(1)
    tied = np.flatnonzero(up_to - ranks > 1)
    before = np.arange(block.shape[1]) < labels[tied, None]
    ranks[tied] += ((block[tied] == own[tied]) & before).sum(1)
    return ranks
