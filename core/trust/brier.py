"""What the Brier score is made of.

N items, K classes, R resamples, A bundles of items, C cells: pairs of predicted class and label
that occur, sorted by predicted class.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.measures.streamed_probs import MeanProbs
from core.trust.intervals import (
    MOST_BUNDLES,
    NUM_RESAMPLES,
    SEED,
    UNKNOWN,
    Bundles,
    Estimate,
    bootstrap,
    bundle,
    percentile_estimate,
)
from core.trust.judged import Judged

MOST_BUNDLES_A_CELL = 20
FEWER_RESAMPLES = 250
MANY_BUNDLES = 15_000
MOST_MEANS = 8_000_000
"""Mean probabilities of all bundles that may be kept at once, 64 MB."""
_DRAWS_AT_ONCE = 2_000_000


class BrierParts(NamedTuple):
    """Brier score = uncertainty - resolution + reliability - within; see `brier_parts`."""

    uncertainty: Estimate
    resolution: Estimate
    reliability: Estimate
    within: Estimate


def brier_parts(judged: Judged, num_resamples: int = NUM_RESAMPLES, seed: int = SEED) -> BrierParts:
    """The Brier score as `uncertainty - resolution + reliability - within`, with 95 % intervals.

    Items are grouped by predicted class, as TFP's `brier_decomposition` groups them.
    Uncertainty: `1 - sum_k pbar_k**2` of the label shares pbar (TFP leaves the 1 out).
    Resolution: how far the groups' label shares lie from pbar, squared; higher is better. (TFP
    0.25 subtracts pbar along the wrong axis, which is harmless only for equally frequent classes.)
    Reliability: how far the probabilities lie from their group's label shares; lower is better.
    Within: twice the covariance of probabilities and labels inside the groups, which the first
    three leave out because probabilities vary inside a group; higher is better.

    Of a group's probabilities only those of labels that occur in it enter. More than 5,000 bundles,
    which only hundreds of classes have, are drawn 250 times and no more. Where more than
    MOST_MEANS of them were needed even for one bundle a cell, as for a million items that a
    thousand classes share out at random, the intervals stay unknown.

    Args:
        judged: With a distribution; without one all parts are unknown.
        num_resamples: R.
        seed: Equal seeds give equal draws.

    Reference: Broecker 2009, eq. 10; Stephenson et al. 2008, eq. 4, for the term within.
    """
    if not len(judged) or judged.probs is None:
        return BrierParts(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
    cells = judged.prediction * judged.num_classes + judged.labels
    occurring = _Cells.of(cells, judged.num_classes)
    parted = bundled(cells, judged.distribution.of_label, occurring)
    sums = _Sums.of(judged, occurring, parted)
    values = sums.parts(parted.size[None])[0]
    if sums.is_merged:
        return BrierParts(*(Estimate(float(v), np.nan, np.nan) for v in values))
    if len(parted.size) > MOST_BUNDLES:
        num_resamples = min(num_resamples, FEWER_RESAMPLES)
    drawn = bootstrap(parted.size, sums.parts, num_resamples, seed, _DRAWS_AT_ONCE)
    return BrierParts(*(percentile_estimate(values[i], drawn[:, i]) for i in range(4)))


class _Cells(NamedTuple):
    """The cells that occur.

    `label` (C,) is each one's label; `first` and `size` (G,) say which of them a group holds, and
    `group` (K,) which group an item predicted as a class is in.
    """

    number: np.ndarray
    label: np.ndarray
    first: np.ndarray
    size: np.ndarray
    group: np.ndarray

    @classmethod
    def of(cls, cells: np.ndarray, num_classes: int) -> _Cells:
        number = np.unique(cells)
        predicted, first = np.unique(number // num_classes, return_index=True)
        group = np.zeros(num_classes, np.int64)
        group[predicted] = np.arange(len(predicted))
        size = np.diff(np.append(first, len(number)))
        return cls(number, number % num_classes, first, size, group)


def bundled(cells: np.ndarray, of_label: np.ndarray, occurring: _Cells) -> Bundles:
    """Bundles of like items, at most 20 a cell, fewer where that takes too much time or memory."""
    per_cell = np.bincount(np.searchsorted(occurring.number, cells))
    labels_of_cell = np.repeat(occurring.size, occurring.size)
    most = MOST_BUNDLES_A_CELL
    while most > 2 and np.minimum(per_cell, most).sum() > MANY_BUNDLES:
        most //= 2
    while most > 1 and (np.minimum(per_cell, most) * labels_of_cell).sum() > MOST_MEANS:
        most //= 2
    return bundle(cells, of_label, most_per_cell=most)


class _Sums(NamedTuple):
    """What the parts are computed from, for bundles that sort by cell.

    Attributes:
        cells: Those that occur.
        first: (C,) the first bundle of each cell.
        means: (A, 2) mean of the squares and of the label's probability.
        probs: Of each group, mean probabilities (bundles, labels that occur in it).
        is_merged: Whether `probs` holds one row per group instead, of all its items.
        num_classes: K.
    """

    cells: _Cells
    first: np.ndarray
    means: np.ndarray
    probs: list[np.ndarray]
    is_merged: bool
    num_classes: int

    @classmethod
    def of(cls, judged: Judged, cells: _Cells, parted: Bundles) -> _Sums:
        known = judged.distribution
        means = parted.sums([known.squares, known.of_label]) / parted.size[:, None]
        ordered = judged.prediction * judged.num_classes + judged.labels
        ordered = ordered[parted.order[parted.first]]
        first = np.searchsorted(ordered, cells.number)
        start = np.append(first[cells.first], len(parted.size))
        is_merged = bool((np.diff(start) * cells.size).sum() > MOST_MEANS)
        rows = np.arange(len(cells.size)) if is_merged else _bundle_of_each(parted)
        if is_merged:
            start = np.arange(len(cells.size) + 1)
        rows = cells.group[judged.prediction] if is_merged else _bundle_of_each(parted)
        probs = _summed(known.probs, judged.prediction, cells, start, rows)
        count = np.bincount(rows)
        split = [p / count[a:b, None] for p, a, b in zip(probs, start, start[1:], strict=False)]
        return cls(cells, first, means, split, is_merged, judged.num_classes)

    def parts(self, drawn: np.ndarray) -> np.ndarray:
        """Uncertainty, resolution, reliability and within, (r, 4), of drawn bundles (r, A)."""
        per_cell = np.add.reduceat(drawn, self.first, axis=1)
        per_group = np.add.reduceat(per_cell, self.cells.first, axis=1)
        total = per_group.sum(1)
        share = per_cell / np.repeat(np.maximum(per_group, 1), self.cells.size, axis=1)
        overall = _by_label(per_cell, self.cells.label) / total[:, None]
        squared = (overall**2).sum(1)
        away = (per_cell * share).sum(1) / total
        drawn = drawn.astype(np.float64)  # once, for all products
        squares, of_label = (drawn @ self.means).T
        cross = self._cross(drawn, per_group, share) / total
        uncertainty, resolution = 1 - squared, away - squared
        reliability = squares / total - 2 * cross + away
        score = (squares - 2 * of_label) / total + 1
        within = uncertainty - resolution + reliability - score
        return np.column_stack([uncertainty, resolution, reliability, within])

    def _cross(self, drawn: np.ndarray, per_group: np.ndarray, share: np.ndarray) -> np.ndarray:
        """Sum over items of their probabilities times their group's label shares, (r,)."""
        weights = per_group if self.is_merged else drawn
        cross = np.zeros(len(drawn))
        bundles = cells = 0
        for probs in self.probs:
            num_bundles, num_labels = probs.shape
            weight = weights[:, bundles : bundles + num_bundles]
            of_group = share[:, cells : cells + num_labels]
            cross += np.einsum("rk,rk->r", weight @ probs, of_group)
            bundles, cells = bundles + num_bundles, cells + num_labels
        return cross


def _summed(
    probs: MeanProbs,
    prediction: np.ndarray,
    cells: _Cells,
    start: np.ndarray,
    row_of: np.ndarray,
) -> list[np.ndarray]:
    """Each group's sums of probabilities over rows: (rows of it, labels that occur in it).

    Args:
        probs: (N, K).
        prediction: (N,).
        cells: Those that occur.
        start: (G + 1,) the first row of each group, and the end.
        row_of: (N,) the row an item adds to.
    """
    offset = np.append(0, np.cumsum(np.diff(start) * cells.size))
    sums = np.zeros(offset[-1])
    for rows, block in probs:
        group = cells.group[prediction[rows]]
        num_labels = cells.size[group]
        item = np.repeat(np.arange(len(block)), num_labels)
        place = np.arange(len(item)) - np.repeat(np.cumsum(num_labels) - num_labels, num_labels)
        label = cells.label[cells.first[group][item] + place]
        target = (offset[group] + (row_of[rows] - start[group]) * num_labels)[item] + place
        np.add.at(sums, target, block[item, label].astype(np.float64))
    parts = np.split(sums, offset[1:-1])
    return [part.reshape(-1, size) for part, size in zip(parts, cells.size, strict=True)]


def _bundle_of_each(parted: Bundles) -> np.ndarray:
    number = np.empty(len(parted.order), np.int64)
    number[parted.order] = np.repeat(np.arange(len(parted.size)), parted.size)
    return number


def _by_label(per_cell: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Sums over the cells of a label, (r, labels that occur)."""
    order = np.argsort(label, kind="stable")
    first = np.flatnonzero(np.diff(label[order], prepend=-1))
    return np.add.reduceat(per_cell[:, order], first, axis=1)
