"""A score table as plain arrays: what a million rows are filtered, ordered and counted by."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from core.measures.register import BY_COLUMN
from core.study.dataset import UNLABELLED

UNKNOWN = -1
"""Of an item without a label, neither right (1) nor wrong (0)."""


class ScoreArrays:
    """The columns of a score table of N rows; read only, and shared by all visitors.

    What takes a while is computed once and kept: each measure's order, and the place of each row
    in it.

    Args:
        table: A score table whose row n is item n.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        self._orders: dict[str, np.ndarray] = {}
        self._places: dict[str, np.ndarray] = {}
        self._known: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.table)

    def __contains__(self, column: str) -> bool:
        return column in self.table

    def __getitem__(self, column: str) -> np.ndarray:
        """A measure's values, or places on the map: float (N,), not copied."""
        return self.table[column].to_numpy()

    @cached_property
    def rows(self) -> np.ndarray:
        """0 to N - 1, int32."""
        return np.arange(len(self), dtype=np.int32)

    @cached_property
    def label(self) -> np.ndarray:
        """Class codes int32 (N,), UNLABELLED where not known."""
        return self.table["label"].to_numpy(np.int32, na_value=UNLABELLED)

    @cached_property
    def prediction(self) -> np.ndarray:
        """Class codes int (N,)."""
        return self.table["prediction"].to_numpy()

    @cached_property
    def correct(self) -> np.ndarray:
        """1 where the prediction is the label, 0 where it is not, UNKNOWN: int8 (N,)."""
        return self.table["correct"].to_numpy(np.int8, na_value=UNKNOWN)

    def codes(self, column: str) -> np.ndarray:
        """The codes of `label` or `prediction`."""
        return self.label if column == "label" else self.prediction

    def order(self, measure: str) -> np.ndarray:
        """All rows by a measure, see `least_sure_first`; without the measure as they are."""
        if measure not in self:
            return self.rows
        if measure not in self._orders:
            self._orders[measure] = least_sure_first(self[measure], measure)
        return self._orders[measure]

    def place(self, measure: str) -> np.ndarray:
        """Where each row stands in `order`, 0 the least sure: int32 (N,)."""
        if measure not in self._places:
            found = np.empty(len(self), np.int32)
            found[self.order(measure)] = self.rows
            self._places[measure] = found
        return self._places[measure]

    def num_known(self, measure: str) -> int:
        """How many rows have a value; they stand first in `order`."""
        if measure not in self._known:
            self._known[measure] = len(self) - int(np.count_nonzero(np.isnan(self[measure])))
        return self._known[measure]

    def ascending(self, measure: str, place: int) -> float:
        """The value at a place, 0 the smallest, among those that are known."""
        if BY_COLUMN[measure].unsure_is_high:
            place = self.num_known(measure) - 1 - place
        return self[measure][self.order(measure)[place]]

    def percentile(self, measure: str, row: int) -> float:
        """The share of rows, in percent, whose value is smaller or equal: in (0, 100]."""
        values = self[measure]
        known = self.num_known(measure)
        return float(np.count_nonzero(values <= values[row]) / known * 100) if known else np.nan


def least_sure_first(values: np.ndarray, measure: str) -> np.ndarray:
    """The positions of the values, the least sure first; equal values as they come, NaN last.

    Args:
        values: Of the measure, float (n,).
        measure: Which says whether high means unsure.

    Returns:
        int32 (n,).
    """
    rising = -values if BY_COLUMN[measure].unsure_is_high else values
    if values.dtype != np.float32:
        return np.argsort(rising, kind="stable").astype(np.int32)
    # Value and position in one 64-bit number: several times as fast as a stable sort of floats.
    keys = _as_unsigned(rising).astype(np.uint64) << np.uint64(32)
    keys |= np.arange(len(values), dtype=np.uint64)
    keys.sort()
    return (keys & np.uint64(0xFFFFFFFF)).astype(np.int32)


def _as_unsigned(values: np.ndarray) -> np.ndarray:
    """Numbers uint32 (n,) in the order of float32 values; NaN last, and -0 is 0."""
    bits = (values + np.float32(0)).view(np.uint32)
    negative = bits >> np.uint32(31) == 1
    found = np.where(negative, ~bits, bits | np.uint32(1 << 31))
    found[np.isnan(values)] = np.iinfo(np.uint32).max
    return found
