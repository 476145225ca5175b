"""Columns that hold a list of numbers a row, also as the text that pandas makes of them."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.reading.arrow_files import is_list
from core.reading.errors import ReadingError
from core.reading.scratch import allocate

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_BRACKETS = re.compile(r"[\[\](),;]|array|tensor|np\.float\d+|np\.int\d+|dtype=[\w.]+")


def is_list_column(column: pa.ChunkedArray) -> bool:
    """Whether a column holds lists, as lists or as "[0.1 0.9]"."""
    if is_list(column.type):
        return True
    if not pa.types.is_string(column.type):
        return False
    known = column.drop_null()
    return len(known) > 0 and _opens_list(known[0].as_py())


def _opens_list(text: str) -> bool:
    """Whether a text is a list of numbers: not "[2] Smith et al."."""
    begins = re.match(r"\s*(\[|array\(|tensor\()\s*\[?[-+.\dn]", text)
    return bool(begins) and ("..." in text or bool(_numbers(text)))


def list_lengths(column: pa.ChunkedArray) -> np.ndarray:
    """How many numbers each row holds; 0 where there is none."""
    if not is_list(column.type):
        return np.array([len(_numbers(text)) for text in column.to_pylist()])
    return pc.list_value_length(column).fill_null(0).to_numpy()


def list_matrix(column: pa.ChunkedArray, file: str, name: str) -> np.ndarray:
    """A list column as an array (N, K) of its own type of number.

    Raises:
        ReadingError: rows differ in length, or hold no numbers.
    """
    lengths = list_lengths(column)
    usual = int(np.bincount(lengths).argmax())
    if (odd := np.flatnonzero(lengths != usual)).size:
        raise ReadingError(
            f"{file}, row {odd[0]:,}: {name!r} holds {lengths[odd[0]]} numbers where other rows "
            f"hold {usual}; give every row one number per class."
        )
    if not is_list(column.type):
        return np.array([_numbers(text) for text in column.to_pylist()], np.float64)
    kind = column.type.value_type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
        raise ReadingError(f"{file}: column {name!r} holds lists of {kind}, not of numbers.")
    values = allocate((len(column), usual), np.dtype(kind.to_pandas_dtype()), file)
    start = 0
    for chunk in column.chunks:
        flat = chunk.flatten().to_numpy(zero_copy_only=False)
        values[start : start + len(chunk)] = flat.reshape(len(chunk), usual)
        start += len(chunk)
    return values


def _numbers(text: str | None) -> list[float]:
    if text is None:
        return []
    if "..." in text:
        raise ReadingError(
            f"a list was cut when written ({text[:40]!r}); save the arrays as NPZ or Parquet."
        )
    try:
        return [float(word) for word in _BRACKETS.sub(" ", text).split()]
    except ValueError:
        return []


def same_names(column: pa.ChunkedArray) -> tuple[str, ...] | None:
    """The names of the classes where every row lists the same ones, as SageMaker writes them."""
    texts = pa.types.is_string(column.type)
    if not texts and not (is_list(column.type) and pa.types.is_string(column.type.value_type)):
        return None
    first = (column[0].as_py() if len(column) else None) or ""
    names = [one or other for one, other in _QUOTED.findall(first)] if texts else list(first)
    if len(names) < 2 or len(set(names)) < len(names) or None in names:
        return None
    return tuple(names) if all(other.as_py() == first for other in column) else None


def column_matrix(table: pa.Table, names: list[str], file: str) -> np.ndarray:
    """Columns of numbers side by side, (N, len(names)), memory-mapped where large."""
    kinds = {table[name].type for name in names}
    dtypes = [np.dtype(kind.to_pandas_dtype()) for kind in kinds]
    dtype = np.result_type(*dtypes)
    if any(table[name].null_count for name in names) and dtype.kind in "iub":
        dtype = np.dtype(np.float64)
    values = allocate((table.num_rows, len(names)), dtype, file)
    start = 0
    for batch in table.select(names).to_batches(2**14):
        for place, column in enumerate(batch.columns):
            values[start : start + batch.num_rows, place] = _filled(column, dtype)
        start += batch.num_rows
    return values


def _filled(column: pa.Array, dtype: np.dtype) -> np.ndarray:
    if column.null_count and pa.types.is_integer(column.type):
        column = column.cast(pa.float64())
    return column.to_numpy(zero_copy_only=False).astype(dtype, copy=False)
