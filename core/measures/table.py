"""The score table: one row per item. Its columns are the contract of every page and command."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.measures.register import MEASURES
from core.study.dataset import UNLABELLED
from core.study.spreadsheets import harmless_csv

IDENTITY = ("label", "prediction", "correct")
MAP = ("map_x", "map_y")


def build_table(
    measures: dict[str, np.ndarray],
    labels: np.ndarray | None = None,
    map_xy: np.ndarray | None = None,
    index: np.ndarray | None = None,
    num_classes: int | None = None,
) -> pd.DataFrame:
    """One row per item: identity, measures and, where known, its place on the map.

    The class probabilities are not in it; they stay with the values they are made from.

    Args:
        measures: What `measure_logits` returns, and any further column (N,).
        labels: Class codes (N,), UNLABELLED where not known, or None where none is; without a label
            `label` and `correct` are missing values.
        map_xy: (N, 2) or None.
        index: Positions in the data set; 0 to N - 1 if None.
        num_classes: K; where it is not given, the codes at hand say how many bits they need.

    Returns:
        A table whose index is named `index`, with the columns label, prediction, correct, one a
        measure, and map_x, map_y where `map_xy` is given. Codes are 16-bit integers, or 32-bit ones
        where a class number does not fit.
    """
    prediction = measures["prediction"]
    num_items = len(prediction)
    given = np.full(num_items, UNLABELLED) if labels is None else labels
    last = max(prediction.max(), given.max()) if num_classes is None else num_classes - 1
    codes = np.int16 if last <= np.iinfo(np.int16).max else np.int32
    unknown = given == UNLABELLED
    columns: dict[str, object] = {
        "label": pd.arrays.IntegerArray(np.where(unknown, 1, given).astype(codes), unknown),
        "prediction": prediction.astype(codes),
        "correct": pd.arrays.BooleanArray((given == prediction) & ~unknown, unknown),
    }
    columns |= {m.column: measures[m.column] for m in MEASURES if m.column in measures}
    if map_xy is not None:
        columns |= dict(zip(MAP, map_xy.T.astype(np.float32), strict=True))
    positions = np.arange(num_items) if index is None else index
    return pd.DataFrame(columns, index=pd.Index(positions, name="index"))


def with_map(table: pd.DataFrame, map_xy: np.ndarray) -> pd.DataFrame:
    """The table with each item's place on the map, (N, 2), its other columns not copied."""
    found = table.copy(deep=False)
    for name, places in zip(MAP, np.asarray(map_xy, np.float32).T, strict=True):
        found[name] = places
    return found


def load_table(path: Path, num_items: int | None = None) -> pd.DataFrame:
    """A score table from Parquet, without the class probabilities that older ones hold.

    Args:
        path: Of the file.
        num_items: Rows that it must have; looked at before any of them is read.

    Raises:
        ValueError: it is no Parquet file, a column is missing, or it has other rows.
    """
    try:
        # Not pandas' reader, which loads all of Arrow's data set machinery for one file.
        with pq.ParquetFile(path) as file:
            if num_items not in {None, file.metadata.num_rows}:
                raise ValueError(f"{file.metadata.num_rows} rows and not {num_items}")
            kept = [name for name in file.schema_arrow.names if not is_prob(name)]
            found = file.read(kept, use_threads=False, use_pandas_metadata=True)
            table = found.to_pandas()
    except (OSError, ValueError, TypeError, KeyError, pa.ArrowException) as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        raise ValueError(f"{path} is not such a Parquet file: {error}") from error
    pa.default_memory_pool().release_unused()  # Arrow would keep what decoding took
    _check_columns(table, path)
    return table


def _check_columns(table: pd.DataFrame, path: Path) -> None:
    """Raises ValueError unless the table has what every page reads, in the types they read."""
    missing = [name for name in IDENTITY if name not in table]
    if missing:
        raise ValueError(f"{path} lacks the columns {', '.join(missing)}")
    numbers = [m.column for m in MEASURES if m.column in table] + [*MAP, "label", "prediction"]
    kinds = pd.api.types
    strange = [n for n in numbers if n in table and not kinds.is_numeric_dtype(table[n].dtype)]
    if strange or not kinds.is_bool_dtype(table["correct"].dtype):
        raise ValueError(f"{path} holds no numbers in {', '.join(strange) or 'correct'}")


def is_table_of(
    table: pd.DataFrame,
    num_items: int,
    num_classes: int,
    labels: np.ndarray | None,
    measures: Sequence[str],
) -> bool:
    """Whether a table is one of these items: its codes of K classes, its labels, its measures.

    Args:
        table: With the columns that `load_table` asks for.
        num_items: N.
        num_classes: K.
        labels: Class codes (N,), UNLABELLED where not known; None where none is.
        measures: The columns of numbers that it must have.
    """
    codes, label = table["prediction"], table["label"]
    if len(table) != num_items or not all(
        pd.api.types.is_integer_dtype(column) for column in (codes, label)
    ):
        return False
    given = np.full(num_items, UNLABELLED) if labels is None else labels
    return (
        not codes.isna().any()
        and bool(codes.between(0, num_classes - 1).all())
        and np.array_equal(label.fillna(UNLABELLED).to_numpy(np.int64), given)
        and table.index.equals(pd.RangeIndex(num_items))  # an array of it would stay with it
        and all(name in table and pd.api.types.is_float_dtype(table[name]) for name in measures)
    )


def lacks_numbers(table: pd.DataFrame, measures: Sequence[str]) -> bool:
    """Whether one of these columns has a gap; a log-likelihood may, where there is no label."""
    return bool(
        table[[name for name in measures if name != "log_likelihood"]].isna().any(axis=None)
    )


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
    return table[[name for name in table.columns if is_prob(name)]].to_numpy(np.float32)


def is_prob(name: str) -> bool:
    """Whether a column is one of `with_probs`."""
    return name.startswith("p_") and name[2:].isdigit()


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
