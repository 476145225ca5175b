"""JSON lines, and small JSON documents, as tables and arrays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import json as arrow_json

from core.reading.dialect import encoding_of
from core.reading.errors import ReadingError
from core.reading.json_forms import rows_of

_MOST_JSON = 2**28


def read_json_lines(path: Path, file: str) -> pa.Table:
    """One object a line.

    Raises:
        ReadingError: a line is no object of the same columns.
    """
    options = arrow_json.ReadOptions(block_size=2**24)
    if encoding_of(path, file) != "utf-8":
        raise ReadingError(f"{file} is JSON and not UTF-8; save it again.")
    try:
        with pa.OSFile(str(path)) as text:
            return arrow_json.read_json(text, read_options=options)
    except pa.ArrowException as error:
        raise ReadingError(
            f"{file} is not one JSON object a line with the same columns ({_first(error)}); "
            "export it again."
        ) from error


def _first(error: Exception) -> str:
    return str(error).splitlines()[0].removeprefix("JSON parse error: ").rstrip(". ")


def read_json(path: Path, file: str) -> pa.Table | dict[str, np.ndarray]:
    """A JSON document: rows in a form of `json_forms`, a list of rows, or an object of lists.

    Raises:
        ReadingError: it is too large, cut, or something else.
    """
    if path.stat().st_size > _MOST_JSON:
        raise ReadingError(f"{file} is a JSON document over 256 MB; save it as JSON lines.")
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ReadingError(f"{file} is no JSON, or is cut ({error}); export it again.") from error
    try:
        if (rows := rows_of(found)) is not None:
            return pa.Table.from_pylist(rows)
        if isinstance(found, dict) and not all(isinstance(part, list) for part in found.values()):
            return pa.Table.from_pylist([found])
        if isinstance(found, dict) and _are_columns(list(found.values())):
            return pa.table(found)
        return _arrays(found if isinstance(found, dict) else {path.stem: found})
    except (ValueError, TypeError, OverflowError, pa.ArrowException) as error:
        raise ReadingError(
            f"{file} holds rows of different lengths or kinds; save it as JSON lines."
        ) from error


def _are_columns(lists: list[list[Any]]) -> bool:
    """Whether an object's lists are a table's columns: one plain value a row in each."""
    same = len(lists) > 1 and len({len(values) for values in lists}) == 1
    return same and not any(isinstance(one, (list, dict)) for values in lists for one in values)


def _arrays(found: dict[str, Any]) -> dict[str, np.ndarray]:
    arrays = {name: np.array(values) for name, values in found.items() if isinstance(values, list)}
    if not arrays or any(values.dtype.hasobject for values in arrays.values()):
        raise ValueError
    return arrays
