"""Prediction sets of any number of items and classes, a block of items at a time.

N items, K classes, M classes that are kept of each item. The same numbers as
`core.trust.conformal` gives for all at once, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

import numpy as np

from core.measures.probabilities import blocks
from core.measures.streamed_probs import MeanProbs, SomeProbs, whole
from core.trust.set_rule import Rule
from core.trust.sets_by_class import sizes_by_class

KEPT_VALUES = 10_000_000
"""Probabilities (N x M) that are kept, 40 MB in float32: M = 200 of 50,000 items."""
LEAST_KEPT = 32


class Ordered(NamedTuple):
    """What is kept of N items' probabilities: no method and no alpha enters.

    Attributes:
        top: float (N, M), the M highest in falling order; most sets end among them.
        rank: int32 (N,), how many classes come before the label, equal ones in their order.
        of_label: float (N,), the label's probability.
        up_to_label: float64 (N,), its sum with those of the classes before it, added in order.
    """

    top: np.ndarray
    rank: np.ndarray
    of_label: np.ndarray
    up_to_label: np.ndarray

    def only(self, places: np.ndarray) -> Ordered:
        """Of the items at some places, int (n,), in that order."""
        return Ordered(*(kept[places] for kept in self))


def order(probs: MeanProbs, labels: np.ndarray, for_sets: bool = True) -> Ordered:
    """The highest probabilities of each item and the label's place, in one pass.

    Args:
        probs: Mean probabilities (N, K).
        labels: (N,) class codes.
        for_sets: Whether sets are to be made of them; a threshold needs the label's place alone,
            and so M is 0.
    """
    num_items, num_classes = probs.shape
    num_kept = min(num_classes, max(LEAST_KEPT, KEPT_VALUES // max(num_items, 1)))
    top = np.zeros((num_items, num_kept if for_sets else 0), np.float32)
    rank, of_label = np.zeros(num_items, np.int32), np.zeros(num_items, np.float32)
    up_to_label = np.zeros(num_items)
    for rows, block in probs:
        top = top.astype(block.dtype, copy=False)
        of_label = of_label.astype(block.dtype, copy=False)
        falling = _falling(block)
        top[rows] = falling[:, : top.shape[1]]
        of_label[rows] = block[np.arange(len(block)), labels[rows]]
        rank[rows] = _ranks(block, labels[rows])
        up_to_label[rows] = _sums_up_to(falling, rank[rows])
    return Ordered(top, rank, of_label, up_to_label)


def _sums_up_to(falling: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """The sum of each row (n, K) up to and with a place (n,), in float64, one after another."""
    sums = np.zeros(len(rank))
    for places, width in _by_width(rank, falling.shape[1]):
        totals = np.cumsum(falling[places, :width], axis=1, dtype=np.float64)
        sums[places] = totals[np.arange(len(places)), rank[places]]
    return sums


def _by_width(rank: np.ndarray, num_classes: int) -> Iterator[tuple[np.ndarray, int]]:
    """Which items have their label among how many highest classes: most among a few."""
    is_near = rank < LEAST_KEPT
    yield np.flatnonzero(is_near), LEAST_KEPT
    yield np.flatnonzero(~is_near), num_classes


def label_scores(ordered: Ordered, rule: Rule) -> np.ndarray:
    """The label's nonconformity of each item, float64 (N,): all that a threshold needs.

    Args:
        ordered: From `order`.
        rule: With the items' draws.
    """
    return rule.at(ordered.of_label, ordered.up_to_label, ordered.rank)


def set_sizes(
    probs: SomeProbs,
    ordered: Ordered,
    threshold: np.ndarray,
    rule: Rule,
    keep_top: bool = False,
    by_rank: np.ndarray | None = None,
) -> np.ndarray:
    """How many classes are in each item's set, int32 (N,).

    With one threshold for all classes only the sets that go beyond the kept classes are computed
    from the probabilities; with one a class, all are.

    Args:
        probs: Mean probabilities (N, K).
        ordered: Of them, from `order`.
        threshold: (K,) from `conformal.label_threshold`.
        rule: The one the threshold was chosen by, with these items' draws.
        keep_top: Whether the most probable class is always in.
        by_rank: Of the first of these items, from `classes_by_rank`, where it is at hand; only
            one threshold per class needs it.
    """
    num_items, num_classes = probs.shape
    if np.isinf(threshold).all():
        return np.full(num_items, num_classes, np.int32)
    if (threshold != threshold[0]).any():
        return sizes_by_class(probs, threshold, rule, keep_top, by_rank)
    sizes = np.zeros(num_items, np.int32)
    longer = np.arange(num_items)
    for width in _widths(ordered.top.shape[1]):
        for places in _parts(longer, width):
            by_rank = rule.only(places).by_rank(ordered.top[places, :width])
            sizes[places] = (by_rank <= threshold[0]).sum(1)
        longer = longer[(sizes[longer] == width) & (width < num_classes)]
    for places, by_rank in _every(probs, longer, rule):
        sizes[places] = (by_rank <= threshold[0]).sum(1)
    return np.maximum(sizes, 1) if keep_top else sizes


def sets_of(
    probs: SomeProbs,
    places: np.ndarray,
    threshold: np.ndarray,
    rule: Rule,
    keep_top: bool = False,
) -> np.ndarray:
    """Which classes are in the sets of a few items, bool (n, K).

    Args:
        probs: Mean probabilities (N, K).
        places: int (n,) which of the N.
        threshold: (K,).
        rule: With the draws of all N items.
        keep_top: Whether the most probable class is always in.
    """
    return _sets(whole(probs.only(places)), threshold, rule.only(places), keep_top)


def _sets(block: np.ndarray, threshold: np.ndarray, rule: Rule, keep_top: bool) -> np.ndarray:
    sets = rule.by_class(block) <= threshold
    if keep_top:
        sets[np.arange(len(block)), block.argmax(1)] = True
    return sets


def _widths(num_kept: int) -> list[int]:
    """How many of the kept classes are looked at: first a few, as most sets end among them."""
    return [*takewhile(lambda width: width < num_kept, (LEAST_KEPT, 4 * LEAST_KEPT)), num_kept]


def _parts(places: np.ndarray, width: int) -> Iterator[np.ndarray]:
    for part in blocks(len(places), width):
        yield places[part]


def _every(
    probs: SomeProbs, places: np.ndarray, rule: Rule
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Places and all their classes' nonconformity, block by block."""
    for rows, block in probs.only(places):
        yield places[rows], rule.only(places[rows]).by_rank(_falling(block))


def _falling(block: np.ndarray) -> np.ndarray:
    falling = np.negative(block)
    falling.sort(axis=1)
    return np.negative(falling, out=falling)


def _ranks(block: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """How many classes come before the label, int (n,): equal ones in the order of the classes."""
    own = block[np.arange(len(labels)), labels][:, None]
    ranks, up_to = (block > own).sum(1), (block >= own).sum(1)
    tied = np.flatnonzero(up_to - ranks > 1)
    before = np.arange(block.shape[1]) < labels[tied, None]
    ranks[tied] += ((block[tied] == own[tied]) & before).sum(1)
    return ranks
