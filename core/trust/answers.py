"""A classifier's answers on labelled items, as the questions of trust need them.

N items, K classes, S members.
"""

from __future__ import annotations

from typing import NamedTuple

from core.measures.register import higher_is_surer
from core.study.dataset import Noun
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
from core.trust.intervals import Estimate
from core.trust.judged import Judged
from core.trust.selective import RiskCoverage, cheapest_threshold, risk_coverage, thinned
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


def curve(judged: Judged, column: str) -> RiskCoverage:
    """The risk-coverage curve of one measure; of a million items it takes up to 12 MB."""
    return risk_coverage(judged.measures[column], judged.correct, higher_is_surer(column))


def curves(judged: Judged, most_steps: int | None = None) -> dict[str, RiskCoverage]:
    """The risk-coverage curve of each measure, of no more steps than are asked for."""
    found = ((name, curve(judged, name)) for name in judged.measures)
    if most_steps is None:
        return dict(found)
    return {name: thinned(each, most_steps) for name, each in found}


def detections(judged: Judged, noun: Noun = ITEM) -> dict[str, Detection]:
    """How well each measure finds the errors."""
    return {name: detection(curve(judged, name), noun=noun) for name in judged.measures}


def differences(judged: Judged) -> dict[str, Estimate]:
    """How much more AUROC the best measure has than each of them."""
    directions = {name: higher_is_surer(name) for name in judged.measures}
    return auroc_differences(judged.measures, judged.correct, directions)


def cheapest(chosen_on: Judged, column: str, cost_mistake: float, cost_referral: float) -> float:
    """The threshold of a measure that costs least on the items it is chosen on."""
    return cheapest_threshold(curve(chosen_on, column), cost_mistake, cost_referral)
