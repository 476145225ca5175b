"""When should the model decline: which items go to a person, and what does that cost?

N items, T distinct values of the measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.trust.intervals import upper_bound


@dataclass(frozen=True)
class RiskCoverage:
    """Accept items from the surest on: how many are accepted, and how many of those are wrong.

    Attributes:
        threshold: (T,) the measure's value of the last accepted items, surest first.
        accepted: (T,) items accepted at that threshold; equal values are accepted together.
        mistakes: (T,) errors among them.
        higher_is_surer: Whether a high value of the measure means sure.
    """

    threshold: np.ndarray
    accepted: np.ndarray
    mistakes: np.ndarray
    higher_is_surer: bool

    @property
    def num_items(self) -> int:
        """How many items the curve is of, N."""
        return int(self.accepted[-1]) if len(self.accepted) else 0

    @property
    def num_errors(self) -> int:
        """Errors among all N items."""
        return int(self.mistakes[-1]) if len(self.mistakes) else 0

    @property
    def coverage(self) -> np.ndarray:
        """Share of the items accepted, (T,) in (0, 1]."""
        return self.accepted / max(self.num_items, 1)

    @property
    def selective_risk(self) -> np.ndarray:
        """Share of errors among the accepted, (T,) in [0, 1]; at coverage 1 it is 1 - accuracy."""
        return self.mistakes / self.accepted


class Decision(NamedTuple):
    """What a threshold does to N items; risks are nan when nothing is accepted.

    `risk_upper` is the one-sided 95 % upper bound of the accepted items' true error rate, which
    holds for a threshold that was not chosen on these same items.
    """

    threshold: float
    accepted: int
    referred: int
    mistakes: int
    mistakes_referred: int
    risk: float
    risk_upper: float


def risk_coverage(
    values: np.ndarray, correct: np.ndarray, higher_is_surer: bool = True
) -> RiskCoverage:
    """The risk-coverage curve of a measure, one step for every distinct value of it.

    Args:
        values: (N,) the measure, without nan.
        correct: (N,) bool, whether the predicted class is the label.
        higher_is_surer: False for an entropy, True for a confidence.

    Raises:
        ValueError: the lengths differ, or a value is nan.

    Reference: El-Yaniv, Wiener 2010, "On the Foundations of Noise-free Selective Classification".
    """
    values, correct = np.asarray(values), np.asarray(correct, bool)
    if values.ndim != 1 or values.shape != correct.shape:
        raise ValueError(
            f"values (N,) and correct (N,) do not fit: got {values.shape} and {correct.shape}"
        )
    if np.isnan(values).any():
        raise ValueError(f"values must not be nan, got {np.isnan(values).sum()} of them")
    order = np.argsort(-values if higher_is_surer else values, kind="stable")
    ordered = values[order]
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True)) if len(order) else order
    mistakes = np.cumsum(~correct[order], dtype=np.int32)[last]
    return RiskCoverage(ordered[last], last.astype(np.int32) + 1, mistakes, higher_is_surer)


def thinned(curve: RiskCoverage, most: int) -> RiskCoverage:
    """Some steps of a curve, the last among them, at about equal distances of coverage.

    Args:
        curve: Of any number of steps; thinned to the same number again it stays as it is.
        most: How many steps at most, 2 or more.
    """
    if not curve.num_items:
        return curve
    wanted = np.linspace(1, curve.num_items, most)
    steps = np.unique(np.searchsorted(curve.accepted, wanted))
    return RiskCoverage(
        curve.threshold[steps], curve.accepted[steps], curve.mistakes[steps], curve.higher_is_surer
    )


def decide(curve: RiskCoverage, threshold: float) -> Decision:
    """Accept the items at least as sure as `threshold`, refer the others to a person.

    Args:
        curve: Of the items to decide on.
        threshold: A value of the curve's measure; it need not occur among the items. It is
            rounded as the measure's values are, so that a float32 value written down with nine
            digits still accepts its own item.
    """
    sign = 1 if curve.higher_is_surer else -1
    end = -sign * np.asarray(threshold).astype(curve.threshold.dtype)
    steps = int(np.searchsorted(-sign * curve.threshold, end, side="right"))
    accepted = int(curve.accepted[steps - 1]) if steps else 0
    mistakes = int(curve.mistakes[steps - 1]) if steps else 0
    return Decision(
        threshold=float(threshold),
        accepted=accepted,
        referred=curve.num_items - accepted,
        mistakes=mistakes,
        mistakes_referred=curve.num_errors - mistakes,
        risk=mistakes / accepted if accepted else float("nan"),
        risk_upper=float(upper_bound(mistakes, accepted)),
    )


def threshold_at(curve: RiskCoverage, share: float) -> float:
    """The threshold that refers a share of these items, or as little more as ties allow.

    Args:
        curve: Of the items to choose on.
        share: Of the items that go to a person, 0 to 1; under 1 one item is always accepted.

    Raises:
        ValueError: there is no item, or `share` lies outside [0, 1).
    """
    if not curve.num_items or not 0 <= share < 1:
        raise ValueError(f"share must lie in [0, 1) of at least one item, got {share}")
    wanted = round((1 - share) * curve.num_items)
    step = np.searchsorted(curve.accepted, wanted, side="right") - 1
    return float(curve.threshold[max(int(step), 0)])


def equal_coverage(curves: dict[str, RiskCoverage], share: float) -> dict[str, Decision]:
    """Each model at the threshold of its own that refers this share of its items: comparable.

    One threshold for all refers 5 % of one model's items and 17 % of another's, which says more of
    how sure they sound than of which one is to be preferred.

    Args:
        curves: Title of each model -> its curve; a model without an item is left out.
        share: Of the items that go to a person, 0 to under 1; ties refer a little more.

    Raises:
        ValueError: `share` lies outside [0, 1).
    """
    return {
        title: decide(curve, threshold_at(curve, share))
        for title, curve in curves.items()
        if curve.num_items
    }


def cheapest_threshold(curve: RiskCoverage, cost_mistake: float, cost_referral: float) -> float:
    """The threshold of the lowest `cost_mistake * mistakes + cost_referral * referred`.

    Infinitely strict when referring every item is cheapest. Among equal costs, the one that
    refers fewest. Choose it on the calibration part and judge it on other items.

    Args:
        curve: Of the items to choose on.
        cost_mistake: Of one error among the accepted, at least 0.
        cost_referral: Of one item sent to a person, at least 0.

    Raises:
        ValueError: a cost is under 0, or there is no item.
    """
    if min(cost_mistake, cost_referral) < 0:
        raise ValueError(f"costs must be at least 0, got {cost_mistake} and {cost_referral}")
    if not curve.num_items:
        raise ValueError("no item to choose a threshold on")
    costs = cost_mistake * curve.mistakes + cost_referral * (curve.num_items - curve.accepted)
    best = len(costs) - 1 - int(np.argmin(costs[::-1]))
    if costs[best] > cost_referral * curve.num_items:
        return float("inf") if curve.higher_is_surer else float("-inf")
    return float(curve.threshold[best])


def cost(decision: Decision, cost_mistake: float, cost_referral: float) -> float:
    """What a decision costs in all, in the unit of the two costs: mistakes plus referrals."""
    return cost_mistake * decision.mistakes + cost_referral * decision.referred
