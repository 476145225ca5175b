"""What the Brier score is made of.

N images, K classes, R resamples, A bundles of images.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.trust.intervals import (
    NUM_RESAMPLES,
    SEED,
    UNKNOWN,
    Estimate,
    bootstrap,
    bundle,
    percentile_estimate,
)


class BrierParts(NamedTuple):
    """Brier score = uncertainty - resolution + reliability - within; see `brier_parts`."""

    uncertainty: Estimate
    resolution: Estimate
    reliability: Estimate
    within: Estimate


class _Sums(NamedTuple):
    """Of r resamples, by predicted class: labels (r, K, K), probabilities (r, K, K), squares (r,).

    The last axis of the first two is the label's and the probability's class.
    """

    labels: np.ndarray
    probs: np.ndarray
    squares: np.ndarray
    of_label: np.ndarray


def brier_parts(
    mean_probs: np.ndarray,
    labels: np.ndarray,
    num_resamples: int = NUM_RESAMPLES,
    seed: int = SEED,
) -> BrierParts:
    """The Brier score as `uncertainty - resolution + reliability - within`, with 95 % intervals.

    Images are grouped by predicted class, as TFP's `brier_decomposition` groups them.
    Uncertainty: `1 - sum_k pbar_k**2` of the label shares pbar (TFP leaves the 1 out).
    Resolution: how far the groups' label shares lie from pbar, squared; higher is better. (TFP
    0.25 subtracts pbar along the wrong axis, which is harmless only for equally frequent classes.)
    Reliability: how far the probabilities lie from their group's label shares; lower is better.
    Within: twice the covariance of probabilities and labels inside the groups, which the first
    three leave out because probabilities vary inside a group; higher is better.

    Args:
        mean_probs: (N, K) probabilities, the mean over the members.
        labels: (N,) class numbers.
        num_resamples: R.
        seed: Equal seeds give equal draws.

    Reference: Broecker 2009, eq. 10; Stephenson et al. 2008, eq. 4, for the term within.
    """
    if not len(labels):
        return BrierParts(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
    num_classes = mean_probs.shape[1]
    probs = mean_probs.astype(np.float64)
    of_label = probs[np.arange(len(labels)), labels]
    cells = probs.argmax(1) * num_classes + labels
    groups = bundle(cells, of_label, most_per_cell=20)
    columns = [*probs.T, np.einsum("nk,nk->n", probs, probs), of_label]
    means = groups.sums(columns) / groups.size[:, None]
    cell = cells[groups.order[groups.first]]

    def numbers(drawn: np.ndarray) -> np.ndarray:
        return _parts(_summed(drawn, means, cell, num_classes))

    values = numbers(groups.size[None])[0]
    drawn = bootstrap(groups.size, numbers, num_resamples, seed)
    return BrierParts(*(percentile_estimate(values[i], drawn[:, i]) for i in range(4)))


def _summed(drawn: np.ndarray, means: np.ndarray, cell: np.ndarray, num_classes: int) -> _Sums:
    """Sums over bundles (r, A) whose rows average `means` (A, K + 2) and which sort by cell."""
    num_drawn, num_cells = len(drawn), num_classes**2
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    labels = np.zeros((num_drawn, num_cells))
    labels[:, cell[first]] = np.add.reduceat(drawn, first, axis=1)
    predicted = cell // num_classes
    probs = np.zeros((num_drawn, num_classes, num_classes))
    for k in np.unique(predicted):
        of_class = predicted == k
        probs[:, k] = drawn[:, of_class] @ means[of_class, :num_classes]
    shape = (num_drawn, num_classes, num_classes)
    squares, of_label = (drawn @ means[:, num_classes:]).T
    return _Sums(labels.reshape(shape), probs, squares, of_label)


def _parts(sums: _Sums) -> np.ndarray:
    """Uncertainty, resolution, reliability and within, (r, 4)."""
    counts = sums.labels.sum(2)
    total = counts.sum(1)
    shares = sums.labels / np.maximum(counts, 1)[..., None]
    overall = sums.labels.sum(1) / total[:, None]
    weight = counts / total[:, None]
    uncertainty = 1 - (overall**2).sum(1)
    away = ((overall[:, None] - shares) ** 2).sum(2)
    resolution = (weight * away).sum(1)
    cross = (sums.probs * shares).sum((1, 2)) / total
    reliability = sums.squares / total - 2 * cross + (weight * (shares**2).sum(2)).sum(1)
    score = (sums.squares - 2 * sums.of_label) / total + 1
    within = uncertainty - resolution + reliability - score
    return np.column_stack([uncertainty, resolution, reliability, within])
