"""The label of every item, from whichever file tells it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from core.reading.arrangement import Arranged
from core.reading.errors import ReadingError, counted, listed
from core.reading.fields import Column, Fields, Scores
from core.reading.joined import Joined
from core.reading.label_matrix import read_matrix
from core.reading.label_values import Classes, Coded, distinct, is_whole, text_of
from core.reading.labels import Predicted, code_labels
from core.reading.questions import Desk, Option, Question
from core.study.dataset import UNLABELLED


class Truth(NamedTuple):
    """Labels int32 (N,), the K names; shares (N, K) and number (N,) of people where they differ."""

    codes: np.ndarray
    names: tuple[str, ...]
    shares: np.ndarray | None = None
    num_people: np.ndarray | None = None


class Candidate(NamedTuple):
    """A column of labels and the file it stands in."""

    file: Fields
    column: Column


def told(arranged: Arranged, joined: Joined, desk: Desk) -> Candidate | None:
    """The column of the labels; asks where several differ, unless one was named as labels."""
    speaking = [file for files in arranged.models.values() for file in files]
    sources = [file for file in [*arranged.truth, *speaking] if file.labels]
    if not sources:
        return None
    found = [Candidate(file, _of_several(file, desk)) for file in sources]
    others = [other for other in found[1:] if _differing(found[0], other, joined)]
    if not others or found[0].file.named_as_labels:
        return found[0]
    return _of_files([found[0], *others], joined, desk)


def _of_files(found: list[Candidate], joined: Joined, desk: Desk) -> Candidate:
    question = Question(
        "labels-file", "Several files give labels, and not the same. Which are the true ones?",
        tuple(Option(one.file.file, f"{one.column.name!r} in {one.file.file}") for one in found),
        found[0].file.file,
        tuple(f"{found[0].file.file} and {other.file.file} differ on "
              f"{_said(_differing(found[0], other, joined))}" for other in found[1:]),
        "--labels",
    )  # fmt: skip
    chosen = desk.ask(question)
    return next(one for one in found if one.file.file == chosen)


def _said(rows: list[int]) -> str:
    return f"{counted(len(rows), 'row')}, row {rows[0]:,} first"


def _of_several(file: Fields, desk: Desk) -> Column:
    first, *more = file.labels
    columns = [first, *(other for other in more if not _alike(other.values, first.values))]
    if len(columns) == 1:
        return columns[0]
    question = Question(
        "label", f"{file.file}: which column is the label?",
        tuple(Option(column.name, column.name) for column in columns), columns[0].name,
        tuple(f"{column.name}: {', '.join(distinct(column.values)[:5])}" for column in columns),
        "--label",
    )  # fmt: skip
    name = desk.ask(question)
    return next(column for column in columns if column.name == name)


def _alike(first: pa.Array, second: pa.Array) -> bool:
    """Whether two columns are equal, or name the same classes, the one by numbers, say."""
    if first.equals(second) or _texts(first) == _texts(second):
        return True
    one_is_text = pa.types.is_string(first.type) != pa.types.is_string(second.type)
    same = first.dictionary_encode().indices.equals(second.dictionary_encode().indices)
    return one_is_text and same


def _texts(values: pa.Array) -> list[str]:
    return [text_of(value) for value in values.to_pylist()]


def _differing(one: Candidate, other: Candidate, joined: Joined) -> list[int]:
    """The rows on which two files both give a label, and not the same."""
    mine, theirs = joined.column(*one), joined.column(*other)
    if mine.equals(theirs):
        return []
    pairs = zip(_texts(mine), _texts(theirs), strict=True)
    return [row for row, (a, b) in enumerate(pairs) if a and b and a != b]


def read_truth(
    arranged: Arranged, joined: Joined, classes: Classes, desk: Desk, predicted: Predicted
) -> Truth:
    """Labels as codes, from a column, a matrix, or nowhere.

    Raises:
        ReadingError: they fit no class.
    """
    candidate = told(arranged, joined, desk)
    matrix = _matrix(arranged)
    if candidate is None and matrix is None:
        desk.report.add("noted", "", "no labels: accuracy and calibration need some",
                        examples=_likely(arranged, classes))  # fmt: skip
        return Truth(_nothing(joined.num_items), _plain_names(classes))
    shares, num_people, coded = None, None, None
    if candidate is not None:
        coded = _coded(candidate, joined, classes, desk, predicted)
    if matrix is not None:
        coded, shares, num_people = _with_matrix(matrix, joined, classes, coded, desk)
    assert coded is not None  # noqa: S101 - one of the two is there
    _notes(coded, desk)
    return Truth(coded.codes, coded.names, shares, num_people)


def _likely(arranged: Arranged, classes: Classes) -> tuple[str, ...]:
    """A hint at columns of whole numbers that could be labels under another name."""
    found = []
    for file in (file for files in arranged.models.values() for file in files):
        table = file.rest if file.rest is not None else pa.table({})
        for name in (field.name for field in table.schema if not pa.types.is_nested(field.type)):
            values = distinct(table[name].combine_chunks())
            few = 1 < len(values) <= (classes.num or 0)
            if few and all(is_whole(text) and 0 <= int(text) <= len(values) for text in values):
                found.append(name)
    return (
        (f"if they are in {listed(found, 3)}, name that column as the label (--label)",)
        if found
        else ()
    )


def _nothing(num_items: int) -> np.ndarray:
    return np.full(num_items, UNLABELLED, np.int32)


def _plain_names(classes: Classes) -> tuple[str, ...]:
    return classes.names or tuple(str(number) for number in range(classes.num or 0))


def _coded(
    candidate: Candidate, joined: Joined, classes: Classes, desk: Desk, predicted: Predicted
) -> Coded:
    file, column = candidate
    aligned = Column(column.name, joined.column(file, column))
    coded = code_labels(aligned, classes, file.file, desk, predicted)
    known = int((coded.codes != UNLABELLED).sum())
    by_place = ", told by its place" if file.labels_guessed else ""
    desk.report.add("read", file.file, f"labels in {column.name!r}{by_place}", known,
                    joined.num_items)  # fmt: skip
    _ask_if_answers(candidate, coded, desk, predicted)
    return coded


def _ask_if_answers(candidate: Candidate, coded: Coded, desk: Desk, predicted: Predicted) -> None:
    """A label told by its place alone that always equals the prediction is likely one."""
    answers = predicted() if candidate.file.labels_guessed else None
    if answers is None or len(answers) < 10 or not (coded.codes == answers).all():
        return
    question = Question(
        "label-is",
        f"{candidate.file.file}: {candidate.column.name!r} always equals the prediction. "
        "Is it the truth?",
        (Option("truth", "Yes, the true label"), Option("prediction", "No, the prediction")),
        "prediction", (), "--label-is",
    )  # fmt: skip
    if desk.ask(question) == "prediction":
        coded.codes[:] = UNLABELLED


def _matrix(arranged: Arranged) -> tuple[Fields, Scores] | None:
    speaking = [file for files in arranged.models.values() for file in files]
    for file in [*arranged.truth, *speaking, *arranged.others]:
        if file.label_matrix is not None:
            return file, file.label_matrix
    return None


def _with_matrix(
    found: tuple[Fields, Scores], joined: Joined, classes: Classes, coded: Coded | None, desk: Desk
) -> tuple[Coded, np.ndarray | None, np.ndarray | None]:
    file, matrix = found
    values = joined.matrix(file, matrix.values)
    values = _in_order(values, matrix, classes, file)
    read = read_matrix(matrix._replace(values=values), classes.num, file.file, desk)
    if coded is not None:
        return coded, read.shares, read.num_people
    num_classes = classes.num or (values if read.shares is None else read.shares).shape[1]
    named = matrix.classes if len(matrix.classes or ()) == num_classes else None
    names = classes.names or named or tuple(str(number) for number in range(num_classes))
    return Coded(read.codes, names), read.shares, read.num_people


def _in_order(values: np.ndarray, matrix: Scores, classes: Classes, file: Fields) -> np.ndarray:
    """Columns of the same names in the order of the scores' columns."""
    if not matrix.classes or not classes.names or classes.are_numbers or matrix.first is not None:
        return values
    if set(matrix.classes) != set(classes.names):
        lacking = sorted(set(matrix.classes) ^ set(classes.names))
        raise ReadingError(
            f"{file.file}: the labels' columns and the scores' differ by {lacking[0]!r}; "
            "give both the same classes."
        )
    return values[:, [matrix.classes.index(name) for name in classes.names]]


def _notes(coded: Coded, desk: Desk) -> None:
    counts = np.bincount(coded.codes[coded.codes != UNLABELLED], minlength=len(coded.names))
    if not counts.any():
        desk.report.add("noted", "", "no row has a label")
        return
    empty = [name for name, count in zip(coded.names, counts, strict=True) if not count]
    if empty:
        desk.report.add("noted", "", f"{counted(len(empty), 'class', 'classes')} without an item",
                        examples=tuple(empty[:5]))  # fmt: skip
    if (counts > 0).sum() == 1 and len(coded.codes) > 1:
        desk.report.add("noted", "", f"every label is {coded.names[int(counts.argmax())]!r}")
    if missing := int((coded.codes == UNLABELLED).sum()):
        desk.report.add("noted", "", "without a label", missing, len(coded.codes))
