"""Two models on the same items: is their difference more than chance?

Every interval is paired: an item is drawn with both models' answers, so that what makes it hard
for both cancels. N items, R resamples, C bundles of items, M hypotheses.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, ndtr, ndtri

from core.trust.calibration import NUM_BINS
from core.trust.detection import areas
from core.trust.intervals import (
    LEVEL,
    MOST_BUNDLES,
    NUM_RESAMPLES,
    SEED,
    UNKNOWN,
    Estimate,
    bootstrap,
    bundle,
    percentile_estimate,
)
from core.trust.metrics import aurc, bin_numbers

_BISECTIONS = 50
_BUNDLES_OF_MEANS = 1_000
_BUNDLES_A_CELL = 5
_MOST_RUNS = 1_000
_FEW_ITEMS = 20_000
"""Items up to which a resample may be drawn item by item."""


def mcnemar(fixed: ArrayLike, broken: ArrayLike) -> np.ndarray:
    """McNemar's exact test that two models err equally often: its two-sided p-value, float.

    Under the hypothesis an item that only one of the two has right is as often the one's as the
    other's: twice the smaller tail of a binomial with chance 1/2, at most 1. No such item gives 1.

    Args:
        fixed: Items that only the second model has right, any shape.
        broken: Items that only the first model has right, the same shape.

    Reference: McNemar 1947; exact by the binomial, Fagerland, Lydersen, Laake 2013, eq. 2.
    """
    fixed, broken = np.asarray(fixed), np.asarray(broken)
    return np.minimum(1.0, 2 * bdtr(np.minimum(fixed, broken), fixed + broken, 0.5))


def accuracy_difference(
    fixed: ArrayLike, broken: ArrayLike, num_items: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """The score interval of `(fixed - broken) / num_items`, the second accuracy less the first.

    Two float arrays in [-1, 1], nan for no item. It keeps its level where few items tell the models
    apart, and is not empty where none does.

    Args:
        fixed: As in `mcnemar`.
        broken: As in `mcnemar`.
        num_items: N of each, the same shape.

    Reference: Tango 1998, "Equivalence test and confidence interval for the difference in
    proportions for the paired-sample design", eqs. 5 and 6.
    """
    fixed, broken, n = np.broadcast_arrays(
        *(np.asarray(x, float) for x in (fixed, broken, num_items))
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (fixed - broken) / n
        low, high = (_score_end(fixed, broken, n, middle, end) for end in (-1.0, 1.0))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def _score_end(
    fixed: np.ndarray, broken: np.ndarray, n: np.ndarray, middle: np.ndarray, end: float
) -> np.ndarray:
    """Where, from the estimate towards `end`, the score statistic reaches its quantile."""
    limit = ndtri((1 + LEVEL) / 2)
    inside, outside = middle, np.full(np.shape(middle), end)
    for _ in range(_BISECTIONS):
        at = (inside + outside) / 2
        is_inside = np.abs(_score(fixed, broken, n, at)) < limit
        inside, outside = np.where(is_inside, at, inside), np.where(is_inside, outside, at)
    return inside


def _score(fixed: np.ndarray, broken: np.ndarray, n: np.ndarray, delta: np.ndarray) -> np.ndarray:
    """Tango's statistic for a true difference `delta`, standard normal under it."""
    b = (2 * n - fixed + broken) * delta - fixed - broken
    c = -broken * delta * (1 - delta)
    share = (np.sqrt(np.maximum(b**2 - 8 * n * c, 0)) - b) / (4 * n)
    variance = n * np.maximum(2 * share + delta * (1 - delta), 1e-300)
    return (fixed - broken - n * delta) / np.sqrt(variance)


def mean_difference(
    first: np.ndarray, second: np.ndarray, num_resamples: int = NUM_RESAMPLES, seed: int = SEED
) -> Estimate:
    """`mean(second) - mean(first)` of a cost an item, with its paired 95 % bootstrap interval.

    Args:
        first: (N,) by the first model.
        second: (N,) by the second model, of the same items.
        num_resamples: R.
        seed: Equal seeds give equal draws.
    """
    if not len(first):
        return UNKNOWN
    costs = second - first
    groups = bundle(np.zeros(len(costs), int), costs, most_per_cell=_BUNDLES_OF_MEANS)
    means = groups.sums([costs])[:, 0] / groups.size
    drawn = bootstrap(groups.size, lambda size: size @ means / len(costs), num_resamples, seed)
    return percentile_estimate(float(costs.mean()), drawn)


def ece_difference(
    confidence: tuple[np.ndarray, np.ndarray],
    correct: tuple[np.ndarray, np.ndarray],
    num_bins: int = NUM_BINS,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """ECE of the second model less that of the first, with its paired 95 % interval.

    Chance only ever adds to an ECE, to that of a calibrated model most, and once more in every
    resample. So the interval spans the bootstrap's percentiles, and the same spread around the
    smallest and the largest difference that is left once what chance is expected to have added is
    taken from each ECE: all of it, where chance alone gives as much. It holds its level whether
    none, one or both of the models are calibrated, and is wider than need be where both are.

    Args:
        confidence: Of both models, each (N,) in [0, 1].
        correct: Of both, each bool (N,).
        num_bins: B, of equal width.
        num_resamples: R.
        seed: Equal seeds give equal draws.
    """
    num_items = len(confidence[0])
    if not num_items:
        return UNKNOWN
    sizes, excess = _excess_by_bin(confidence, correct, num_bins)
    gaps = (sizes @ excess).reshape(2, num_bins) / num_items
    drawn = bootstrap(sizes, lambda size: size @ excess, num_resamples, seed)
    drawn = drawn.reshape(-1, 2, num_bins) / num_items
    value = float(np.subtract(*np.abs(gaps).sum(1)[::-1]))
    differences = np.subtract(*np.abs(drawn).sum(2).T[::-1])
    if not differences.any():
        return Estimate(value, value, value)  # the same answers: nothing for chance to add to
    spread = differences - differences.mean()
    least, likely = _less_chance(gaps, drawn.std(0))
    spans = (differences, spread + least[1] - likely[0], spread + likely[1] - least[0])
    ends = [percentile_estimate(value, span)[1:] for span in spans]
    return Estimate(value, min(low for low, _ in ends), max(high for _, high in ends))


def _excess_by_bin(
    confidence: tuple[np.ndarray, np.ndarray], correct: tuple[np.ndarray, np.ndarray], num_bins: int
) -> tuple[np.ndarray, np.ndarray]:
    """Sizes of bundles of like items (C,), and what one of each adds to the bins (C, 2 B).

    That is, in each model's own bin, its right answers less its confidence.
    """
    edges = np.linspace(0, 1, num_bins + 1)
    bins = [bin_numbers(said, edges) for said in confidence]
    cells = (bins[0] * num_bins + bins[1]) * 4 + 2 * correct[0] + correct[1]
    groups = bundle(cells, confidence[0] + confidence[1], most_per_cell=_BUNDLES_A_CELL)
    rows, first = np.arange(len(groups.size)), groups.order[groups.first]
    sums = groups.sums([right - said for right, said in zip(correct, confidence, strict=True)])
    excess = np.zeros((len(rows), 2, num_bins))
    for model in range(2):
        excess[rows, model, bins[model][first]] = sums[:, model] / groups.size
    return groups.size, excess.reshape(len(rows), -1)


def _less_chance(gaps: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least and the likely ECE of each model, (2,), less what chance has added to it.

    Likely: the ECE of the gaps seen, all times that factor from 0 to 1 for which their mean
    absolute sum, with noise of the given spread, is the one seen. Least: the same, or 0 where the
    sum lies inside the 95 % range of noise alone.

    Args:
        gaps: (2, B) accuracy less confidence of each bin, times its share of the items.
        spread: (2, B) their standard deviations.
    """
    seen, noise = np.abs(gaps).sum(1), np.maximum(spread, 1e-12)
    low, high = np.zeros(2), np.ones(2)
    for _ in range(_BISECTIONS):
        factor = (low + high) / 2
        z = factor[:, None] * np.abs(gaps) / noise
        # The mean of the absolute value of a normal variable with mean z and variance 1.
        mean = np.sqrt(2 / np.pi) * np.exp(-(z**2) / 2) + z * (1 - 2 * ndtr(-z))
        is_less = (mean * noise).sum(1) < seen
        low, high = np.where(is_less, factor, low), np.where(is_less, high, factor)
    deviation = np.sqrt(((1 - 2 / np.pi) * noise**2).sum(1))
    by_chance = np.sqrt(2 / np.pi) * noise.sum(1) + ndtri((1 + LEVEL) / 2) * deviation
    return np.where(seen <= by_chance, 0, low * seen), low * seen


def aurc_difference(
    surer: tuple[np.ndarray, np.ndarray],
    correct: tuple[np.ndarray, np.ndarray],
    num_resamples: int = NUM_RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """AURC of the second model less that of the first, with its paired 95 % bootstrap interval.

    Items between the same two errors of the one model and of the other are drawn as one bundle,
    which changes neither area. Of many items neighbours are joined, as if they were tied, for the
    resamples; the value itself joins none.

    Args:
        surer: Of both models, (N,) what ranks the items, high meaning sure.
        correct: Of both, each bool (N,).
        num_resamples: R.
        seed: Equal seeds give equal draws.
    """
    num_items = len(correct[0])
    if not num_items:
        return UNKNOWN
    runs = _run_of_each(surer[0], correct[0]), _run_of_each(surer[1], correct[1])
    value = aurc(surer[1], correct[1]) - aurc(surer[0], correct[0])
    first, runs, sizes = _joint_runs(runs, correct)
    harmonic = np.append(0, np.cumsum(1 / np.arange(1, num_items + 1)))
    ordered = [
        _Ordered.of(run[first], right[first]) for run, right in zip(runs, correct, strict=True)
    ]

    def differences(drawn: np.ndarray) -> np.ndarray:
        one, other = (areas(*model.counted(drawn), harmonic)[:, 1] for model in ordered)
        return other - one

    drawn = bootstrap(sizes, differences, num_resamples, seed)
    return percentile_estimate(value, drawn + value - differences(sizes[None])[0])


def _run_of_each(surer: np.ndarray, correct: np.ndarray) -> np.ndarray:
    """Each item's run, int (N,), surest first: items tied, or right answers between two errors."""
    _, step = np.unique(-np.asarray(surer, np.float64), return_inverse=True)
    is_clean = np.bincount(step, weights=~correct) == 0
    is_first = np.append(True, ~(is_clean[1:] & is_clean[:-1]))
    return (np.cumsum(is_first) - 1)[step]


def _joint_runs(
    runs: tuple[np.ndarray, np.ndarray], correct: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Bundles of items in the same runs: an item of each (C,), the runs of all items, the sizes.

    Neighbouring runs are joined until there are few enough of them and of bundles.
    """
    most = _FEW_ITEMS if len(correct[0]) <= _FEW_ITEMS else MOST_BUNDLES
    num_runs = _MOST_RUNS
    while True:
        first_run, second_run = (_joined(run, num_runs) for run in runs)
        cells = ((first_run * num_runs + second_run) * 2 + correct[0]) * 2 + correct[1]
        _, first, sizes = np.unique(cells, return_index=True, return_counts=True)
        if len(sizes) <= most:
            return first, (first_run, second_run), sizes
        num_runs //= 2


def _joined(run: np.ndarray, most: int) -> np.ndarray:
    number = int(run.max()) + 1
    return run if number <= most else run * most // number


class _Ordered(NamedTuple):
    """How bundles add up to one model's runs: right answers and errors of each, surest first."""

    order: np.ndarray
    first: np.ndarray
    place: np.ndarray
    num_runs: int

    @classmethod
    def of(cls, run: np.ndarray, correct: np.ndarray) -> _Ordered:
        place = 2 * run + correct
        order = np.argsort(place, kind="stable")
        first = np.flatnonzero(np.diff(place[order], prepend=-1))
        return cls(order, first, place[order][first], int(run.max()) + 1)

    def counted(self, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Right answers and errors (r, runs) of drawn bundles (r, C)."""
        counts = np.zeros((len(drawn), 2 * self.num_runs), np.int64)
        counts[:, self.place] = np.add.reduceat(drawn[:, self.order], self.first, axis=1)
        return counts[:, 1::2], counts[:, ::2]


def holm(p_values: np.ndarray) -> np.ndarray:
    """P-values of M hypotheses, each allowing for all of them, (M,) in [0, 1].

    Calling significant what is under 5 % finds any difference that is not there in 5 % of all
    samples at most, however the hypotheses depend on each other. nan, for a hypothesis that was not
    tested, stays nan and does not count.

    Reference: Holm 1979, "A simple sequentially rejective multiple test procedure".
    """
    adjusted = np.full(len(p_values), np.nan)
    tested = np.flatnonzero(np.isfinite(p_values))
    order = tested[np.argsort(p_values[tested], kind="stable")]
    steps = np.asarray(p_values)[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1) if len(order) else steps
    return adjusted
