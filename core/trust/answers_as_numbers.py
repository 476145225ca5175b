"""Trust in numbers: everything about a classifier, with intervals, for `evaluate --json`."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from core.study.dataset import Noun
from core.study.study import Study
from core.trust import answers as trust
from core.trust import conformal
from core.trust.answers import Calibration
from core.trust.calibration import Reliability
from core.trust.choosing import Choice, best_temperature, choose, judged_at
from core.trust.claims import SURE, claim
from core.trust.classes_off import ClassesOff
from core.trust.detection import Detection
from core.trust.intervals import Estimate
from core.trust.judged import Judged, zero_labels
from core.trust.notes import sample_note
from core.trust.selective import Decision, RiskCoverage, cost, decide
from core.trust.set_coverage import Coverage

ALPHA = 0.01
COST_MISTAKE, COST_REFERRAL = 100.0, 1.0


class Trust(NamedTuple):
    """One classifier's answers to every question of trust, on its labelled items.

    Attributes:
        title: Of the classifier.
        class_names: The K names.
        noun: What an item is called.
        judged: The items it is judged on.
        note: Where what chooses thresholds shares a labelled part with them; or empty.
        num_zero: Items whose label was given a probability of exactly 0.
        temperature: The one in use, and the one of lowest NLL on the items that choose; None
            without a distribution.
        calibration: At the temperature in use; None where only answers are known.
        untouched: At a temperature of 1, before any fitting; None without a distribution.
        fitted: At the fitted one; None without a distribution.
        curves: Column -> its curve.
        detections: Column -> how well it finds the errors.
        behind: Column -> AUROC it lacks to the best.
        decisions: Column -> the cheapest threshold, chosen on other items.
        sets: Method -> prediction sets, marginal; empty without a distribution.
        by_class: The same, class-conditional.
    """

    title: str
    class_names: tuple[str, ...]
    noun: Noun
    judged: Judged
    note: str
    num_zero: int
    temperature: tuple[float, float] | None
    calibration: Calibration | None
    untouched: Calibration | None
    fitted: Calibration | None
    curves: dict[str, RiskCoverage]
    detections: dict[str, Detection]
    behind: dict[str, Estimate]
    decisions: dict[str, Decision]
    sets: dict[str, trust.Sets]
    by_class: dict[str, trust.Sets]


def examine(study: Study, name: str, labels: np.ndarray | None = None) -> Trust:
    """Answer every question of trust for one classifier, 15 bins, alpha 0.01, costs 100 to 1.

    Args:
        study: Which.
        name: Of the model.
        labels: Class codes of all items, where others than the data set's are to count.

    Raises:
        ValueError: no such model, or too few items have a label.
    """
    predictions, noun = study.model(name), study.dataset.noun
    found = choose(study, name, labels=labels)
    judged = found.judged
    curves = trust.curves(judged)
    decisions = {
        column: decide(curve, trust.cheapest(found.chosen_on, column, COST_MISTAKE, COST_REFERRAL))
        for column, curve in curves.items()
    }
    in_use, untouched, fitted = _temperatures(study, name, labels, judged)
    return Trust(
        title=predictions.title,
        class_names=study.dataset.class_names,
        noun=noun,
        judged=judged,
        note=found.note,
        num_zero=zero_labels(predictions, judged),
        temperature=in_use,
        calibration=trust.calibrate(judged) if judged.confidence is not None else None,
        untouched=untouched,
        fitted=fitted,
        curves=curves,
        detections=trust.detections(judged, noun),
        behind=trust.differences(judged),
        decisions=decisions,
        sets=_sets(found, noun, class_conditional=False),
        by_class=_sets(found, noun, class_conditional=True),
    )


def _temperatures(
    study: Study, name: str, labels: np.ndarray | None, judged: Judged
) -> tuple[tuple[float, float] | None, Calibration | None, Calibration | None]:
    """In use and best, and calibration at 1 and at the best."""
    if not judged.has_distribution:
        return None, None, None
    in_use, best = study.model(name).temperature, best_temperature(study, name, labels)

    def at(temperature: float) -> Calibration:
        factor = temperature / in_use
        again = judged_at(study, name, factor, labels, declining=False)
        return trust.calibrate(again)

    return (in_use, best), at(1.0), at(best)


def _sets(found: Choice, noun: Noun, class_conditional: bool) -> dict[str, trust.Sets]:
    chosen_on, judged = found.chosen_on, found.judged
    if not judged.has_distribution:
        return {}
    kept, fitted = trust.ordered(judged), trust.ordered(chosen_on, for_sets=False)
    sets: dict[str, trust.Sets] = {}
    for method in conformal.METHODS:
        scores = trust.nonconformities(chosen_on, method, is_chosen_on=True, kept=fitted)
        limit = conformal.label_threshold(
            scores, chosen_on.labels, ALPHA, chosen_on.num_classes, class_conditional
        )
        sets[method] = trust.conform(judged, limit, ALPHA, method, noun=noun, kept=kept)
    return sets


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


def _set_numbers(found: trust.Sets) -> dict[str, Any]:
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
