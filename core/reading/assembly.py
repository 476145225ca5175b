"""Files that were put in their places become models, labels and columns of the same N items."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from core.reading.arrangement import Arranged
from core.reading.checks import note_zero_labels
from core.reading.classes import classes_of
from core.reading.errors import ReadingError, counted
from core.reading.joined import Joined, join, restrict, taken
from core.reading.label_faults import refuse_regression, refuse_strangers
from core.reading.label_values import Classes, distinct, is_whole, sorted_names
from core.reading.models import predicted_by, scored_model, told_answers, told_kind
from core.reading.pictures import find_pictures, text_column
from core.reading.questions import Desk
from core.reading.reading import ModelReading, Reading
from core.reading.scratch import take_rows
from core.reading.tiers import settle
from core.reading.truth import Truth, read_truth


def assemble(
    arranged: Arranged, desk: Desk, names: tuple[str, ...] | None, images: Path | None
) -> Reading:
    """Everything of one part of the data.

    Args:
        arranged: The files.
        desk: Where to ask.
        names: Of the classes, where a file gives them.
        images: The folder of the pictures.

    Raises:
        ReadingError: the files do not fit.
    """
    speaking = [file for files in arranged.models.values() for file in files]
    elsewhere = next((file.labels[0] for file in arranged.truth if file.labels), None)
    for file in speaking:
        settle(file, elsewhere, desk)
    joined = join(arranged, desk)
    names = names or _listed_names(arranged)
    classes = _with_answers(classes_of(speaking, joined.values, names), arranged)
    models = {name: scored_model(name, files, joined, classes, speaking)
              for name, files in arranged.models.items()}  # fmt: skip
    truth = read_truth(arranged, joined, classes, desk, predicted_by(models))
    bad = {name: told_kind(model, arranged.models[name], desk, len(models) == 1)
           for name, model in models.items() if model.values is not None}  # fmt: skip
    for name, files in arranged.models.items():
        silent = told_answers(models[name], files, joined, truth, desk)
        bad[name] = silent | bad.get(name, False)
    _features(models, arranged, joined)
    reading = _reading(models, truth, arranged, joined, desk, images, bad)
    for model in reading.models.values():
        note_zero_labels(model, reading.labels, desk)
    return reading


def _listed_names(arranged: Arranged) -> tuple[str, ...] | None:
    speaking = [file for files in arranged.models.values() for file in files]
    every = [*arranged.others, *arranged.truth, *speaking]
    names = next((file.class_names for file in every if file.class_names), None)
    if names and len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ReadingError(f"the class {twice!r} is named twice; make the class names unique.")
    return names


def _with_answers(classes: Classes, arranged: Arranged) -> Classes:
    """Without scores the classes are all labels and answers there are."""
    if classes.num is not None:
        return classes
    files = [*arranged.truth, *(f for files in arranged.models.values() for f in files)]
    columns = [*(f.labels[0] for f in files if f.labels), *(f.answers for f in files if f.answers)]
    texts = list(dict.fromkeys(text for column in columns for text in distinct(column.values)))
    refuse_strangers(columns, files[-1].file)
    if texts and all(is_whole(text) for text in texts) and min(map(int, texts)) >= 0:
        refuse_regression(texts, columns, files[-1].file)
        low, high = min(map(int, texts)), max(map(int, texts))
        if high < 2 * len(texts) + 10:
            first = 1 if low == 1 and high == len(texts) else 0
            names = tuple(str(number) for number in range(first, high + 1))
            return Classes(len(names), names)
    if not texts:
        raise ReadingError("no row holds a predicted class; export the predictions again.")
    names = tuple(sorted_names(texts))
    return Classes(len(names), names)


def _features(models: dict[str, ModelReading], arranged: Arranged, joined: Joined) -> None:
    for name, files in arranged.models.items():
        for file in [*files, *arranged.others, *arranged.truth]:
            if (
                id(file) in joined.rows
                and file.features is not None
                and models[name].features is None
            ):
                models[name].features = joined.matrix(file, file.features)


def _columns(arranged: Arranged, joined: Joined) -> pa.Table | None:
    """Further columns of all files in the order of the items, each name once."""
    found: dict[str, pa.Array] = {}
    speaking = [files[0] for files in arranged.models.values()]
    placed = [file for file in [*arranged.truth, *arranged.others] if id(file) in joined.rows]
    for file in [*speaking, *placed]:
        for name in file.rest.column_names if file.rest is not None else ():
            if name not in found and file.rest is not None:
                found[name] = taken(file.rest[name], joined.of(file))
    return pa.table(found) if found else None


def _reading(
    models: dict[str, ModelReading], truth: Truth, arranged: Arranged, joined: Joined, desk: Desk,
    images: Path | None, bad: dict[str, np.ndarray],
) -> Reading:  # fmt: skip
    """The reading without the rows that were set aside."""
    columns = _columns(arranged, joined)
    keep = np.ones(joined.num_items, bool)
    for name in models:
        if bad[name].any():
            keep &= ~bad[name]
            _say_set_aside(bad[name], name, joined, desk)
    if not keep.any():
        raise ReadingError("every row has NaN, infinity or no score in some model; export again.")
    codes, shares, num_people = truth.codes, truth.shares, truth.num_people
    if not keep.all():
        columns = None if columns is None else columns.filter(pa.array(keep))
        codes, shares = codes[keep], None if shares is None else shares[keep]
        num_people = None if num_people is None else num_people[keep]
        for model in models.values():
            _keep(model, keep)
        restrict(joined, keep)
    pictures = find_pictures(columns, joined.ids, images, desk.report)
    return Reading(
        models, codes, joined.ids, truth.names, pictures.columns, text_column(pictures.columns),
        pictures.paths, images, pictures.bytes, shares, None, desk.report, desk.open,
        num_people,
    )  # fmt: skip


def _say_set_aside(bad: np.ndarray, name: str, joined: Joined, desk: Desk) -> None:
    rows = np.flatnonzero(bad)
    text = f"{name}: {counted(len(rows), 'row')} set aside, with NaN, infinity or no score"
    first = rows[:5]
    examples = joined.ids.take(pa.array(first)).to_pylist() if joined.ids is not None else [
        f"row {row:,}" for row in first]  # fmt: skip
    desk.report.add("set aside", "", text, len(rows), joined.num_items, tuple(examples))


def _keep(model: ModelReading, keep: np.ndarray) -> None:
    rows = np.flatnonzero(keep)
    if model.values is not None:
        model.values = take_rows(model.values, rows, model.name)
    for name in ("prediction", "confidence", "features"):
        if (values := getattr(model, name)) is not None:
            setattr(model, name, values[rows])
