"""The score table: one row an item. Its columns are the contract of every page and command."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.measures.register import MEASURES
from core.study.spreadsheets import harmless_csv

IDENTITY = ("label", "prediction", "correct")
MAP = ("map_x", "map_y")


def build_table(
    measures: dict[str, np.ndarray],
    labels: np.ndarray | None = None,
    map_xy: np.ndarray | None = None,
    index: np.ndarray | None = None,
) -> pd.DataFrame:
    """One row an item: identity, measures and, where known, its place on the map.

    Args:
        measures: What `measure_logits` returns, and any further column (N,).
        labels: (N,) or None; without labels `label` and `correct` are missing values.
        map_xy: (N, 2) or None.
        index: Positions in the data set; 0 to N - 1 if None.

    Returns:
        A table whose index is named `index`, with the columns label, prediction, correct, one a
        measure, and map_x, map_y where `map_xy` is given. The class probabilities stay with the
        predictions.
    """
    num_images = len(measures["prediction"])
    prediction = measures["prediction"].astype(np.int16)
    columns: dict[str, object] = {
        "label": pd.array([pd.NA] * num_images, dtype="Int16")
        if labels is None
        else pd.array(labels.astype(np.int16), dtype="Int16"),
        "prediction": prediction,
        "correct": pd.array([pd.NA] * num_images, dtype="boolean")
        if labels is None
        else pd.array(labels == prediction, dtype="boolean"),
    }
    columns |= {m.column: measures[m.column] for m in MEASURES if m.column in measures}
    if map_xy is not None:
        columns |= dict(zip(MAP, map_xy.T.astype(np.float32), strict=True))
    positions = np.arange(num_images) if index is None else index
    return pd.DataFrame(columns, index=pd.Index(positions, name="index"))


def percentiles(table: pd.DataFrame, column: str) -> pd.Series:
    """Of each row, the share of rows, in percent, whose value is smaller or equal: in (0, 100]."""
    return table[column].rank(method="max", pct=True) * 100


def load_table(path: Path) -> pd.DataFrame:
    """A score table from Parquet.

    Raises:
        ValueError: it is no Parquet file, or a column is missing.
    """
    try:
        # Not pandas' reader, which loads all of Arrow's data set machinery for one file.
        with pq.ParquetFile(path) as file:
            table = file.read(use_threads=False).to_pandas()
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise ValueError(f"{path} is not a Parquet file: {error}") from error
    pa.default_memory_pool().release_unused()  # Arrow would keep what decoding took
    missing = [name for name in (*IDENTITY, "confidence") if name not in table]
    if missing:
        raise ValueError(f"{path} lacks the columns {', '.join(missing)}")
    return table


def with_probs(table: pd.DataFrame, mean_probs: np.ndarray) -> pd.DataFrame:
    """The table with a column of probabilities for each class, p_0 to p_{K-1}: for export only.

    Args:
        table: N rows of a score table.
        mean_probs: float32 (N, K), of the same rows.
    """
    names = [f"p_{k}" for k in range(mean_probs.shape[1])]
    return table.join(pd.DataFrame(mean_probs, index=table.index, columns=names))


def probs_in(table: pd.DataFrame) -> np.ndarray:
    """The class probabilities (N, K) of a table from `with_probs`."""
    names = [name for name in table.columns if name.startswith("p_") and name[2:].isdigit()]
    return table[names].to_numpy(np.float32)


def save_table(table: pd.DataFrame, path: Path) -> None:
    """Write Parquet or harmless CSV, as the name's ending says; aside first, then renamed.

    Raises:
        ValueError: the name ends in neither `.parquet` nor `.csv`.
    """
    if path.suffix not in {".parquet", ".csv"}:
        raise ValueError(f"{path} must end in .parquet or .csv")
    aside = path.with_name(f".{path.name}.partial")
    try:
        if path.suffix == ".csv":
            aside.write_bytes(harmless_csv(table).encode())
        else:
            table.to_parquet(aside)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
