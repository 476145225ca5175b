"""Two models of a study on the same items: what the second one fixes, and what it breaks.

N items, K classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.study.study import Study
from core.trust.calibration import brier_of_each, nll_of_each
from core.trust.choosing import labels_of
from core.trust.evaluation import doubt, evaluate
from core.trust.fixed_and_broken import accuracy_difference, holm, mcnemar
from core.trust.intervals import Estimate
from core.trust.judged import Judged, judge
from core.trust.paired import ece_difference, mean_difference
from core.trust.paired_aurc import aurc_difference
from core.trust.selective import Decision, RiskCoverage, equal_coverage, risk_coverage

OUTCOMES = ("fixed", "broken", "both_wrong", "both_right")
"""What two models make of an item; their codes are their places here."""
HIGHER_IS_BETTER = {"accuracy": True, "nll": False, "brier": False, "ece": False, "aurc": False}
SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3)
"""Of the items that both models decline, to be compared at equal coverage."""


class Difference(NamedTuple):
    """A metric of both models, and the second's less the first's with a paired 95 % interval."""

    first: float
    second: float
    difference: Estimate


class ClassDifferences(NamedTuple):
    """Of the items of each label, (K,): counts, the difference in accuracy, whether it is chance.

    Attributes:
        num_items, first_right, second_right, fixed, broken: Counts, int.
        difference, low, high: Second accuracy less first, with its paired 95 % interval; nan for a
            label without an item.
        p_value: McNemar's, exact; nan for a label without an item.
        p_adjusted: The same by Holm, allowing for all classes.
    """

    num_items: np.ndarray
    first_right: np.ndarray
    second_right: np.ndarray
    fixed: np.ndarray
    broken: np.ndarray
    difference: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p_value: np.ndarray
    p_adjusted: np.ndarray


@dataclass(frozen=True)
class Comparison:
    """Two models on the same labelled items.

    Attributes:
        first, second: What each says of them, row by row the same items.
        first_doubts, second_doubts: (N,) what ranks the items better than their confidence, high
            meaning unsure; None where confidence is exact, or unknown.
    """

    first: Judged
    second: Judged
    first_doubts: np.ndarray | None = None
    second_doubts: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def outcomes(self) -> np.ndarray:
        """What the two make of each item, int (N,): places in `OUTCOMES`."""
        return outcome_codes(self.first.correct, self.second.correct)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Items of each outcome."""
        numbers = np.bincount(self.outcomes, minlength=len(OUTCOMES))
        return dict(zip(OUTCOMES, numbers.tolist(), strict=True))

    @property
    def p_value(self) -> float:
        """That models that err equally often differ as much as these, by McNemar's exact test."""
        return float(mcnemar(self.counts["fixed"], self.counts["broken"]))

    @property
    def accuracy(self) -> Estimate:
        """The second accuracy less the first, with its paired 95 % score interval."""
        fixed, broken = self.counts["fixed"], self.counts["broken"]
        low, high = accuracy_difference(fixed, broken, len(self))
        return Estimate((fixed - broken) / len(self), float(low), float(high))

    @cached_property
    def differences(self) -> dict[str, Difference]:
        """Accuracy, nll, brier, ece (15 bins) and aurc; without those that one of the two lacks."""
        metrics = [evaluate(*side) for side in self._sides]
        intervals = {"accuracy": self.accuracy} | self._costs | self._by_confidence
        return {
            name: Difference(metrics[0][name], metrics[1][name], interval)
            for name, interval in intervals.items()
        }

    @cached_property
    def by_class(self) -> ClassDifferences:
        """Label by label."""
        num_classes, labels = self.first.num_classes, self.first.labels
        sides = self.first.correct, self.second.correct
        number = np.bincount(labels, minlength=num_classes)
        right = [np.bincount(labels[side], minlength=num_classes) for side in sides]
        fixed, broken = (
            np.bincount(labels[self.outcomes == code], minlength=num_classes) for code in (0, 1)
        )
        with np.errstate(invalid="ignore"):
            difference = (fixed - broken) / number
        low, high = accuracy_difference(fixed, broken, number)
        p_values = np.where(number > 0, mcnemar(fixed, broken), np.nan)
        return ClassDifferences(
            number, right[0], right[1], fixed, broken, difference, low, high, p_values,
            holm(p_values),
        )  # fmt: skip

    @cached_property
    def curves(self) -> tuple[RiskCoverage, RiskCoverage] | None:
        """Both risk-coverage curves by confidence, or None where one has no confidence."""
        if self.first.confidence is None or self.second.confidence is None:
            return None
        first, second = (risk_coverage(_surer(*side), side[0].correct) for side in self._sides)
        return first, second

    def at_equal_coverage(self, share: float) -> tuple[Decision, Decision]:
        """Both models, each at the threshold of its own that declines this share of the items.

        Args:
            share: 0 to under 1; ties decline a little more.

        Raises:
            ValueError: a model has no confidence, or `share` is none.
        """
        if self.curves is None:
            raise ValueError("This needs each answer's confidence, which was not given.")
        found = equal_coverage(dict(zip("ab", self.curves, strict=True)), share)
        return found["a"], found["b"]

    @property
    def _sides(self) -> tuple[tuple[Judged, np.ndarray | None], tuple[Judged, np.ndarray | None]]:
        return (self.first, self.first_doubts), (self.second, self.second_doubts)

    @property
    def _costs(self) -> dict[str, Estimate]:
        if not (self.first.has_distribution and self.second.has_distribution):
            return {}
        return {
            name: mean_difference(cost(self.first), cost(self.second))
            for name, cost in (("nll", nll_of_each), ("brier", brier_of_each))
        }

    @property
    def _by_confidence(self) -> dict[str, Estimate]:
        first, second = self.first, self.second
        if first.confidence is None or second.confidence is None:
            return {}
        correct = first.correct, second.correct
        surer = _surer(*self._sides[0]), _surer(*self._sides[1])
        return {
            "ece": ece_difference((first.confidence, second.confidence), correct),
            "aurc": aurc_difference(surer, correct),
        }


def compare(study: Study, first: str, second: str, labels: np.ndarray | None = None) -> Comparison:
    """Two models of a study on all its labelled items, each as it is in use.

    Nothing is chosen on these items, so none need be set apart.

    Args:
        study: Which.
        first: Name of the model to start from.
        second: Name of the one it is compared with.
        labels: Class codes of all items, where others than the data set's are to count.

    Raises:
        ValueError: no such model, or no item has a label.
    """
    codes = labels_of(study) if labels is None else labels
    models = [study.model(name) for name in (first, second)]
    judged = [judge(model, labels=codes, num_classes=study.dataset.num_classes) for model in models]
    if not len(judged[0]):
        raise ValueError(
            f"No {study.dataset.noun.one} of {study.title} has a label, so no model can be called"
            " right or wrong. Give a label column, or a second file of labels."
        )
    doubts = [doubt(model, found) for model, found in zip(models, judged, strict=True)]
    return Comparison(judged[0], judged[1], doubts[0], doubts[1])


def default_pair(study: Study) -> tuple[str, str]:
    """The study's first two models, the less accurate one first: what is fixed is then the news.

    Models without labels, or as good as each other, keep their order.

    Raises:
        ValueError: there are fewer than two.
    """
    names = list(study.models)
    if len(names) < 2:
        raise ValueError(
            f"{study.title} has only one model, and a comparison takes two: open the files of both"
            " together, or add the second one's with --add-to."
        )
    right = [study.models[name].scores["correct"].sum() for name in names[:2]]
    return (names[0], names[1]) if right[0] <= right[1] else (names[1], names[0])


def outcome_codes(first_right: np.ndarray, second_right: np.ndarray) -> np.ndarray:
    """Places in `OUTCOMES`, int (N,), from whether each model has an item right, bool (N,)."""
    return np.where(first_right, np.where(second_right, 3, 1), np.where(second_right, 0, 2))


def _surer(judged: Judged, doubts: np.ndarray | None) -> np.ndarray:
    """What ranks the items, high meaning sure, float64 (N,)."""
    return judged.known_confidence.astype(np.float64) if doubts is None else -doubts.astype(float)
