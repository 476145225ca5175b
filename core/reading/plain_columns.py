"""Columns of one value a row: labels, answers, a confidence, told by names and then by values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from core.reading.fields import Column, Fields
from core.reading.labels import text_of
from core.reading.names import ANSWERS, CLASS_NAMES, CONFIDENCE, LABELS, PREDICTED, SCORES, normal


def is_number_column(column: pa.ChunkedArray) -> bool:
    """Whether a column holds one number a row."""
    types = pa.types
    return types.is_integer(column.type) or types.is_floating(column.type)


def take_columns(fields: Fields, table: pa.Table, taken: set[str], label: str | None) -> None:
    """Labels, answers and the one number a row."""
    names = [name for name in table.column_names if name not in taken]
    plain = [name for name in names if not pa.types.is_nested(table[name].type)]
    for name in [label] if label in plain else [n for n in plain if normal(n) in LABELS]:
        if name is not None and _is_category(table[name]):
            fields.labels.append(_column(table, name))
            taken.add(name)
    for name in plain:
        if name in taken:
            continue
        form, column = normal(name), table[name]
        if fields.answers is None and form in ANSWERS and _is_category(column):
            fields.answers = _column(table, name)
            taken.add(name)
        elif fields.number is None and form in CONFIDENCE | SCORES and is_number_column(column):
            fields.number = _column(table, name)
            taken.add(name)
        elif form in CLASS_NAMES and table.num_columns == 1:
            fields.class_names = tuple(text_of(value) for value in column.to_pylist())
            taken.add(name)


def take_prediction(fields: Fields, table: pa.Table, taken: set[str]) -> None:
    """Beside one number and nothing else: a class under another name, of which is asked."""
    if fields.number is None or fields.answers or fields.labels or fields.scores:
        return
    for name in table.column_names:
        if name not in taken and normal(name) in PREDICTED and _is_category(table[name]):
            fields.labels.append(_column(table, name))
            taken.add(name)
            return


def take_label_by_values(fields: Fields, table: pa.Table, taken: set[str]) -> None:
    """Without a label by name: text columns that hold nothing but names of the classes."""
    classes = fields.scores[0].classes if fields.scores else None
    if fields.labels or fields.label_matrix is not None or classes is None:
        return
    known = set(classes) | set(fields.scores[0].columns or ())
    for name in table.column_names:
        if name in taken or not pa.types.is_string(table[name].type):
            continue
        values = {text.strip() for text in table[name].unique().drop_null().to_pylist()}
        if len(values) > 1 and values <= known:
            fields.labels.append(_column(table, name))
            fields.labels_guessed = True
            taken.add(name)


def _is_category(column: pa.ChunkedArray) -> bool:
    """Whether a column can name classes: text, whole numbers, true and false."""
    if pa.types.is_floating(column.type):
        numbers = column.drop_null().to_numpy()
        numbers = numbers[np.isfinite(numbers)]
        return bool((numbers == np.floor(numbers)).all()) and len(numbers) > 0
    types = pa.types
    return (
        types.is_string(column.type)
        or types.is_integer(column.type)
        or types.is_boolean(column.type)
    )


def _column(table: pa.Table, name: str) -> Column:
    found = table[name].combine_chunks()
    return Column(name, found)
