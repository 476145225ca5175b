"""Which column of a table names its rows."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from core.reading.fields import Column
from core.reading.names import ANSWERS, IDS, LABELS, PREDICTED, WEAK_IDS, normal

_ENDINGS = ("_id", "_path", "_file", "_filename", "_uid", "_index", "_idx")
_MOSTLY = 0.9
"""From this share of different values on, a column called "name" or "image" names the rows."""


def ids_of(table: pa.Table, id: str | None) -> Column | None:
    """The column that names the rows, if there is one.

    Args:
        table: All columns.
        id: The column's name, if it was given; "none" for no column.
    """
    if id == "none":
        return None
    if id and id in table.column_names:
        return Column(id, as_ids(table[id]))
    by_form = {normal(name) or name: name for name in reversed(table.column_names)}
    first = table.column_names[0]
    if not first.strip() and pa.types.is_integer(table[first].type):
        by_form.setdefault("index", first)
    repeating = None
    for form in IDS:
        name = by_form.get(form)
        if name is None or not _names_rows(table[name], form in WEAK_IDS):
            continue
        if not _mostly_repeats(table[name]):
            return Column(name, as_ids(table[name]))
        repeating = repeating or name
    for name in table.column_names:
        form = normal(name)
        if (
            form.endswith(_ENDINGS)
            and form not in LABELS | PREDICTED | ANSWERS
            and _names_rows(table[name], True)
        ):
            return Column(name, as_ids(table[name]))
    return None if repeating is None else Column(repeating, as_ids(table[repeating]))


def _names_rows(column: pa.ChunkedArray, weak: bool) -> bool:
    plain = pa.types.is_string(column.type) or pa.types.is_integer(column.type)
    if not plain or column.null_count == len(column):
        return False
    return not weak or pc.count_distinct(column).as_py() > _MOSTLY * len(column)


def _mostly_repeats(column: pa.ChunkedArray) -> bool:
    """Whether a column names folds or splits, say, rather than rows, if another names those."""
    return pc.count_distinct(column).as_py() < len(column) / 2


def as_ids(column: pa.ChunkedArray) -> pa.StringArray:
    """A column as one array of text."""
    found = column.cast(pa.string())
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
