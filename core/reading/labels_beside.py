"""Labels in a file of their own beside the scores, told by values, place and number of rows."""

from __future__ import annotations

from collections.abc import Sequence

from core.reading.fields import Column, Fields
from core.reading.label_values import distinct, is_whole, text_of
from core.reading.plain_columns import is_category, take_label_by_values
from core.reading.questions import Desk


def take_label_beside(file: Fields, known: frozenset[str]) -> None:
    """The label in a file without scores, told by the names of another file's columns."""
    if file.rest is None or not known:
        return
    taken: set[str] = set()
    take_label_by_values(file, file.rest, taken, known)
    names = [name for name in file.rest.column_names if name not in taken]
    file.rest = file.rest.select(names) if names else None


def take_only_column(file: Fields, speaking: Sequence[Fields]) -> None:
    """The label in a file that holds nothing but ids and one column, if its values can be one:
    numbers of classes, or names where the scores have none.
    """
    num_classes, named = _classes(speaking)
    if file.rest is None or file.rest.num_columns != 1 or file.labels or not num_classes:
        return
    (name,), column = file.rest.column_names, file.rest.column(0)
    if not is_category(column):
        return
    column = column.combine_chunks()
    texts = distinct(column)
    codes = all(is_whole(text) and 0 <= int(text) <= num_classes for text in texts)
    if len(texts) > 1 and (codes or (not named and len(texts) == num_classes)):
        file.labels, file.rest, file.labels_guessed = [Column(name, column)], None, True


def _classes(speaking: Sequence[Fields]) -> tuple[int, bool]:
    """How many classes the first model has, and whether they have names; 0 without a model."""
    if not speaking:
        return 0, False
    first = speaking[0]
    if first.scores:
        scores = first.scores[0]
        return scores.values.shape[-1], scores.classes is not None and scores.first is None
    return (len(distinct(first.answers.values)) if first.answers else 2), False


def drop_name_line(file: Fields, speaking: Sequence[Fields], desk: Desk) -> None:
    """Take a first line "0" for the name that pandas gives a column, if it is one row too many."""
    num_rows = speaking[0].num_rows if speaking else 0
    single = len(file.labels) == 1 and file.labels[0].name == "c0" and file.rest is None
    if (
        not single
        or file.num_rows != num_rows + 1
        or text_of(file.labels[0].values[0].as_py()) != "0"
    ):
        return
    (label,) = file.labels
    file.labels, file.num_rows = [label._replace(values=label.values.slice(1))], num_rows
    desk.report.add("noted", file.file, "its first line, '0', is read as the column's name")
