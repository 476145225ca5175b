"""Some rows of a score table: those that pass a filter, or lie inside a lasso."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from core.measures.score_arrays import ScoreArrays, least_sure_first
from core.study.dataset import UNLABELLED


class Selection:
    """Rows of a score table, ascending; shared and read only.

    What is asked of them is computed once and kept as long as the selection.

    Args:
        arrays: The table's columns.
        rows: int (n,), ascending and each once; None: all.
    """

    def __init__(self, arrays: ScoreArrays, rows: np.ndarray | None = None) -> None:
        self.arrays = arrays
        self._rows = rows
        self._kept: dict[tuple[str, str], Any] = {}

    def __len__(self) -> int:
        return len(self.arrays) if self._rows is None else len(self._rows)

    @property
    def is_whole(self) -> bool:
        """Whether these are all rows."""
        return self._rows is None

    @property
    def rows(self) -> np.ndarray:
        """Their numbers, ascending: int (n,)."""
        return self.arrays.rows if self._rows is None else self._rows

    def of(self, values: np.ndarray) -> np.ndarray:
        """Those of values (N,) that belong to these rows: (n,)."""
        return values if self._rows is None else values[self._rows]

    def holds(self, row: int) -> bool:
        """Whether a row is one of them."""
        if self._rows is None:
            return 0 <= row < len(self.arrays)
        place = int(np.searchsorted(self._rows, row))
        return place < len(self._rows) and int(self._rows[place]) == row

    def only(self, keep: np.ndarray) -> Selection:
        """Some of them: bool (n,) says which."""
        return Selection(self.arrays, self.rows[keep])

    def order(self, measure: str) -> np.ndarray:
        """Their numbers by a measure, the least sure first; equal values: the lower row first.

        A table without the measure, as of answers alone, keeps its order.
        """
        if self._rows is None or measure not in self.arrays:
            return self.arrays.order(measure) if self._rows is None else self._rows
        return self._once("order", measure, lambda: self._ordered(measure))

    def _ordered(self, measure: str) -> np.ndarray:
        if len(self) < len(self.arrays) // 16:
            return self.rows[least_sure_first(self.of(self.arrays[measure]), measure)]
        keep = np.zeros(len(self.arrays), bool)
        keep[self.rows] = True
        order = self.arrays.order(measure)  # kept, so that most of the table is not sorted again
        return order[keep[order]]

    def table(self, rows: np.ndarray | None = None) -> pd.DataFrame:
        """Their rows of the score table, or a few of the table's rows in the order given."""
        if rows is None and self._rows is None:
            return self.arrays.table
        return self.arrays.table.iloc[self.rows if rows is None else rows]

    def accuracy(self, other: ScoreArrays | None = None) -> float:
        """The share of the labelled ones that are right, of another model if given; NaN: none.

        Args:
            other: A table of the same items.
        """
        correct = (other or self.arrays).correct
        whose = str(id(other)) if other else ""
        return self._once("accuracy", whose, lambda: _accuracy(self.of(correct)))

    def mean(self, column: str) -> float:
        """The mean of a column's known values; NaN without any."""
        return self._once("mean", column, lambda: _known(self.of(self.arrays[column])).mean())

    def median(self, column: str) -> float:
        """The median of a column's known values; NaN without any."""
        return self._once("median", column, lambda: _median(self.of(self.arrays[column])))

    def label_counts(self) -> np.ndarray:
        """How many have each label, int64; as long as the largest code needs."""
        labels = self.of(self.arrays.label)
        return np.bincount(labels[labels != UNLABELLED])

    def mistakes(self) -> np.ndarray:
        """The numbers of those whose label is known and not predicted, ascending."""
        wrong = lambda: self.rows[self.of(self.arrays.correct) == 0]  # noqa: E731
        return self._once("mistakes", "", wrong)

    def _once(self, what: str, column: str, compute: Callable[[], Any]) -> Any:
        """What was computed before; two visitors at once may both compute it, to the same."""
        key = (what, column)
        if key not in self._kept:
            self._kept[key] = compute()
        return self._kept[key]


def _accuracy(correct: np.ndarray) -> float:
    right, wrong = np.count_nonzero(correct == 1), np.count_nonzero(correct == 0)
    return right / (right + wrong) if right + wrong else np.nan


def _known(values: np.ndarray) -> np.ndarray:
    known = values[~np.isnan(values)].astype(np.float64)
    return known if len(known) else np.array([np.nan])


def _median(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    if not len(known):
        return np.nan
    # Not NumPy's, which looks for NaN once more and takes twice as long.
    middle = (len(known) - 1) // 2, len(known) // 2
    low, high = np.partition(known, middle)[list(middle)].tolist()
    return (low + high) / 2
