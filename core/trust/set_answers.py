"""Prediction sets of judged items."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.study.dataset import Noun
from core.trust import conformal
from core.trust.intervals import SEED
from core.trust.judged import Judged
from core.trust.set_coverage import (
    Coverage,
    coverage_of,
    coverage_of_classes,
    why_always,
    why_empty,
)
from core.trust.set_rule import Rule
from core.trust.sets_by_class import classes_by_rank
from core.trust.streamed_sets import Ordered, label_scores, order, set_sizes, sets_of
from core.trust.wording import ITEM


class Sets(NamedTuple):
    """How well prediction sets hold the labels, and what is odd about them.

    Attributes:
        sizes: int (N,) classes in each set.
        covered: bool (N,), whether it holds the label.
        overall: Of all sets.
        classes: Of each of the K labels.
        empty: A sentence on the empty sets, or an empty string.
        always: A sentence on the classes that are in every set, or an empty string.
    """

    sizes: np.ndarray
    covered: np.ndarray
    overall: Coverage
    classes: list[Coverage]
    empty: str
    always: str


def rule_of(judged: Judged, method: conformal.Method, is_chosen_on: bool = False) -> Rule:
    """How badly a class suits each of these items; an item keeps its draw under every filter.

    Args:
        judged: The items.
        method: "lac", "aps" or "raps".
        is_chosen_on: Whether thresholds are chosen on them: those have draws of their own.
    """
    seed = SEED if is_chosen_on else SEED + 1
    draws = conformal.uniform_draws(int(judged.rows.max(initial=-1)) + 1, seed)
    return Rule(method, draws[judged.rows])


def ordered(judged: Judged, for_sets: bool = True) -> Ordered:
    """What prediction sets are made of, in one pass over the probabilities: to be kept.

    Args:
        judged: With a distribution.
        for_sets: Whether sets are to be made of these items, or thresholds alone: in much less
            memory.
    """
    return order(judged.distribution.probs, judged.labels, for_sets)


def ranked(judged: Judged) -> np.ndarray:
    """What sets with one threshold per class are made of besides, (n, K): to be kept.

    Args:
        judged: With a distribution.
    """
    return classes_by_rank(judged.distribution.probs)


def nonconformities(
    judged: Judged,
    method: conformal.Method,
    is_chosen_on: bool,
    kept: Ordered | None = None,
) -> np.ndarray:
    """The label's nonconformity of each item, (N,): all that a threshold needs, and coverage.

    Args:
        judged: With a distribution.
        method: "lac", "aps" or "raps".
        is_chosen_on: Whether thresholds are chosen on them.
        kept: Of them, from `ordered`, where it is at hand.
    """
    kept = kept or ordered(judged, for_sets=False)
    return label_scores(kept, rule_of(judged, method, is_chosen_on))


def conform(
    judged: Judged,
    threshold: np.ndarray,
    alpha: float,
    method: conformal.Method,
    keep_top: bool = False,
    scores: np.ndarray | None = None,
    noun: Noun = ITEM,
    kept: Ordered | None = None,
    by_rank: np.ndarray | None = None,
) -> Sets:
    """The prediction sets of the judged items.

    Args:
        judged: With a distribution.
        threshold: (K,) from `conformal.label_threshold`.
        alpha: That it was chosen for.
        method: That it was chosen for.
        keep_top: Whether the most probable class is always in, so that no set is empty.
        scores: (N,) what `nonconformities` found for these items, where it is at hand.
        noun: What an item is called.
        kept: Of these items, from `ordered`, where it is at hand: most of the time goes into it.
        by_rank: Of these items, from `ranked`, where it is at hand; only one threshold per class
            needs it.
    """
    labels, rule, kept = judged.labels, rule_of(judged, method), kept or ordered(judged)
    if scores is None:
        scores = nonconformities(judged, method, is_chosen_on=False, kept=kept)
    sizes = set_sizes(judged.distribution.probs, kept, threshold, rule, keep_top, by_rank)
    covered = scores <= threshold[labels]
    if keep_top:
        covered |= judged.correct
    error_rate = 1 - float(judged.correct.mean()) if len(labels) else float("nan")
    return Sets(
        sizes,
        covered,
        coverage_of(sizes, covered, judged.num_classes),
        coverage_of_classes(sizes, covered, labels, judged.num_classes),
        why_empty(sizes, alpha, error_rate, method, noun),
        why_always(threshold, alpha, noun),
    )


def few_sets(
    judged: Judged,
    rows: np.ndarray,
    threshold: np.ndarray,
    method: conformal.Method,
    keep_top: bool = False,
) -> np.ndarray:
    """Which classes are in the sets of a few items, bool (n, K).

    Args:
        judged: With a distribution.
        rows: Row numbers int (n,), among the judged.
        threshold: (K,).
        method: The one that it was chosen for.
        keep_top: Whether the most probable class is always in.
    """
    by_row = np.argsort(judged.rows)
    places = by_row[np.searchsorted(judged.rows, rows, sorter=by_row)]
    rule = rule_of(judged, method)
    return sets_of(judged.distribution.probs, places, threshold, rule, keep_top)
