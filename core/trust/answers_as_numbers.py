"""Trust in numbers: everything about a classifier, with intervals, for `evaluate --json`."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from core.study.classifiers import Classifier
from core.trust import answers as trust
from core.trust import conformal
from core.trust.answers import Calibration
from core.trust.calibration import Reliability
from core.trust.claims import SURE, claim
from core.trust.conformal import Coverage
from core.trust.detection import Detection
from core.trust.intervals import Estimate
from core.trust.judged import Judged, judged_calibration, judged_test
from core.trust.selective import Decision, RiskCoverage, cost, decide

ALPHA = 0.01
COST_MISTAKE, COST_REFERRAL = 100.0, 1.0


class Trust(NamedTuple):
    """One classifier's answers to every question of trust, on its labelled test images.

    Attributes:
        title: Of the classifier.
        class_names: The K names.
        images: The test images.
        temperature: The one in use, and the one of lowest NLL on the calibration split.
        calibration: At the temperature in use.
        untouched: At a temperature of 1, before any fitting.
        fitted: At the fitted one.
        curves: Column -> its curve.
        detections: Column -> how well it finds the errors.
        behind: Column -> AUROC it lacks to the best.
        decisions: Column -> the cheapest threshold, chosen on the calibration split.
        sets: Method -> prediction sets, marginal; `by_class`: class-conditional.
    """

    title: str
    class_names: tuple[str, ...]
    images: Judged
    temperature: tuple[float, float]
    calibration: Calibration
    untouched: Calibration
    fitted: Calibration
    curves: dict[str, RiskCoverage]
    detections: dict[str, Detection]
    behind: dict[str, Estimate]
    decisions: dict[str, Decision]
    sets: dict[str, trust.Sets]
    by_class: dict[str, trust.Sets]


def examine(classifier: Classifier, table: pd.DataFrame | None = None) -> Trust:
    """Answer every question of trust for one classifier, 15 bins, alpha 0.01, costs 100 to 1.

    Args:
        classifier: Which.
        table: Its score table, where other labels than MNIST's are to count.

    Raises:
        ValueError: no image has a label.
    """
    images = judged_test(classifier, table=table)
    calibration = judged_calibration(classifier)
    if not len(images.labels):
        raise ValueError("No image has a label, so nothing can be evaluated")
    in_use, best = classifier.temperature, trust.best_temperature(classifier)
    curves = trust.curves(images)
    decisions = {
        name: decide(curve, trust.cheapest(calibration, name, COST_MISTAKE, COST_REFERRAL))
        for name, curve in curves.items()
    }
    return Trust(
        title=classifier.card["title"],
        class_names=classifier.class_names,
        images=images,
        temperature=(in_use, best),
        calibration=trust.calibrate(images),
        untouched=trust.calibrate(judged_test(classifier, 1 / in_use, table)),
        fitted=trust.calibrate(judged_test(classifier, best / in_use, table)),
        curves=curves,
        detections=trust.detections(images),
        behind=trust.differences(images),
        decisions=decisions,
        sets={m: _sets(images, calibration, m, False) for m in conformal.METHODS},
        by_class={m: _sets(images, calibration, m, True) for m in conformal.METHODS},
    )


def _sets(
    images: Judged, calibration: Judged, method: conformal.Method, class_conditional: bool
) -> trust.Sets:
    scores, fitted = trust.nonconformities(images, calibration, method)
    threshold = conformal.fit_threshold(fitted, calibration.labels, ALPHA, class_conditional)
    return trust.conform(images, scores, threshold, ALPHA, method)


def numbers(found: Trust) -> dict[str, Any]:
    """All numbers as plain values for JSON: {"value", "low", "high"} with 95 % intervals.

    What cannot be computed is None.
    """
    in_use, best = found.temperature
    return {
        "num_images": len(found.images.labels),
        "note": trust.sample_note(found.images),
        "claims": [_claim(found.images, least) for least in (0.0, SURE)],
        "calibration": _calibration_numbers(found.calibration),
        "temperature": {
            "untouched": 1.0,
            "in_use": in_use,
            "fitted": best,
            "at_untouched": _calibration_numbers(found.untouched),
            "at_fitted": _calibration_numbers(found.fitted),
        },
        "declining": {
            name: {
                "auroc": _estimate(d.auroc),
                "auroc_behind_best": _estimate(found.behind[name]),
                "aurc": _estimate(d.aurc),
                "excess_aurc": _estimate(d.excess_aurc),
                "augrc": _estimate(d.augrc),
                "reason": d.reason,
                "cheapest_threshold": _decision(found.decisions[name]),
            }
            for name, d in found.detections.items()
        },
        "costs": {"mistake": COST_MISTAKE, "referral": COST_REFERRAL},
        "prediction_sets": {
            "alpha": ALPHA,
            "marginal": {m: _set_numbers(s) for m, s in found.sets.items()},
            "class_conditional": {m: _set_numbers(s) for m, s in found.by_class.items()},
        },
    }


def _claim(images: Judged, least: float) -> dict[str, Any]:
    found = claim(images.confidence, images.correct, least)
    return {
        "confidence_at_least": least,
        "num_images": found.num_images,
        "mean_confidence": _number(found.said),
        "right": _estimate(found.right),
        "verdict": found.verdict,
    }


def _calibration_numbers(found: Calibration) -> dict[str, Any]:
    errors = found.errors
    metrics = {name: _estimate(e) for name, e in found.metrics.items()}
    return metrics | {
        "ece": _estimate(errors.ece) | {"null_band": _estimate(errors.ece_null)},
        "mce": _estimate(errors.mce) | {"null_band": _estimate(errors.mce_null)},
        "brier_parts": {name: _estimate(e) for name, e in found.parts.items()},
        "bins": _bins(found.diagram),
        "per_predicted_class": _bins(found.classes),
    }


def _estimate(estimate: Estimate) -> dict[str, float | None]:
    return {name: _number(value) for name, value in estimate._asdict().items()}


def _bins(bins: Reliability) -> dict[str, list]:
    names = ("edges", "count", "correct", "accuracy", "low", "high", "confidence")
    return {name: [_number(value) for value in getattr(bins, name)] for name in names}


def _decision(decision: Decision) -> dict[str, float | None]:
    plain = {name: _number(value) for name, value in decision._asdict().items()}
    return plain | {"cost": _number(cost(decision, COST_MISTAKE, COST_REFERRAL))}


def _set_numbers(found: trust.Sets) -> dict[str, Any]:
    overall = _coverage(found.overall) | {"empty_sets": found.empty, "full_sets": found.always}
    return overall | {"per_class": [_coverage(one) for one in found.classes]}


def _coverage(found: Coverage) -> dict[str, Any]:
    return {
        "num_images": found.num_images,
        "covered": found.covered,
        "coverage": _estimate(Estimate(found.coverage, found.low, found.high)),
        "set_sizes": found.sizes.tolist(),
        "mean_set_size": _number(found.mean_size),
    }


def _number(value: float) -> float | int | None:
    """A plain number; None for nan and the infinities, which JSON does not have."""
    if isinstance(value, (int, np.integer)):
        return int(value)
    return float(value) if math.isfinite(value) else None
