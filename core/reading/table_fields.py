"""A table's columns sorted by what they are: ids, labels, scores, answers, features, the rest."""

from __future__ import annotations

import pyarrow as pa

from core.reading.arrow_files import names_of_codes
from core.reading.containers import Contents
from core.reading.errors import ReadingError, listed
from core.reading.fields import Column, Fields, Scores
from core.reading.headerless import headerless_fields
from core.reading.label_values import text_of
from core.reading.lists import (
    column_matrix,
    is_list_column,
    list_lengths,
    list_matrix,
    same_names,
)
from core.reading.named_numbers import take_named_number, take_score_by_words
from core.reading.names import (
    CLASS_NAMES,
    FEATURES,
    LABELS,
    SCORES,
    SHARES,
    loosely,
    normal,
)  # fmt: skip
from core.reading.plain_columns import (
    class_names_in,
    is_number_column,
    take_answers_by_values,
    take_columns,
    take_label_by_values,
    take_prediction,
)
from core.reading.row_ids import ids_of
from core.reading.score_columns import Group, groups_of


def label_values(table: pa.Table, label: str | None) -> frozenset[str]:
    """The values of the columns that may be the label, as text; at most 10,000."""
    names = [label] if label else [n for n in table.column_names if normal(n) in LABELS]
    found: set[str] = set()
    for name in names:
        if name in table.column_names and not pa.types.is_nested(table[name].type):
            values = table[name].unique().drop_null()
            if len(values) <= 10_000 and len(values) < max(3, table.num_rows):
                found |= {text_of(value) for value in values.to_pylist()}
    return frozenset(found)


def table_fields(
    contents: Contents, values: frozenset[str], id: str | None, label: str | None
) -> Fields:
    """What a table offers.

    Args:
        contents: With a table.
        values: Of the label, in this table or another; they may name columns.
        id: The column of the ids, if it was named; "none" for no column.
        label: The column of the labels, if it was named.

    Raises:
        ReadingError: the label named is one of the classes' columns, or labels are lists.
    """
    table = _plain(contents.table)
    if not contents.has_header:
        return headerless_fields(contents, table)
    fields = Fields(contents.file, contents.stem, table.num_rows)
    taken: set[str] = set()
    fields.ids = ids_of(table, id)
    if fields.ids:
        taken.add(fields.ids.name)
    _take_lists(fields, table, taken)
    free = _free(table, taken)
    for group in groups_of(table, free, values):
        _take_group(fields, table, group, taken, label)
    take_columns(fields, table, taken, label)
    take_named_number(fields, table, taken)
    take_score_by_words(fields, table, taken)
    take_prediction(fields, table, taken)
    take_label_by_values(fields, table, taken, class_names_in([fields]))
    if label is not None and any(column.name == label for column in fields.labels):
        fields.named_as_labels = True
        take_answers_by_values(fields, table, taken)
    if fields.class_names is None and len(fields.labels) == 1:
        fields.class_names = names_of_codes(table.schema, fields.labels[0].name)
    names = [name for name in table.column_names if name not in taken]
    fields.rest = table.select(names) if names else None
    return fields


def plain_fields(contents: Contents, id: str | None) -> Fields:
    """A table of further columns: only what names its rows is looked for.

    Args:
        contents: With a table.
        id: The column of the ids, if it was named; "none" for no column.

    Raises:
        ReadingError: it is not a table.
    """
    if contents.table is None:
        raise ReadingError(
            f"{contents.file} is not a table; give the further columns as CSV or Parquet."
        )
    table = _plain(contents.table)
    ids = ids_of(table, id)
    names = [name for name in table.column_names if ids is None or name != ids.name]
    rest = table.select(names) if names else None
    return Fields(contents.file, contents.stem, table.num_rows, ids=ids, rest=rest)


def _plain(table: pa.Table | None) -> pa.Table:
    """Categories, decimals and long strings as what they stand for."""
    assert table is not None  # noqa: S101 - for the type checker; the caller looked
    for place, field in enumerate(table.schema):
        kind = field.type
        if pa.types.is_dictionary(kind):
            table = table.set_column(place, field.name, table[place].cast(kind.value_type))
        elif pa.types.is_decimal(kind):
            table = table.set_column(place, field.name, table[place].cast(pa.float64()))
        elif pa.types.is_large_string(kind) or kind == pa.string_view():
            table = table.set_column(place, field.name, table[place].cast(pa.string()))
    names = table.column_names
    if len(set(names)) < len(names):
        raise ReadingError(
            f"the column {next(n for n in names if names.count(n) > 1)!r} is there twice; "
            "rename one."
        )
    return table


def _take_lists(fields: Fields, table: pa.Table, taken: set[str]) -> None:
    for name in table.column_names:
        form = normal(name)
        if form in LABELS | CLASS_NAMES and (names := same_names(table[name])):
            fields.class_names = names
            taken.add(name)
        if name in taken or not is_list_column(table[name]):
            continue
        if form in LABELS and len(set(list_lengths(table[name]))) > 1:
            raise ReadingError(
                f"{fields.file}: {name!r} holds none or several labels per row, so the data are "
                "multi-label; Penumbra reads classifiers with exactly one class per item."
            )
        if form in LABELS and set(list_lengths(table[name])) == {1}:
            single = list_matrix(table[name], fields.file, name)[:, 0]
            fields.labels.append(Column(name, pa.array(single)))
            taken.add(name)
            continue
        if not (known := loosely(name, SCORES | FEATURES | SHARES | LABELS)) and fields.scores:
            continue
        if not known and len(set(list_lengths(table[name]))) > 1:
            continue
        taken.add(name)
        values = list_matrix(table[name], fields.file, name)
        if form in FEATURES or loosely(name, FEATURES):
            fields.features = values
        elif form in LABELS | SHARES or loosely(name, SHARES):
            fields.label_matrix = Scores(name, values)
        else:
            fields.scores.append(Scores(name, values))


def _free(table: pa.Table, taken: set[str]) -> list[str]:
    return [n for n in table.column_names if n not in taken and is_number_column(table[n])]


def _take_group(
    fields: Fields, table: pa.Table, group: Group, taken: set[str], label: str | None
) -> None:
    if label in group.columns:
        raise ReadingError(
            f"{fields.file}: the column {label!r} is one of the classes' columns "
            f"({listed(group.columns)}) and cannot be the label too; name another with --label."
        )
    taken.update(group.columns)
    values = column_matrix(table, list(group.columns), fields.file)
    if group.is_features:
        fields.features = values
        return
    name = group.prefix or f"{group.columns[0]} to {group.columns[-1]}"
    scores = Scores(name, values, group.classes, group.first, group.columns)
    if group.is_labels:
        fields.label_matrix = scores
    else:
        fields.scores.append(scores)
