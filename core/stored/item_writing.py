"""The items of a study -> Parquet, in row groups so small that one row is read fast."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.stored.folder_layout import ID, LABEL, ROW
from core.study.dataset import UNLABELLED
from core.study.study_error import StudyError

_GROUP_BYTES = 1_000_000  # read and cut to one row in half a millisecond
_FEWEST, _MOST = 16, 10_000


def write_items(
    path: Path,
    num_items: int,
    ids: pa.Array | None,
    labels: np.ndarray | None,
    columns: pa.Table | None,
    pictures: str | None,
) -> None:
    """Ids, labels and further columns as Parquet.

    Args:
        path: Of the file.
        num_items: N.
        ids: Strings (N,), or None where the row numbers are the ids.
        labels: Class codes (N,) with UNLABELLED, or None.
        columns: Further columns, none of them named as ours: see `own_names`.
        pictures: The column with encoded pictures, which is not compressed again.

    Raises:
        StudyError: Parquet cannot hold a column.
    """
    given = (
        {} if columns is None else {name: _plain(columns[name]) for name in columns.column_names}
    )
    if ids is not None:
        given[ID] = ids
    if labels is not None:
        given[LABEL] = _numbers(labels.astype(np.int32), labels != UNLABELLED)
    table = pa.table(given or {ROW: _numbers(np.arange(num_items))})  # Parquet needs a column
    kinds = {name: "none" if name == pictures else "snappy" for name in table.column_names}
    group = int(np.clip(_GROUP_BYTES * num_items // max(1, table.nbytes), _FEWEST, _MOST))
    try:
        pq.write_table(table, path, row_group_size=group, compression=kinds, use_dictionary=False)
    except (pa.ArrowException, ValueError) as error:
        raise StudyError(f"The items' further columns cannot be stored: {error}") from error


def _numbers(values: np.ndarray, known: np.ndarray | None = None) -> pa.Array:
    """Numbers (N,) as Arrow; pa.array would import pandas to see whether they are a series."""
    valid = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(values.tobytes())])


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Views as plain columns: of views Arrow cannot take single rows."""
    plain = {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
    return column.cast(plain[column.type]) if column.type in plain else column


def own_names(names: Sequence[str]) -> dict[str, str]:
    """Given column names -> those they are stored under, which leave `id` and `label` to us."""
    stored: dict[str, str] = {}
    for name in names:
        free = name
        while free in {ID, LABEL} or (free != name and free in names):
            free = f"{free} (given)"
        stored[name] = free
    return stored
