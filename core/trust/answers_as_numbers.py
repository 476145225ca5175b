"""Trust in numbers: everything about a classifier, with intervals, for `evaluate --json`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from core.trust import set_answers
from core.trust.answers import Calibration
from core.trust.calibration import Reliability
from core.trust.claims import SURE, claim
from core.trust.classes_off import ClassesOff
from core.trust.examined import ALPHA, COST_MISTAKE, COST_REFERRAL, Trust
from core.trust.intervals import Estimate
from core.trust.judged import Judged
from core.trust.notes import sample_note
from core.trust.selective import Decision, cost
from core.trust.set_coverage import Coverage


def numbers(found: Trust) -> dict[str, Any]:
    """All numbers as plain values for JSON: {"value", "low", "high"} with 95 % intervals.

    What cannot be computed is None.
    """
    judged = found.judged
    return {
        "num_items": len(judged),
        "note": sample_note(judged, found.noun),
        "chosen_on": found.note,
        "labels_of_probability_zero": found.num_zero,
        "accuracy": _number(float(judged.correct.mean())),
        "claims": _claims(judged),
        "calibration": _calibration_numbers(found.calibration),
        "temperature": _temperature_numbers(found),
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


def _temperature_numbers(found: Trust) -> dict[str, Any] | None:
    if found.temperature is None:
        return None
    in_use, best = found.temperature
    return {
        "untouched": 1.0,
        "in_use": in_use,
        "fitted": best,
        "at_untouched": _calibration_numbers(found.untouched),
        "at_fitted": _calibration_numbers(found.fitted),
    }


def _claims(judged: Judged) -> list[dict[str, Any]]:
    if judged.confidence is None:
        return []
    return [_claim(judged, judged.confidence, least) for least in (0.0, SURE)]


def _claim(judged: Judged, confidence: np.ndarray, least: float) -> dict[str, Any]:
    found = claim(confidence, judged.correct, least)
    return {
        "confidence_at_least": least,
        "num_items": found.num_items,
        "mean_confidence": _number(found.said),
        "right": _estimate(found.right),
        "verdict": found.verdict,
    }


def _calibration_numbers(found: Calibration | None) -> dict[str, Any] | None:
    if found is None:
        return None
    errors = found.errors
    metrics = {name: _estimate(e) for name, e in found.metrics.items()}
    return metrics | {
        "ece": _estimate(errors.ece) | {"null_band": _estimate(errors.ece_null)},
        "mce": _estimate(errors.mce) | {"null_band": _estimate(errors.mce_null)},
        "brier_parts": {name: _estimate(e) for name, e in found.parts.items()},
        "bins": _bins(found.diagram),
        "per_predicted_class": _bins(found.classes),
        "classes_off": _off(found.off),
    }


def _off(found: ClassesOff) -> dict[str, Any]:
    return {
        "too_sure": list(found.too_sure),
        "too_unsure": list(found.too_unsure),
        "num_tested": found.num_tested,
    }


def _estimate(estimate: Estimate) -> dict[str, float | None]:
    return {name: _number(value) for name, value in estimate._asdict().items()}


def _bins(bins: Reliability) -> dict[str, list[Any]]:
    names = ("edges", "count", "correct", "accuracy", "low", "high", "confidence")
    return {name: [_number(value) for value in getattr(bins, name)] for name in names}


def _decision(decision: Decision) -> dict[str, float | None]:
    plain = {name: _number(value) for name, value in decision._asdict().items()}
    return plain | {"cost": _number(cost(decision, COST_MISTAKE, COST_REFERRAL))}


def _set_numbers(found: set_answers.Sets) -> dict[str, Any]:
    overall = _coverage(found.overall) | {"empty_sets": found.empty, "full_sets": found.always}
    return overall | {"per_class": [_coverage(one) for one in found.classes]}


def _coverage(found: Coverage) -> dict[str, Any]:
    return {
        "num_items": found.num_items,
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
