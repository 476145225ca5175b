"""A score table as people take it along: ids and class names in place of rows and codes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from core.measures.streamed_probs import StreamedProbs
from core.measures.table import with_probs
from core.study.dataset import Dataset
from core.study.predictions import Predictions

MOST_PROBS = 100
"""Classes up to which the probabilities go along: more columns than that no spreadsheet shows."""


PART_VALUES = 1_000_000
"""Cells of a part of a table: some 10 MB on the way to a file."""


def export_table(dataset: Dataset, model: Predictions, table: pd.DataFrame) -> pd.DataFrame:
    """Some rows of a score table with the class probabilities, by id.

    Args:
        dataset: The items.
        model: Whose table it is.
        table: The rows, by row number.

    Returns:
        Index `id`; `label` and `prediction` as class names, every measure, and p_0 to p_{K-1}
        where there are at most 100 classes.
    """
    whole = table
    if model.has_distribution and dataset.num_classes <= MOST_PROBS and len(table):
        probs = StreamedProbs(model, table.index.to_numpy(), model.temperature)
        whole = with_probs(table, np.concatenate([block.mean_probs for block in probs]))
    names = pd.array(dataset.class_names, dtype="string")
    named = {name: _named(whole[name], names) for name in ("label", "prediction") if name in whole}
    ids = pd.Index(dataset.ids.take(table.index), name="id", dtype=str)
    return whole.assign(**named).set_index(ids)


def export_parts(
    dataset: Dataset, model: Predictions, rows: np.ndarray
) -> Iterator[tuple[np.ndarray, pd.DataFrame]]:
    """`export_table` of any number of rows a part at a time: its row numbers, and its table.

    Args:
        dataset: The items.
        model: Whose score table it is.
        rows: Row numbers int (n,), in the order of the parts; at least one.
    """
    size = max(1, PART_VALUES // (min(dataset.num_classes, MOST_PROBS) + 20))
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        yield part, export_table(dataset, model, model.scores.iloc[part])


def _named(codes: pd.Series, names: pd.api.extensions.ExtensionArray) -> pd.Series:
    known = codes.notna()
    found = pd.Series(pd.NA, index=codes.index, dtype="string")
    found[known] = names.take(codes[known].astype("int64").to_numpy())
    return found
