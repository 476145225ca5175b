"""Sizes of prediction sets where each class has a threshold of its own, a block of items at a time.

Whose a probability is then matters, and sorting the classes by it takes most of the time: that is
done once, and no method and no alpha enters. N items, K classes.
"""

from __future__ import annotations

import numpy as np

from core.measures.streamed_probs import MeanProbs, SomeProbs
from core.trust.conformal import from_the_highest
from core.trust.set_rule import Rule

KEPT_BYTES = 50_000_000


def classes_by_rank(probs: SomeProbs) -> np.ndarray:
    """Each item's classes from the most to the least probable, uint16 or int32 (n, K): to be kept.

    Of the first n items, as many as KEPT_BYTES hold; `sizes_by_class` sorts the others' anew.

    Args:
        probs: Mean probabilities (N, K).
    """
    num_items, num_classes = probs.shape
    kind = np.dtype(np.uint16 if num_classes <= np.iinfo(np.uint16).max + 1 else np.int32)
    num_kept = min(num_items, KEPT_BYTES // (num_classes * kind.itemsize))
    classes = np.empty((num_kept, num_classes), kind)
    for rows, block in probs.only(np.arange(num_kept)):
        classes[rows] = from_the_highest(block)[1]
    return classes


def sizes_by_class(
    probs: MeanProbs,
    threshold: np.ndarray,
    rule: Rule,
    keep_top: bool = False,
    by_rank: np.ndarray | None = None,
) -> np.ndarray:
    """How many classes are in each item's set, int32 (N,).

    Args:
        probs: Mean probabilities (N, K).
        threshold: (K,) from `conformal.label_threshold`.
        rule: The one the threshold was chosen by, with these items' draws.
        keep_top: Whether the most probable class is always in.
        by_rank: Of the first of these items, from `classes_by_rank`, where it is at hand.
    """
    sizes = np.zeros(probs.shape[0], np.int32)

    def fill(rows: slice, block: np.ndarray) -> None:
        kept = None if by_rank is None else by_rank[rows]
        sizes[rows] = _sizes(block, threshold, rule.only(rows), keep_top, kept)

    probs.each(fill)
    return sizes


def _sizes(
    block: np.ndarray,
    threshold: np.ndarray,
    rule: Rule,
    keep_top: bool,
    kept: np.ndarray | None,
) -> np.ndarray:
    """By rank, so that nothing has to return to the order of the classes."""
    if rule.method == "lac":
        is_in, top = rule.by_class(block) <= threshold, block.argmax(1)
    else:
        falling, classes = _from_the_highest(block, kept)
        is_in, top = rule.by_rank(falling) <= threshold.take(classes), np.zeros(len(block), int)
    if keep_top:
        is_in[np.arange(len(block)), top] = True
    return np.count_nonzero(is_in, axis=1)


def _from_the_highest(block: np.ndarray, kept: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    if kept is None or len(kept) < len(block):
        return from_the_highest(block)
    places = kept + np.arange(0, block.size, block.shape[1])[:, None]
    return block.ravel().take(places), kept
