"""A score table as people take it along: ids and class names in place of rows and codes."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from core.measures.streamed_probs import StreamedProbs
from core.measures.table import with_probs
from core.study.dataset import Dataset
from core.study.predictions import Predictions

MOST_PROBS = 100
"""Classes up to which the probabilities go along: more columns than that no spreadsheet shows."""


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


def parquet_bytes(table: pd.DataFrame) -> bytes:
    """A table as Parquet."""
    buffer = io.BytesIO()
    table.to_parquet(buffer)
    return buffer.getvalue()


def _named(codes: pd.Series, names: pd.api.extensions.ExtensionArray) -> pd.Series:
    known = codes.notna()
    found = pd.Series(pd.NA, index=codes.index, dtype="string")
    found[known] = names.take(codes[known].astype("int64").to_numpy())
    return found
