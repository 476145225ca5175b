"""Which items tell most about how models differ?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

SPREAD_OVER = 3
"""Kinds of item, taken in turn: disputed between models, doubted by all, doubted by one."""


def telling_items(tables: Sequence[pd.DataFrame], count: int) -> list[int]:
    """Row numbers of items to judge by several models side by side, the most telling first.

    In turn: one of which the models' doubts differ most, one that all doubt, and one that the
    surest of them doubts least among those that some model has wrong or would miss.

    Args:
        tables: A score table a model, of the same items, each with `least_confidence`.
        count: How many at most.
    """
    doubts = np.stack([table["least_confidence"].to_numpy(float) for table in tables])
    answers = np.stack([table["prediction"].to_numpy() for table in tables])
    disputed = (answers != answers[0]).any(axis=0)
    orders = [
        np.argsort(-(doubts.max(0) - doubts.min(0)), kind="stable"),
        np.argsort(-doubts.min(0), kind="stable"),
        np.argsort(np.where(disputed, doubts.sum(0), np.inf), kind="stable"),
    ]
    turns = np.stack([order[:count] for order in orders], axis=1).ravel()
    places = pd.unique(turns)[:count]
    return tables[0].index.to_numpy()[places].tolist()
