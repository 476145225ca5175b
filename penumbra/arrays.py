"""Other libraries' data by the protocols that they share; none of them is imported here.

NumPy's `__array__`, DLPack's `__dlpack__`, Arrow's `__arrow_c_stream__` and `__dataframe__`,
tensors that say `.detach()` and `.cpu()`, and sequences. NumPy and Arrow come with Penumbra.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_HALF = "bfloat16"  # NumPy has no such type


def as_array(values: Any, name: str) -> np.ndarray:
    """Numbers, or texts, as a NumPy array; shared, not copied, where that can be.

    Args:
        values: An array or tensor of any library, a column, or nested sequences of numbers.
        name: What the message calls it.

    Raises:
        ValueError: it is no rectangle of numbers or texts, or lies on another device.
    """
    import numpy as np

    if np.ma.isMaskedArray(values):
        raise ValueError(f"{name} is a masked array; fill its gaps, or leave those rows out.")
    try:
        found = _converted(values)
    except (TypeError, ValueError, RuntimeError, BufferError, AttributeError) as error:
        raise ValueError(f"{name} cannot be read as an array: {_first(error)}") from None
    if found.dtype.kind == "O":
        found = _without_objects(found, name)
    return found


def is_table(values: Any) -> bool:
    """Whether it has named columns: of pandas, Polars, Arrow, or a Hugging Face data set."""
    if hasattr(values, "__array_interface__") or isinstance(values, Sequence):
        return False
    names = getattr(values, "column_names", None) or getattr(values, "columns", None)
    return names is not None and not callable(names)


def as_table(values: Any, name: str) -> pa.Table:
    """Named columns as an Arrow table; a mapping of names to columns is one too.

    Raises:
        ValueError: it is not one, or a column cannot be read.
    """
    import pyarrow as pa

    try:
        if isinstance(values, dict):
            return pa.table({str(key): as_column(column) for key, column in values.items()})
        if hasattr(values, "with_format"):  # Hugging Face
            values = values.with_format("arrow")[:]
        if isinstance(values, pa.Table):
            return values
        if type(values).__module__.partition(".")[0] == "pandas":
            return pa.Table.from_pandas(values.rename(columns=str)).replace_schema_metadata(None)
        if hasattr(values, "__arrow_c_stream__"):
            return pa.table(values)
        if hasattr(values, "__dataframe__"):
            from pyarrow.interchange import from_dataframe

            return from_dataframe(values)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} cannot be read as a table: {_first(error)}") from None
    raise ValueError(f"{name} is not a table but {type(values).__name__}.")


def as_column(values: Any) -> pa.Array | pa.ChunkedArray:
    """One value per item, missing ones as nulls."""
    import pyarrow as pa

    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    if type(values).__module__.partition(".")[0] == "pandas":
        return pa.array(values, from_pandas=True)
    if hasattr(values, "__arrow_c_stream__"):
        return pa.chunked_array(values)
    if hasattr(values, "__array__") or hasattr(values, "detach") or hasattr(values, "__dlpack__"):
        found = _converted(values)
        return pa.array(found.tolist() if found.dtype.kind in "OUS" else found, from_pandas=True)
    return pa.array(list(values), from_pandas=True)


def _converted(values: Any) -> np.ndarray:
    import numpy as np

    if hasattr(values, "detach"):
        values = values.detach().cpu()
        if str(values.dtype).endswith(_HALF):
            values = values.float()
        return values.numpy()
    if hasattr(values, "__array__"):
        return np.asarray(values)
    if hasattr(values, "__dlpack__"):
        return np.from_dlpack(values)
    rows = list(values)
    if rows and any(hasattr(rows[0], word) for word in ("detach", "__array__", "__dlpack__")):
        return np.stack([_converted(row) for row in rows])
    return np.asarray(rows)


def _without_objects(found: np.ndarray, name: str) -> np.ndarray:
    """Rows that are sequences, and texts, in an array of objects."""
    import numpy as np

    try:
        plain = np.array([as_array(row, name) if _has_rows(row) else row for row in found.tolist()])
    except ValueError:
        plain = found
    if plain.dtype.kind == "O":
        raise ValueError(f"{name} holds Python objects or rows of several lengths, not numbers.")
    return plain


def _has_rows(value: Any) -> bool:
    return (
        isinstance(value, list | tuple) or hasattr(value, "__array__") or hasattr(value, "detach")
    )


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
