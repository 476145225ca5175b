"""Folds put one below the other: other rows in each file, the same columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from core.reading.errors import ReadingError
from core.reading.fields import Column, Fields, Scores
from core.reading.report import Report
from core.reading.scratch import allocate


def concatenated(files: Sequence[Fields], report: Report) -> Fields:
    """One file of all rows, in the order of the files.

    Raises:
        ReadingError: a file has other classes or columns than the first.
    """
    first = files[0]
    stem = re.sub(r"[\W_]*fold[\W_]*\d*|[\W_]*\d+$", "", first.stem, flags=re.IGNORECASE)
    whole = Fields(f"{len(files)} files", stem or "folds", sum(file.num_rows for file in files))
    if first.scores:
        whole.scores = [_scores(files)]
    whole.ids = _columns([file.ids for file in files], files)
    whole.answers = _columns([file.answers for file in files], files)
    whole.number = _columns([file.number for file in files], files)
    whole.numbers = _numbers(files)
    labels = [file.labels[0] if file.labels else None for file in files]
    label = _columns(labels, files)
    whole.labels = [label] if label else []
    if all(file.rest is not None for file in files):
        whole.rest = _rest([file.rest for file in files if file.rest is not None])
    if all(file.features is not None for file in files):
        whole.features = np.concatenate([np.asarray(file.features) for file in files])
    report.add("joined", "", f"{len(files)} files read as folds, one below the other",
               whole.num_rows, whole.num_rows)  # fmt: skip
    return whole


def _numbers(files: Sequence[Fields]) -> list[Column]:
    """Each of several numbers per row, in the order of the first file."""
    found = []
    for name in dict.fromkeys(column.name for file in files for column in file.numbers):
        parts = [next((c for c in file.numbers if c.name == name), None) for file in files]
        if (column := _columns(parts, files)) is not None:
            found.append(column)
    return found


def _scores(files: Sequence[Fields]) -> Scores:
    first = files[0].scores[0]
    for file in files[1:]:
        other = file.scores[0] if file.scores else None
        if (
            other is None
            or other.values.ndim != 2
            or other.values.shape[1:] != first.values.shape[1:]
        ):
            raise ReadingError(f"{file.file} has other classes than {files[0].file}; "
                               "folds need the same columns.")  # fmt: skip
        if other.classes != first.classes:
            raise ReadingError(f"{file.file} names other columns than {files[0].file}; "
                               "folds need the same columns in the same order.")  # fmt: skip
    rows = sum(len(file.scores[0].values) for file in files)
    dtype = np.result_type(*(file.scores[0].values.dtype for file in files))
    values = allocate((rows, *first.values.shape[1:]), dtype, files[0].file)
    start = 0
    for file in files:
        part = file.scores[0].values
        values[start : start + len(part)] = part
        start += len(part)
    return first._replace(values=values)


def _columns(columns: Sequence[Column | None], files: Sequence[Fields]) -> Column | None:
    """A column of all files; None where none has it.

    Raises:
        ReadingError: some have it and some do not.
    """
    there = [column for column in columns if column is not None]
    if not there:
        return None
    if len(there) < len(columns):
        lacking = next(f for f, column in zip(files, columns, strict=True) if column is None)
        raise ReadingError(f"{lacking.file} lacks the column {there[0].name!r} of the other folds.")
    kinds = {column.values.type for column in there}
    kind = _common(kinds)
    chunks = [column.values.cast(kind) for column in there]
    return Column(there[0].name, pa.concat_arrays(chunks))


def _common(kinds: set[pa.DataType]) -> pa.DataType:
    """A type that holds the values of all: numbers stay numbers."""
    if len(kinds) == 1:
        return next(iter(kinds))
    numbers = all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds)
    return pa.float64() if numbers else pa.string()


def _rest(tables: Sequence[pa.Table]) -> pa.Table | None:
    """The further columns that all have, of one type in all."""
    first, *others = tables
    names = [
        field.name
        for field in first.schema
        if all(field.name in t.column_names and t[field.name].type == field.type for t in others)
    ]
    return pa.concat_tables([table.select(names) for table in tables]) if names else None
