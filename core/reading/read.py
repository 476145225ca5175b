"""Other people's files in, a reading out: the one door of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from core.reading.arrangement import arrange
from core.reading.array_fields import array_fields, part_of
from core.reading.assembly import assemble
from core.reading.classes import read_class_names
from core.reading.containers import Contents, Source, open_source
from core.reading.errors import ReadingError, listed
from core.reading.fields import Column, Fields
from core.reading.questions import Desk
from core.reading.reading import HeldOut, Reading

__all__ = ["ReadingError", "Source", "read_files"]


def read_files(
    sources: Sequence[Source],
    answers: Mapping[str, str] | None = None,
    *,
    labels: Source | None = None,
    held_out: Source | Sequence[Source] | None = None,
    class_names: Source | None = None,
    images: Path | None = None,
    columns: Source | None = None,
    id: str | None = None,
    label: str | None = None,
) -> Reading:
    """Understand files of predictions.

    Args:
        sources: Files, folders or archives with one model or several.
        answers: To questions, by their keys; what is not answered stays an open question.
        labels: A file with the true labels.
        held_out: Predictions and labels of other items, that thresholds are chosen on.
        class_names: A file with the K names in the order of the scores.
        images: The folder that the names of pictures start in.
        columns: A table of further columns: whatever they are called, none is a score or a label.
        id: The column that names the items; "none" for no column.
        label: The column of the true label.

    Raises:
        ReadingError: a file cannot be read, or files do not fit; one sentence with the cure.
    """
    if not sources:
        raise ReadingError("there is no file; give at least one with predictions.")
    desk = Desk(dict(answers or {}))
    names = read_class_names(class_names) if class_names else None
    label = label or desk.answers.get("label")
    beside = open_source(columns, desk.report) if columns else []
    main, apart = _parts(sources, labels, id, label, desk, beside)
    arranged = arrange(*main, desk)
    arranged.others += _beside(beside, id)
    reading = assemble(arranged, desk, names, images)
    if held_out is not None:
        several = [held_out] if isinstance(held_out, Source) else list(held_out)
        (files, truth), more = _parts(several, None, id, label, desk)
        apart = [*files, *truth, *more]
    if apart:
        reading.held_out = _held_out(apart, reading, desk)
    return reading


Files = tuple[list[Fields], list[Fields]]


def _beside(contents: Sequence[Contents], id: str | None) -> list[Fields]:
    """Tables that were named as further columns."""
    if not contents:
        return []
    from core.reading.table_fields import plain_fields  # noqa: PLC0415 - as below

    return [plain_fields(part, id) for part in contents]


def _parts(
    sources: Sequence[Source], labels: Source | None, id: str | None, label: str | None, desk: Desk,
    beside: Sequence[Contents] = (),
) -> tuple[Files, list[Fields]]:  # fmt: skip
    """The files of the main part with those named as labels, and the files of the held-out part."""
    contents = [part for source in sources for part in open_source(source, desk.report)]
    if not contents:
        names = listed([source.name for source in sources], 3)
        raise ReadingError(f"{names} holds no file of predictions; name one.")
    told = open_source(labels, desk.report) if labels else []
    tables = [part.table for part in [*contents, *told] if part.table is not None]
    values = _label_values(tables, label)
    _check_named([*contents, *told, *beside], id, label)
    files = [one for part in contents for one in _fields(part, values, id, label, desk)]
    truth = [
        replace(_as_truth(one, label), named_as_labels=True)
        for part in told
        for one in _fields(part, values, id, label, desk)
    ]
    kinds = {file.part for file in files}
    if len(kinds) > 1:
        for file in files:
            if file.part == "training":
                desk.report.add("set aside", file.file, "what is named as training data")
    main = [file for file in files if file.part == "main"]
    if not any(file.predicts for file in main):
        return (files, truth), []
    return (main, truth), [file for file in files if file.part == "held-out"]


def _label_values(tables: Sequence[pa.Table], label: str | None) -> frozenset[str]:
    if not tables:
        return frozenset()
    # Arrays need not wait for the half of Arrow that reads tables.
    from core.reading.table_fields import label_values  # noqa: PLC0415

    return frozenset[str]().union(*(label_values(table, label) for table in tables))


def _check_named(contents: Sequence[Contents], id: str | None, label: str | None) -> None:
    """Raise where a column that was named is in no file."""
    columns = [n for part in contents if part.table is not None for n in part.table.column_names]
    arrays = [name for part in contents for name in part.arrays]
    for name, option in ((id, "--id"), (label, "--label")):
        if name and name not in columns + arrays and not (option == "--id" and name == "none"):
            raise ReadingError(
                f"no column is called {name!r} ({option}); there are {listed(columns + arrays, 8)}."
            )


def _fields(
    part: Contents, values: frozenset[str], id: str | None, label: str | None, desk: Desk
) -> list[Fields]:
    if part.table is None:
        found = array_fields(part, desk.report)
    else:
        from core.reading.table_fields import table_fields  # noqa: PLC0415 - as above

        found = [replace(table_fields(part, values, id, label), part=part_of(part.stem))]
    for file in found:
        if file.ids is not None:
            where = repr(file.ids.name) if file.ids.name else "the first column, which has no name"
            desk.report.add("read", file.file, f"ids in {where}", len(file.ids.values),
                            len(file.ids.values))  # fmt: skip
        if file.features is not None:
            desk.report.add("read", file.file, f"features of {file.features.shape[1]} numbers",
                            len(file.features), len(file.features))  # fmt: skip
    return found


def _as_truth(file: Fields, label: str | None) -> Fields:
    """A file that was named as labels: what looks like scores or answers in it is labels too."""
    if file.labels or file.label_matrix is not None:
        return replace(file, scores=[], answers=None, number=None)
    if file.answers is not None:
        return replace(file, labels=[file.answers], answers=None, scores=[])
    if file.scores:
        return replace(file, label_matrix=file.scores[0], scores=[])
    if file.rest is not None:
        names = [label] if label in file.rest.column_names else file.rest.column_names
        if len(names) == 1 and names[0] is not None:
            column = Column(names[0], file.rest[names[0]].combine_chunks())
            return replace(file, labels=[column], rest=None)
    raise ReadingError(f"{file.file} holds no labels; name their column with --label.")


def _held_out(files: list[Fields], reading: Reading, desk: Desk) -> HeldOut:
    """The held-out part under the names of the study's models."""
    apart = assemble(arrange(files, [], desk), desk, reading.class_names, None)
    if len(apart.models) == len(reading.models) == 1:
        name = next(iter(reading.models))
        model = replace(next(iter(apart.models.values())), name=name)
        return HeldOut(apart.labels, {name: model})
    common = {name: model for name, model in apart.models.items() if name in reading.models}
    if not common:
        raise ReadingError(
            f"the held-out part has the models {listed(list(apart.models))} and the study has "
            f"{listed(list(reading.models))}; call their files alike."
        )
    return HeldOut(apart.labels, common)
