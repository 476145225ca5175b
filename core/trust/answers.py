"""A classifier's answers on labelled images, as the questions of trust need them.

N images, K classes, S members.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.measures.register import higher_is_surer
from core.study.classifiers import Classifier
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
from core.trust.detection import Detection, auroc_differences, detection
from core.trust.intervals import FEW_ERRORS, SEED, Estimate, few_images
from core.trust.judged import Judged
from core.trust.selective import RiskCoverage, cheapest_threshold, risk_coverage
from core.trust.temperature import fit_temperature


class Calibration(NamedTuple):
    """What `calibrate` finds."""

    diagram: Reliability
    errors: CalibrationErrors
    metrics: dict[str, Estimate]
    parts: dict[str, Estimate]
    classes: Reliability


class Sets(NamedTuple):
    """Prediction sets bool (N, K), how well they hold the labels, and what is odd about them."""

    sets: np.ndarray
    overall: conformal.Coverage
    classes: list[conformal.Coverage]
    empty: str
    always: str


def best_temperature(classifier: Classifier) -> float:
    """The temperature of lowest NLL on the calibration split."""
    return fit_temperature(classifier.calibration_logits, classifier.calibration_labels)


def errors(judged: Judged, num_bins: int = NUM_BINS, bins: Bins = "width") -> CalibrationErrors:
    """ECE and MCE over bins of equal "width" or "count"."""
    edges = bin_edges(judged.confidence, num_bins, bins)
    return calibration_errors(judged.confidence, judged.correct, edges)


def numbers(judged: Judged) -> tuple[dict[str, Estimate], dict[str, Estimate], Reliability]:
    """Metrics, parts of the Brier score, and calibration by predicted class: no bin enters."""
    probs, labels = judged.mean_probs, judged.labels
    return (
        metric_estimates(probs, labels),
        brier_parts(probs, labels)._asdict(),
        per_class(probs, labels),
    )


def calibrate(judged: Judged, num_bins: int = NUM_BINS, bins: Bins = "width") -> Calibration:
    """Everything about calibration, over bins of equal "width" or "count"."""
    return Calibration(
        reliability(judged.confidence, judged.correct, num_bins, bins),
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


def detections(judged: Judged) -> dict[str, Detection]:
    """How well each measure finds the errors."""
    return {name: detection(curve) for name, curve in curves(judged).items()}


def differences(judged: Judged) -> dict[str, Estimate]:
    """How much more AUROC the best measure has than each of them."""
    directions = {name: higher_is_surer(name) for name in judged.measures}
    return auroc_differences(judged.measures, judged.correct, directions)


def cheapest(calibration: Judged, column: str, cost_mistake: float, cost_referral: float) -> float:
    """The threshold of a measure that costs least on the calibration split."""
    curve = risk_coverage(
        calibration.measures[column], calibration.correct, higher_is_surer(column)
    )
    return cheapest_threshold(curve, cost_mistake, cost_referral)


def nonconformities(
    judged: Judged, calibration: Judged, method: conformal.Method
) -> tuple[np.ndarray, np.ndarray]:
    """Nonconformity (N, K) of the judged and of the calibration images, with separate draws."""
    judged_draws = conformal.uniform_draws(len(judged.labels), SEED + 1)
    calibration_draws = conformal.uniform_draws(len(calibration.labels), SEED)
    return (
        conformal.nonconformity(judged.mean_probs, method, judged_draws),
        conformal.nonconformity(calibration.mean_probs, method, calibration_draws),
    )


def conform(
    judged: Judged,
    scores: np.ndarray,
    threshold: np.ndarray,
    alpha: float,
    method: conformal.Method,
) -> Sets:
    """The prediction sets of the judged images, whose nonconformity is `scores` (N, K)."""
    sets = conformal.prediction_sets(scores, threshold)
    error_rate = 1 - judged.correct.mean() if len(judged.labels) else float("nan")
    return Sets(
        sets,
        conformal.coverage(sets, judged.labels),
        conformal.coverage_per_class(sets, judged.labels),
        conformal.why_empty(sets, alpha, error_rate, method),
        conformal.why_always(threshold, alpha),
    )


def sample_note(judged: Judged) -> str:
    """What a sample this small or this one-sided cannot tell, or an empty string."""
    num_images, num_errors = len(judged.labels), int((~judged.correct).sum())
    if not num_images:
        return "No image is left, so nothing can be computed."
    notes = []
    if few := few_images(num_images):
        notes.append(f"{few}, so every interval is wide")
    if num_errors == 0:
        notes.append("no error among them, so no measure can be judged by the errors it finds")
    elif num_errors == num_images:
        notes.append("no correct answer among them, so nothing to tell the errors from")
    elif num_errors < FEW_ERRORS:
        notes.append(f"only {num_errors} of them errors")
    if len(np.unique(judged.labels)) == 1:
        notes.append("only one class")
    return f"Read with care: {'; '.join(notes)}." if notes else ""
