"""Scores that JSON gives by the names of the classes, as columns of a table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.reading.arrow_files import is_list
from core.reading.errors import ReadingError
from core.reading.names import SCORES, SHARES, loosely, numbered


def flat(table: pa.Table, file: str) -> pa.Table:
    """A table with a column per class for `{"cat": 0.9, "dog": 0.1}`, and for a list of
    `{"label": "cat", "score": 0.9}`, as the pipelines of Transformers write it, and BigQuery.

    Raises:
        ReadingError: a row lists other classes than the rest.
    """
    for name in table.column_names:
        column = table[name].combine_chunks()
        if loosely(name, SCORES | SHARES) and _is_numbers(column.type):
            parts = {field.name: pc.struct_field(column, field.name) for field in column.type}
        elif is_list(column.type) and _names_scores(column.type.value_type):
            parts = _by_label(column, file, name)
        else:
            continue
        table = table.drop_columns([name])
        for label, values in parts.items():
            table = table.append_column(_column_name(name, label, table), values)
    return table


def _is_numbers(kind: pa.DataType) -> bool:
    return (
        pa.types.is_struct(kind)
        and kind.num_fields > 1
        and all(pa.types.is_floating(f.type) or pa.types.is_integer(f.type) for f in kind)
    )


def _names_scores(kind: pa.DataType) -> bool:
    """Whether a structure is a name and a number, whatever the two are called."""
    if not pa.types.is_struct(kind) or kind.num_fields != 2:
        return False
    text, number = sorted((field.type for field in kind), key=pa.types.is_floating)
    return pa.types.is_string(text) and pa.types.is_floating(number)


def _by_label(column: pa.Array, file: str, name: str) -> dict[str, pa.Array]:
    inner = column.flatten()
    label, score = sorted(inner.type, key=lambda field: pa.types.is_floating(field.type))
    labels = pc.struct_field(inner, label.name).dictionary_encode()
    names = labels.dictionary.to_pylist()
    lengths = pc.list_value_length(column).fill_null(0).to_numpy()
    codes = labels.indices.fill_null(0).to_numpy()
    values = np.full((len(column), len(names)), np.nan)
    values[np.repeat(np.arange(len(column)), lengths), codes] = pc.struct_field(inner, score.name)
    odd = np.flatnonzero((lengths != len(names)) | np.isnan(values).any(1))
    if odd.size:
        raise ReadingError(
            f"{file}, row {odd[0]:,}: {name!r} gives scores of {lengths[odd[0]]} of the "
            f"{len(names)} classes; write all of them, with top_k=None in a pipeline."
        )
    return {names[code]: pa.array(values[:, code]) for code in np.argsort(names)}


def _column_name(name: str, label: str, table: pa.Table) -> str:
    """With the column's name before it, unless that hides that "topic01" is a name."""
    parts = numbered(label)
    plain = parts is not None and parts[0] and label not in table.column_names
    return label if plain else f"{name}.{label}"
