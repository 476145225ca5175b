"""One model's calibration, declining and prediction sets, all at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.study.dataset import Noun
from core.study.study import Study
from core.trust import answers as trust
from core.trust import conformal, set_answers
from core.trust.answers import Calibration
from core.trust.choosing import Choice, best_temperature, choose, judged_at
from core.trust.detection import Detection
from core.trust.intervals import Estimate
from core.trust.judged import Judged, zero_labels
from core.trust.selective import Decision, RiskCoverage, decide

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
    sets: dict[str, set_answers.Sets]
    by_class: dict[str, set_answers.Sets]


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


def _sets(found: Choice, noun: Noun, class_conditional: bool) -> dict[str, set_answers.Sets]:
    chosen_on, judged = found.chosen_on, found.judged
    if not judged.has_distribution:
        return {}
    kept, fitted = set_answers.ordered(judged), set_answers.ordered(chosen_on, for_sets=False)
    sets: dict[str, set_answers.Sets] = {}
    for method in conformal.METHODS:
        scores = set_answers.nonconformities(chosen_on, method, is_chosen_on=True, kept=fitted)
        limit = conformal.label_threshold(
            scores, chosen_on.labels, ALPHA, chosen_on.num_classes, class_conditional
        )
        sets[method] = set_answers.conform(judged, limit, ALPHA, method, noun=noun, kept=kept)
    return sets
