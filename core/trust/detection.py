"""Which measure finds a model's errors best?

N items, of which E are errors, M measures, R resamples, A runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from core.study.dataset import Noun
from core.trust.intervals import (
    LEVEL,
    NUM_RESAMPLES,
    SEED,
    UNKNOWN,
    Estimate,
    bootstrap,
    percentile_estimate,
)
from core.trust.selective import RiskCoverage
from core.trust.wording import ITEM

MOST_RUNS = 2_000


class Detection(NamedTuple):
    """How well a measure finds a model's E errors among N items.

    `reason` says why a number is nan, or is empty.
    """

    auroc: Estimate
    aurc: Estimate
    excess_aurc: Estimate
    augrc: Estimate
    reason: str
    num_items: int
    num_errors: int


def detection(
    curve: RiskCoverage,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = SEED,
    noun: Noun = ITEM,
) -> Detection:
    """How well a measure tells a model's errors from its correct answers, with 95 % intervals.

    AUROC: the chance that a random correct answer is surer than a random error, ties half; in
    [0, 1], higher is better, 0.5 is guessing.
    AURC: see `core.trust.metrics.aurc`; lower is better.
    Excess AURC: AURC less that of the same errors in the best order (all last), exactly, not by
    the paper's approximation `r + (1 - r) * log(1 - r)`; lower is better.
    AUGRC: area under (errors among the accepted) / N over coverage, by trapezoids; in [0, 0.5],
    lower is better, and equal to `(1 - auroc) * accuracy * r + r**2 / 2` with r the error rate.

    Correct answers between two errors are drawn as one run, which changes none of the four.
    The resamples join neighbours beyond 2,000 runs, as if they were tied; the values do not.

    Reference: Geifman et al. 2019, section 2 (AURC, E-AURC); Traub et al. 2024, "Overcoming
    Common Flaws in the Evaluation of Selective Classification Systems", eq. 6 (AUGRC).
    """
    if not curve.num_items:
        return Detection(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, f"There is no {noun.one}.", 0, 0)
    harmonic = np.append(0, np.cumsum(1 / np.arange(1, curve.num_items + 1)))
    right, wrong = _runs(curve)
    values = areas(right[None], wrong[None], harmonic)[0]
    right, wrong = _runs(curve, MOST_RUNS)
    shift = values - areas(right[None], wrong[None], harmonic)[0]
    num_runs = len(right)

    def numbers(drawn: np.ndarray) -> np.ndarray:
        return areas(drawn[:, :num_runs], drawn[:, num_runs:], harmonic) + shift

    drawn = bootstrap(np.append(right, wrong), numbers, num_resamples, seed)
    auroc, area, excess, general = (
        percentile_estimate(values[i], drawn[:, i]) for i in range(len(values))
    )
    sizes = curve.num_items, curve.num_errors
    return Detection(auroc, area, excess, general, _reason(curve, noun), *sizes)


def _reason(curve: RiskCoverage, noun: Noun) -> str:
    counted = noun.counted(curve.num_items)
    if not curve.num_errors:
        return f"None of the {counted} is an error: nothing to find."
    if curve.num_errors == curve.num_items:
        return f"All {counted} are errors: no correct answer to tell them from."
    return ""


def _runs(curve: RiskCoverage, most: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Correct answers and errors of each run, surest first, two int arrays (A,)."""
    size = np.diff(curve.accepted, prepend=0).astype(np.int64)  # their products are large
    wrong = np.diff(curve.mistakes, prepend=0).astype(np.int64)
    clean = wrong == 0
    first = np.flatnonzero(np.append(True, ~(clean[1:] & clean[:-1])))
    if most and most < len(first):
        first = first[np.linspace(0, len(first), most, endpoint=False, dtype=int)]
    wrong = np.add.reduceat(wrong, first)
    return np.add.reduceat(size, first) - wrong, wrong


def areas(right: np.ndarray, wrong: np.ndarray, harmonic: np.ndarray) -> np.ndarray:
    """AUROC, AURC, excess AURC and AUGRC, (r, 4), of r resamples of runs (r, A), surest first.

    Inside a run of `size` items after `before` others, of which `errors` are wrong, the
    cumulated errors at place i are `errors + (i - before) * share`; their sum over i, divided
    by i, is a difference of harmonic numbers.
    """
    size = right + wrong
    after, total_errors = size.cumsum(1), wrong.sum(1)
    before, errors = after - size, wrong.cumsum(1) - wrong
    num_items = after[:, -1]
    share = wrong / np.maximum(size, 1)
    spread = (errors - before * share) * (harmonic[after] - harmonic[before])
    area = (spread + share * size).sum(1) / num_items
    behind = total_errors[:, None] - errors - wrong / 2
    num_right = num_items - total_errors
    with np.errstate(invalid="ignore", divide="ignore"):
        auroc = (right * behind).sum(1) / (num_right * total_errors)
    best = total_errors - num_right * (harmonic[num_items] - harmonic[num_right])
    general = ((errors + wrong / 2) * size).sum(1) / num_items**2
    return np.column_stack([auroc, area, area - best / num_items, general])


def auroc_differences(
    values: Mapping[str, np.ndarray], correct: np.ndarray, higher_is_surer: dict[str, bool]
) -> dict[str, Estimate]:
    """How much more AUROC the best measure has than each, with 95 % intervals of the difference.

    The measures share their items, so their AUROCs move together and the interval of a
    difference says more than two overlapping ones. The best has 0 exactly; without an error or
    a correct answer all are nan.

    Args:
        values: Of each of M measures, (N,).
        correct: (N,) bool.
        higher_is_surer: Of each measure.

    Reference: DeLong, DeLong, Clarke-Pearson 1988, eq. 5; computed as in Sun, Xu 2014.
    """
    correct = np.asarray(correct, bool)
    if not values or correct.all() or not correct.any():
        return dict.fromkeys(values, UNKNOWN)
    signed = [values[name] if higher_is_surer[name] else -values[name] for name in values]
    placed = [_placements(value[correct], value[~correct]) for value in signed]
    of_right, of_wrong = (np.array([pair[side] for pair in placed]) for side in (0, 1))
    auroc = of_right.mean(1)
    best = int(auroc.argmax())
    variance = sum(
        ((side[best] - side).var(1, ddof=1) / side.shape[1] if side.shape[1] > 1 else np.nan)
        for side in (of_right, of_wrong)
    )
    half = ndtri((1 + LEVEL) / 2) * np.sqrt(variance)
    lost = auroc[best] - auroc
    rows = zip(values, lost, np.broadcast_to(half, lost.shape), strict=True)
    return {name: Estimate(float(x), float(x - h), float(x + h)) for name, x, h in rows}


def _placements(right: np.ndarray, wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each correct answer the share of errors less sure, for each error that of correct
    answers surer; ties count half.
    """

    def share_below(values: np.ndarray, others: np.ndarray) -> np.ndarray:
        others = np.sort(others)
        below, up_to = np.searchsorted(others, values), np.searchsorted(others, values, "right")
        return (below + up_to) / (2 * len(others))

    return share_below(right, wrong), 1 - share_below(wrong, right)
