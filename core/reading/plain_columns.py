"""Columns of one value per row: labels, answers, a confidence, told by names and then by values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from core.reading.errors import ReadingError
from core.reading.fields import Column, Fields
from core.reading.label_faults import refuse_fractions, refuse_measured
from core.reading.label_values import text_of
from core.reading.names import (
    ANSWERS,
    CLASS_NAMES,
    CONFIDENCE,
    LABELS,
    PREDICTED,
    SCORES,
    before_bracket,
    normal,
    words_in,
)

_NUMBERS = CONFIDENCE | SCORES | ANSWERS
"""What one number per row is called; "prediction" too, where it is no class."""

_SURELY_LABELS = {"label", "labels", "y_true", "true_label", "true_class", "ground_truth"}
"""Names of labels that no feature has, as `y` or `target` may be one."""


_PREDICTED_WORDS = words_in("pred predicted prediction predictions yhat")
_BOX = words_in("bbox box bounding_box")
_BOX_SIDES = tuple(
    words_in(sides)
    for sides in ("x y width height", "x y w h", "xmin ymin xmax ymax", "x1 y1 x2 y2",
                  "x_min y_min x_max y_max", "left top right bottom")
)  # fmt: skip
"""What a box is called, and its four sides."""


def is_number_column(column: pa.ChunkedArray) -> bool:
    """Whether a column holds one number per row."""
    types = pa.types
    return types.is_integer(column.type) or types.is_floating(column.type)


def take_columns(fields: Fields, table: pa.Table, taken: set[str], label: str | None) -> None:
    """Labels, answers and the one number per row."""
    names = [name for name in table.column_names if name not in taken]
    plain = [name for name in names if not pa.types.is_nested(table[name].type)]
    for name in [label] if label in plain else [n for n in plain if normal(n) in LABELS]:
        if name is not None and is_category(table[name]):
            fields.labels.append(column_of(table, name))
            taken.add(name)
        elif name is not None and (name == label or normal(name) in _SURELY_LABELS):
            refuse_fractions(fields.file, name, table[name].to_numpy())
    # Names say more, but numbers say which of the numbered scores is meant.
    numbered = any(s.classes is None or s.first is not None for s in fields.scores[:1])
    fields.labels.sort(key=lambda label: pa.types.is_string(label.values.type) == numbered)
    if (answer := _answer_among(fields, table, [n for n in plain if n not in taken])) is not None:
        fields.answers = column_of(table, answer)
        taken.add(answer)
    for name in plain:
        if name in taken:
            continue
        form, column = before_bracket(name), table[name]
        if form in ANSWERS and answer is not None and is_category(column):
            continue  # the class's number beside its name
        if fields.number is None and form in _NUMBERS and is_number_column(column):
            fields.number = column_of(table, name)
            taken.add(name)
        elif form in CLASS_NAMES and table.num_columns == 1:
            fields.class_names = tuple(text_of(value) for value in column.to_pylist())
            taken.add(name)
    _refuse_measured(fields, table, plain)


def _refuse_measured(fields: Fields, table: pa.Table, names: list[str]) -> None:
    """Raise where the truth and what was predicted of it are both fractions."""
    true = [name for name in names if normal(name) in LABELS and not is_category(table[name])]
    if fields.number is not None and true and not fields.labels and not fields.scores:
        numbers = fields.number.values.to_numpy(zero_copy_only=False)
        refuse_measured(fields.file, fields.number.name, numbers)


def _answer_among(fields: Fields, table: pa.Table, names: list[str]) -> str | None:
    """The column of answers; of a class's number and its name the one that labels are like."""
    known = ANSWERS | _model_names(fields)
    found = [n for n in names if before_bracket(n) in known and is_category(table[n])]
    labels = [pa.types.is_string(column.values.type) for column in fields.labels]
    texts = any(labels) or not labels
    found.sort(key=lambda name: pa.types.is_string(table[name].type) != texts)
    return found[0] if found else None


def _model_names(fields: Fields) -> set[str]:
    """What stands before the class in brackets: Orange calls a model's answer and scores alike."""
    columns = [name for scores in fields.scores for name in scores.columns or ()]
    return {before_bracket(name) for name in columns if "(" in name} - {""}


def take_prediction(fields: Fields, table: pa.Table, taken: set[str]) -> None:
    """Beside one number and nothing else: a class under another name, of which is asked."""
    if fields.number is None or fields.answers or fields.labels or fields.scores:
        return
    for name in table.column_names:
        if name not in taken and normal(name) in PREDICTED and is_category(table[name]):
            _refuse_boxes(fields, table)
            fields.labels.append(column_of(table, name))
            taken.add(name)
            return


def _refuse_boxes(fields: Fields, table: pa.Table) -> None:
    """Raise where a class and its confidence are those of a part of a picture."""
    names = {normal(name) for name in table.column_names}
    if names & _BOX or any(sides <= names for sides in _BOX_SIDES):
        raise ReadingError(
            f"{fields.file} holds boxes with a class each, as an object detector does; Penumbra "
            "reads classifiers with one class per item."
        )


def take_label_by_values(
    fields: Fields, table: pa.Table, taken: set[str], known: frozenset[str]
) -> None:
    """Without a label by name: text columns that hold nothing but names of the classes."""
    if fields.labels or fields.label_matrix is not None:
        return
    for name in table.column_names:
        if name in taken or not pa.types.is_string(table[name].type):
            continue
        values = {text.strip() for text in table[name].unique().drop_null().to_pylist()}
        if not (len(values) > 1 and values <= known):
            continue
        if fields.answers is None and set(normal(name).split("_")) & _PREDICTED_WORDS:
            fields.answers = column_of(table, name)
            taken.add(name)
        else:
            fields.labels.append(column_of(table, name))
            fields.labels_guessed = True
            taken.add(name)


def take_answers_by_values(fields: Fields, table: pa.Table, taken: set[str]) -> None:
    """Beside a label that was named, and no model: the one text column of the same values."""
    if fields.predicts or len(fields.labels) != 1:
        return
    known = set(fields.labels[0].values.unique().drop_null().to_pylist())
    texts = [n for n in table.column_names if n not in taken and pa.types.is_string(table[n].type)]
    seen = {name: set(table[name].unique().drop_null().to_pylist()) for name in texts}
    found = [name for name, values in seen.items() if len(values) > 1 and values <= known]
    if len(found) == 1:
        fields.answers = column_of(table, found[0])
        taken.add(found[0])


def class_names_in(files: Sequence[Fields]) -> frozenset[str]:
    """The names of the columns of scores, in full and as classes, and those in a list."""
    named = [one for file in files for one in file.scores[:1]]
    told = [name for file in files for name in file.class_names or ()]
    columns = [name for one in named for name in (*(one.classes or ()), *(one.columns or ()))]
    return frozenset([*told, *columns])


def unit_columns(file: Fields) -> list[str]:
    """Further columns of fractions in [0, 1], if there are several."""
    if file.rest is None:
        return []
    found = []
    for name in file.rest.column_names:
        values = file.rest[name].drop_null()
        if pa.types.is_floating(values.type) and not is_category(file.rest[name]):
            numbers = values.to_numpy()
            if len(numbers) and numbers.min() >= 0 and numbers.max() <= 1:
                found.append(name)
    return found if len(found) > 1 else []


def is_category(column: pa.ChunkedArray) -> bool:
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


def column_of(table: pa.Table, name: str) -> Column:
    """A column under its name, in one piece."""
    found = table[name].combine_chunks()
    return Column(name, found)
