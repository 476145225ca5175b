"""A classifier's answers on labelled items, as the questions of trust need them.

N items, K classes, S members.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.measures.register import higher_is_surer
from core.study.dataset import Noun
from core.trust import conformal
from core.trust.brier import brier_parts
from core.trust.calibration import (
    NUM_BINS,
    Bins,
    Reliability,
    bin_edges,
    metric_estimates,
    per_class,
    reliability,
)
from core.trust.calibration_errors import CalibrationErrors, calibration_errors
from core.trust.classes_off import ClassesOff, classes_off
from core.trust.detection import Detection, auroc_differences, detection
from core.trust.intervals import SEED, Estimate
from core.trust.judged import Judged
from core.trust.selective import RiskCoverage, cheapest_threshold, risk_coverage
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


class Numbers(NamedTuple):
    """What no bin enters: metrics, parts of the Brier score, and calibration by predicted class."""

    metrics: dict[str, Estimate]
    parts: dict[str, Estimate]
    classes: Reliability
    off: ClassesOff


class Calibration(NamedTuple):
    """What `calibrate` finds."""

    diagram: Reliability
    errors: CalibrationErrors
    metrics: dict[str, Estimate]
    parts: dict[str, Estimate]
    classes: Reliability
    off: ClassesOff


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


def errors(judged: Judged, num_bins: int = NUM_BINS, bins: Bins = "width") -> CalibrationErrors:
    """ECE and MCE over bins of equal "width" or "count"."""
    confidence = judged.known_confidence
    edges = bin_edges(confidence, num_bins, bins)
    return calibration_errors(confidence, judged.correct, edges)


def numbers(judged: Judged) -> Numbers:
    """Metrics, parts of the Brier score, and calibration by predicted class: no bin enters."""
    return Numbers(
        metric_estimates(judged),
        brier_parts(judged)._asdict(),
        per_class(judged),
        classes_off(judged),
    )


def calibrate(judged: Judged, num_bins: int = NUM_BINS, bins: Bins = "width") -> Calibration:
    """Everything about calibration, over bins of equal "width" or "count"."""
    return Calibration(
        reliability(judged.known_confidence, judged.correct, num_bins, bins),
        errors(judged, num_bins, bins),
        *numbers(judged),
    )


def curves(judged: Judged) -> dict[str, RiskCoverage]:
    """The risk-coverage curve of each measure."""
    correct = judged.correct
    return {
        name: risk_coverage(values, correct, higher_is_surer(name))
        for name, values in judged.measures.items()
    }


def detections(judged: Judged, noun: Noun = ITEM) -> dict[str, Detection]:
    """How well each measure finds the errors."""
    return {name: detection(curve, noun=noun) for name, curve in curves(judged).items()}


def differences(judged: Judged) -> dict[str, Estimate]:
    """How much more AUROC the best measure has than each of them."""
    directions = {name: higher_is_surer(name) for name in judged.measures}
    return auroc_differences(judged.measures, judged.correct, directions)


def cheapest(chosen_on: Judged, column: str, cost_mistake: float, cost_referral: float) -> float:
    """The threshold of a measure that costs least on the items it is chosen on."""
    curve = risk_coverage(chosen_on.measures[column], chosen_on.correct, higher_is_surer(column))
    return cheapest_threshold(curve, cost_mistake, cost_referral)


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
