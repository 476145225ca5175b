"""A table's columns sorted by what they are: ids, labels, scores, answers, features, the rest."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from core.reading.containers import Contents
from core.reading.errors import ReadingError, listed
from core.reading.fields import Column, Fields, Scores
from core.reading.headerless import headerless_fields
from core.reading.labels import text_of
from core.reading.lists import (
    column_matrix,
    is_list_column,
    list_lengths,
    list_matrix,
    same_names,
)
from core.reading.names import (
    CLASS_NAMES,
    FEATURES,
    IDS,
    LABELS,
    PREDICTED,
    SCORES,
    SHARES,
    WEAK_IDS,
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
from core.reading.score_columns import Group, groups_of

_MOSTLY = 0.9
"""From this share of different values on, a column called "name" or "image" names the rows."""


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
    fields.ids = _ids(table, id)
    if fields.ids:
        taken.add(fields.ids.name)
    _take_lists(fields, table, taken)
    free = _free(table, taken)
    for group in groups_of(table, free, values):
        _take_group(fields, table, group, taken, label)
    take_columns(fields, table, taken, label)
    take_prediction(fields, table, taken)
    take_label_by_values(fields, table, taken, class_names_in([fields]))
    if label is not None and any(column.name == label for column in fields.labels):
        fields.named_as_labels = True
        take_answers_by_values(fields, table, taken)
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
    ids = _ids(table, id)
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


def _ids(table: pa.Table, id: str | None) -> Column | None:
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
            form.endswith("_id")
            and form not in LABELS | PREDICTED
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
    scores = Scores(group.prefix or "columns", values, group.classes, group.first, group.columns)
    if group.is_labels:
        fields.label_matrix = scores
    else:
        fields.scores.append(scores)
