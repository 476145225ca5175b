"""Which items of a score table are looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.measures.register import BY_COLUMN
from core.measures.table import percentiles


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
        pair: (label, prediction): keep one confusion.
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


def apply(table: pd.DataFrame, wanted: Filter) -> pd.DataFrame:
    """The rows of the table that meet every condition, in the table's order.

    Args:
        table: A score table.
        wanted: The conditions. Percentiles are taken over the whole table, so that they mean the
            same under every other condition.
    """
    keep = _in_range(table, wanted) & _of_classes(table, wanted)
    if wanted.only_mistakes:
        keep &= (~table["correct"]).fillna(False).astype(bool)
    found = table[keep]
    if wanted.most is None:
        return found
    return least_sure(found, wanted.measure).head(wanted.most).sort_index()


def least_sure(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The table sorted by a measure, the least sure first; equal values: the lower index first.

    A table without the measure, as of answers alone, keeps its order.
    """
    if measure not in table:
        return table
    return table.sort_values(
        measure, ascending=not BY_COLUMN[measure].unsure_is_high, kind="stable"
    )


def confusions(table: pd.DataFrame) -> pd.Series:
    """How often each (label, prediction) with label != prediction occurs, most often first."""
    mistakes = table[(~table["correct"]).fillna(False).astype(bool)]
    label, prediction = (mistakes[name].to_numpy(np.int64) for name in ("label", "prediction"))
    width = int(prediction.max(initial=0)) + 1
    pairs, counts = np.unique(label * width + prediction, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    codes = [pairs[order] // width, pairs[order] % width]
    index = pd.MultiIndex.from_arrays(codes, names=["label", "prediction"])
    return pd.Series(counts[order], index=index)


def _in_range(table: pd.DataFrame, wanted: Filter) -> pd.Series:
    bounds = [wanted.low, wanted.high]
    if bounds == [None, None]:  # a table of answers alone has no measure to look at
        return pd.Series(True, index=table.index)
    if None not in bounds:
        bounds = sorted(bounds)  # type: ignore[type-var]
    values = percentiles(table, wanted.measure) if wanted.by_percentile else table[wanted.measure]
    keep = pd.Series(True, index=table.index)
    if bounds[0] is not None:
        keep &= values >= bounds[0]
    if bounds[1] is not None:
        keep &= values <= bounds[1]
    return keep


def _of_classes(table: pd.DataFrame, wanted: Filter) -> pd.Series:
    keep = pd.Series(True, index=table.index)
    if wanted.labels:
        keep &= table["label"].isin(wanted.labels).astype(bool)
    if wanted.predictions:
        keep &= table["prediction"].isin(wanted.predictions)
    if wanted.pair:
        label, prediction = wanted.pair
        keep &= ((table["label"] == label) & (table["prediction"] == prediction)).fillna(False)
    return keep.astype(bool)
