"""Which items of a score table are looked at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.measures.score_arrays import ScoreArrays
from core.measures.selection import Selection


@dataclass(frozen=True)
class Filter:
    """Conditions that all hold; the default keeps every row.

    Attributes:
        measure: Column that `low`, `high` and `most` speak of.
        low, high: Kept are low <= value <= high; None leaves that end open. A reversed pair is
            taken the right way round.
        by_percentile: Whether low and high are percentiles, 0 to 100, not values.
        most: Keep the N least sure by `measure` of what the other conditions leave; None: all.
        labels, predictions: Classes kept; empty keeps all.
        only_mistakes: Keep only rows whose label is known and not predicted.
        pair: (label, prediction): keep one confused pair.
    """

    measure: str = "confidence"
    low: float | None = None
    high: float | None = None
    by_percentile: bool = False
    most: int | None = None
    labels: tuple[int, ...] = ()
    predictions: tuple[int, ...] = ()
    only_mistakes: bool = False
    pair: tuple[int, int] | None = None

    @property
    def keeps_all(self) -> bool:
        """Whether there is no condition, whatever measure would be looked at."""
        nothing = (self.low, self.high, self.most, self.pair) == (None,) * 4
        return nothing and not (self.labels or self.predictions or self.only_mistakes)


def select(arrays: ScoreArrays, wanted: Filter) -> Selection:
    """The rows that meet every condition.

    Args:
        arrays: The columns of a score table.
        wanted: The conditions. Percentiles are taken over the whole table, so that they mean the
            same under every other condition.
    """
    conditions = list(_conditions(arrays, wanted))
    found = Selection(arrays)
    if conditions:
        found = Selection(arrays, arrays.rows[np.logical_and.reduce(conditions)])
    if wanted.most is None or wanted.most >= len(found):
        return found
    return Selection(arrays, np.sort(found.order(wanted.measure)[: wanted.most]))


def confusions(selection: Selection) -> pd.Series:
    """How often each (label, prediction) with label != prediction occurs, most often first."""
    mistakes = selection.mistakes()
    label = selection.arrays.label[mistakes].astype(np.int64)
    prediction = selection.arrays.prediction[mistakes].astype(np.int64)
    width = int(prediction.max(initial=0)) + 1
    pairs, counts = np.unique(label * width + prediction, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    codes = [pairs[order] // width, pairs[order] % width]
    index = pd.MultiIndex.from_arrays(codes, names=["label", "prediction"])
    return pd.Series(counts[order], index=index)


def _conditions(arrays: ScoreArrays, wanted: Filter) -> Iterator[np.ndarray]:
    """Whether each row meets them, one condition after another: bool (N,)."""
    yield from _in_range(arrays, wanted)
    if wanted.labels:
        yield np.isin(arrays.label, wanted.labels)
    if wanted.predictions:
        yield np.isin(arrays.prediction, wanted.predictions)
    if wanted.pair:
        label, prediction = wanted.pair
        yield arrays.label == label
        yield arrays.prediction == prediction
    if wanted.only_mistakes:
        yield arrays.correct == 0


def _in_range(arrays: ScoreArrays, wanted: Filter) -> Iterator[np.ndarray]:
    low, high = wanted.low, wanted.high
    if low is None and high is None:  # a table of answers alone has no measure to look at
        return
    if low is not None and high is not None:
        low, high = sorted((low, high))
    values = arrays[wanted.measure]
    if low is not None:
        yield _at_least(arrays, wanted.measure, low) if wanted.by_percentile else values >= low
    if high is not None:
        yield _at_most(arrays, wanted.measure, high) if wanted.by_percentile else values <= high


# The percentile of a value is the share of values up to it. Looked up in the kept order, so that
# no million percentiles are computed: only the one value at the end of the range.


def _at_least(arrays: ScoreArrays, measure: str, percent: float) -> np.ndarray:
    known, values = arrays.num_known(measure), arrays[measure]
    first = bisect_left(range(known), percent, key=lambda place: (place + 1) / known * 100)
    if first == known:
        return np.zeros(len(values), bool)
    return values >= arrays.ascending(measure, first)


def _at_most(arrays: ScoreArrays, measure: str, percent: float) -> np.ndarray:
    known, values = arrays.num_known(measure), arrays[measure]
    beyond = bisect_right(range(known), percent, key=lambda place: (place + 1) / known * 100)
    if beyond == known:
        return ~np.isnan(values)
    return values < arrays.ascending(measure, beyond)
