"""Decisions name items by id; the arrays of a data set have rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.study.ids import Ids


@dataclass(frozen=True)
class ByRow:
    """Decisions by row.

    Attributes:
        current: As given, its index `row` the items' rows in the data set.
        num_unknown: Decisions left out because the data set has no item of their id.
    """

    current: pd.DataFrame
    num_unknown: int


def by_row(current: pd.DataFrame, ids: Ids) -> ByRow:
    """The decisions that stand, by row in place of id.

    Args:
        current: core.review.decisions.current_decisions, index `item`.
        ids: Of the data set.
    """
    rows = ids.rows(current.index.tolist())
    kept = current[np.array([row is not None for row in rows], bool)]
    index = pd.Index([row for row in rows if row is not None], dtype="int64", name="row")
    return ByRow(kept.set_axis(index), len(rows) - len(kept))
