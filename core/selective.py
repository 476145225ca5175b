"""When should the model decline: which digits go to a person, and what does that cost?

N images, T distinct values of the measure, R resamples, A runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.intervals import (
    NUM_RESAMPLES,
    SEED,
    UNKNOWN,
    Estimate,
    bootstrap,
    percentile_estimate,
    upper_bound,
)

MOST_RUNS = 2_000


@dataclass(frozen=True)
class RiskCoverage:
    """Accept images from the surest on: how many are accepted, and how many of those are wrong.

    Attributes:
        threshold: (T,) the measure's value of the last accepted images, surest first.
        accepted: (T,) images accepted at that threshold; equal values are accepted together.
        mistakes: (T,) errors among them.
        higher_is_surer: Whether a high value of the measure means sure.
    """

    threshold: np.ndarray
    accepted: np.ndarray
    mistakes: np.ndarray
    higher_is_surer: bool

    @property
    def num_images(self) -> int:
        """N."""
        return int(self.accepted[-1]) if len(self.accepted) else 0

    @property
    def num_errors(self) -> int:
        """Errors among all N images."""
        return int(self.mistakes[-1]) if len(self.mistakes) else 0

    @property
    def coverage(self) -> np.ndarray:
        """Share of the images accepted, (T,) in (0, 1]."""
        return self.accepted / max(self.num_images, 1)

    @property
    def selective_risk(self) -> np.ndarray:
        """Share of errors among the accepted, (T,) in [0, 1]; at coverage 1 it is 1 - accuracy."""
        return self.mistakes / self.accepted


class Decision(NamedTuple):
    """What a threshold does to N images; risks are nan when nothing is accepted.

    `risk_upper` is the one-sided 95 % upper bound of the accepted images' true error rate, which
    holds for a threshold that was not chosen on these same images.
    """

    threshold: float
    accepted: int
    referred: int
    mistakes: int
    mistakes_referred: int
    risk: float
    risk_upper: float


class Detection(NamedTuple):
    """How well a measure finds a model's errors; `reason` says why a number is nan, or is empty."""

    auroc: Estimate
    aurc: Estimate
    excess_aurc: Estimate
    augrc: Estimate
    reason: str


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
    return RiskCoverage(ordered[last], last + 1, np.cumsum(~correct[order])[last], higher_is_surer)


def decide(curve: RiskCoverage, threshold: float) -> Decision:
    """Accept the images at least as sure as `threshold`, refer the others to a person.

    Args:
        curve: Of the images to decide on.
        threshold: A value of the curve's measure; it need not occur among the images.
    """
    sign = 1 if curve.higher_is_surer else -1
    steps = int(np.searchsorted(-sign * curve.threshold, -sign * threshold, side="right"))
    accepted = int(curve.accepted[steps - 1]) if steps else 0
    mistakes = int(curve.mistakes[steps - 1]) if steps else 0
    return Decision(
        threshold=float(threshold),
        accepted=accepted,
        referred=curve.num_images - accepted,
        mistakes=mistakes,
        mistakes_referred=curve.num_errors - mistakes,
        risk=mistakes / accepted if accepted else float("nan"),
        risk_upper=float(upper_bound(mistakes, accepted)),
    )


def is_accepted(values, threshold: float, higher_is_surer: bool = True) -> np.ndarray:
    """Whether each image is sure enough to be decided without a person; bool (N,)."""
    return values >= threshold if higher_is_surer else values <= threshold


def cheapest_threshold(curve: RiskCoverage, cost_mistake: float, cost_referral: float) -> float:
    """The threshold of the lowest `cost_mistake * mistakes + cost_referral * referred`.

    Infinitely strict when referring every image is cheapest. Among equal costs, the one that
    refers fewest. Choose it on the calibration split and judge it on other images.

    Args:
        curve: Of the images to choose on.
        cost_mistake: Of one error among the accepted, at least 0.
        cost_referral: Of one image sent to a person, at least 0.

    Raises:
        ValueError: a cost is under 0, or there is no image.
    """
    if min(cost_mistake, cost_referral) < 0:
        raise ValueError(f"costs must be at least 0, got {cost_mistake} and {cost_referral}")
    if not curve.num_images:
        raise ValueError("no image to choose a threshold on")
    costs = cost_mistake * curve.mistakes + cost_referral * (curve.num_images - curve.accepted)
    best = len(costs) - 1 - int(np.argmin(costs[::-1]))
    if costs[best] > cost_referral * curve.num_images:
        return float("inf") if curve.higher_is_surer else float("-inf")
    return float(curve.threshold[best])


def cost(decision: Decision, cost_mistake: float, cost_referral: float) -> float:
    """What a decision costs in all, in the unit of the two costs: mistakes plus referrals."""
    return cost_mistake * decision.mistakes + cost_referral * decision.referred


def detection(
    curve: RiskCoverage, num_resamples: int = NUM_RESAMPLES, seed: int = SEED
) -> Detection:
    """How well a measure tells a model's errors from its correct answers, with 95 % intervals.

    AUROC: the chance that a random correct answer is surer than a random error, ties half; in
    [0, 1], higher is better, 0.5 is guessing.
    AURC: see `core.metrics.aurc`; lower is better.
    Excess AURC: AURC less that of the same errors in the best order (all last), exactly, not by
    the paper's approximation `r + (1 - r) * log(1 - r)`; lower is better.
    AUGRC: area under (errors among the accepted) / N over coverage, by trapezoids; in [0, 0.5],
    lower is better, and equal to `(1 - auroc) * accuracy * r + r**2 / 2` with r the error rate.

    Correct answers between two errors are drawn as one run, which changes none of the four.
    The resamples join neighbours beyond 2,000 runs, as if they were tied; the values do not.

    Reference: Geifman et al. 2019, section 2 (AURC, E-AURC); Traub et al. 2024, "Overcoming
    Common Flaws in the Evaluation of Selective Classification Systems", eq. 6 (AUGRC).
    """
    if not curve.num_images:
        return Detection(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, "There is no image.")
    harmonic = np.append(0, np.cumsum(1 / np.arange(1, curve.num_images + 1)))
    right, wrong = _runs(curve)
    values = _areas(right[None], wrong[None], harmonic)[0]
    right, wrong = _runs(curve, MOST_RUNS)
    shift = values - _areas(right[None], wrong[None], harmonic)[0]
    num_runs = len(right)

    def numbers(drawn: np.ndarray) -> np.ndarray:
        return _areas(drawn[:, :num_runs], drawn[:, num_runs:], harmonic) + shift

    drawn = bootstrap(np.append(right, wrong), numbers, num_resamples, seed)
    auroc, area, excess, general = (
        percentile_estimate(values[i], drawn[:, i]) for i in range(len(values))
    )
    return Detection(auroc, area, excess, general, _reason(curve))


def _reason(curve: RiskCoverage) -> str:
    if not curve.num_errors:
        return f"None of the {curve.num_images:,} images is an error: nothing to find."
    if curve.num_errors == curve.num_images:
        return f"All {curve.num_images:,} images are errors: no correct answer to tell them from."
    return ""


def _runs(curve: RiskCoverage, most: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Correct answers and errors of each run, surest first, two int arrays (A,)."""
    size = np.diff(curve.accepted, prepend=0)
    wrong = np.diff(curve.mistakes, prepend=0)
    clean = wrong == 0
    first = np.flatnonzero(np.append(True, ~(clean[1:] & clean[:-1])))
    if most and most < len(first):
        first = first[np.linspace(0, len(first), most, endpoint=False, dtype=int)]
    wrong = np.add.reduceat(wrong, first)
    return np.add.reduceat(size, first) - wrong, wrong


def _areas(right: np.ndarray, wrong: np.ndarray, harmonic: np.ndarray) -> np.ndarray:
    """AUROC, AURC, excess AURC and AUGRC, (r, 4), of r resamples of runs (r, A), surest first.

    Inside a run of `size` images after `before` others, of which `errors` are wrong, the
    cumulated errors at place i are `errors + (i - before) * share`; their sum over i, divided
    by i, is a difference of harmonic numbers.
    """
    size = right + wrong
    after, total_errors = size.cumsum(1), wrong.sum(1)
    before, errors = after - size, wrong.cumsum(1) - wrong
    num_images = after[:, -1]
    share = wrong / np.maximum(size, 1)
    spread = (errors - before * share) * (harmonic[after] - harmonic[before])
    area = (spread + share * size).sum(1) / num_images
    behind = total_errors[:, None] - errors - wrong / 2
    num_right = num_images - total_errors
    with np.errstate(invalid="ignore", divide="ignore"):
        auroc = (right * behind).sum(1) / (num_right * total_errors)
    best = total_errors - num_right * (harmonic[num_images] - harmonic[num_right])
    general = ((errors + wrong / 2) * size).sum(1) / num_images**2
    return np.column_stack([auroc, area, area - best / num_images, general])
