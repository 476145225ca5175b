"""Two models on the same items: is their difference more than chance?

Every interval is paired: an item is drawn with both models' answers, so that what makes it hard
for both cancels. N items, R resamples, C bundles of items.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from core.trust.calibration import NUM_BINS
from core.trust.intervals import (
    LEVEL,
    NUM_RESAMPLES,
    SEED,
    UNKNOWN,
    Estimate,
    bootstrap,
    bundle,
    percentile_estimate,
)
from core.trust.metrics import bin_numbers

_BISECTIONS = 50
_BUNDLES_OF_MEANS = 1_000
_BUNDLES_A_CELL = 5


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
