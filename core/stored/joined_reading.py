"""A second file's predictions brought onto the items and classes of a study that is there.

N items of the study, K classes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from core.reading.classes import gather
from core.reading.errors import counted, listed
from core.reading.reading import ModelReading, Reading
from core.stored.new_study import NewModel
from core.study.dataset import UNLABELLED, Dataset
from core.study.study_error import StudyError


class JoinedReading(NamedTuple):
    """Models as a study takes them, and how they were brought onto its items.

    Attributes:
        models: In the order of the study's rows and classes.
        held_out: By a model's name: labels (M,), all known, and values (S, M, K).
        lines: What was joined, reordered and set aside, a sentence each.
    """

    models: list[NewModel]
    held_out: dict[str, tuple[np.ndarray, np.ndarray]]
    lines: list[str]


def join_reading(
    reading: Reading, dataset: Dataset, out_of_sample: bool | None = None
) -> JoinedReading:
    """What was read of other files, on the items of a study: by id, or by order without any.

    Classes are matched by name, in whatever order they stand; classes that are only numbered are
    taken in the study's order. Every item of the study needs an answer; others are set aside.

    Args:
        reading: Without open questions.
        dataset: Of the study.
        out_of_sample: Whether no model was fitted on these labels; None if not known.

    Raises:
        StudyError: a question is open, or items or classes do not fit; one sentence with the cure.
    """
    if not reading.is_final:
        raise StudyError(f"There is an open question: {reading.questions[0].text}")
    rows, items = _rows(reading, dataset)
    columns, classes = _columns(reading, dataset)
    models = [
        _model(name, model, rows, columns, len(dataset), out_of_sample)
        for name, model in reading.models.items()
    ]
    lines = [*items, *classes, *_other_labels(reading, dataset, rows, columns)]
    return JoinedReading(models, _held_out(reading, columns), lines)


def _rows(reading: Reading, dataset: Dataset) -> tuple[np.ndarray | None, list[str]]:
    """The reading's row of each item, None where they are the same rows, and how they joined."""
    num_items = len(dataset)
    if reading.ids is None:
        if len(reading) != num_items:
            raise StudyError(
                f"The file has {counted(len(reading), 'row')} and the study {num_items:,} items;"
                " give it a column of the study’s ids, or the same rows in the same order."
            )
        return None, [f"Joined by order, for the file has no ids: {num_items:,} items."]
    found = _places(dataset, reading.ids)
    missing = np.flatnonzero(found < 0)
    if len(missing) == num_items:
        raise StudyError(
            f"None of the file’s ids ({listed(reading.ids[:2].to_pylist())}) is among the study’s"
            f" ({listed(dataset.ids.take(range(min(2, num_items))))}). Name the right column with"
            " --id, or with --id none if the rows are in the same order."
        )
    if len(missing):
        raise StudyError(
            f"The file has {num_items - len(missing):,} of the study’s {num_items:,} items;"
            f" {len(missing):,} {'is' if len(missing) == 1 else 'are'} missing"
            f" ({listed(dataset.ids.take(missing[:2]))}) and"
            f" {counted(len(reading) - num_items + len(missing), 'row')} of the file"
            " belong to no item. Open both models’ files together: that keeps what both have."
        )
    lines = [f"Joined by id: {num_items:,} of {num_items:,} items matched, none is missing."]
    if extra := len(reading) - num_items:
        lines.append(f"Set aside: {counted(extra, 'row')} whose id no item of the study has.")
    same = not extra and bool((found == np.arange(num_items)).all())
    return (None if same else found), lines


def _places(dataset: Dataset, ids: pa.StringArray) -> np.ndarray:
    import pyarrow.compute as pc  # noqa: PLC0415 - slow, and of no use to rows in their order

    wanted = pa.array(dataset.ids.take(range(len(dataset))), pa.string())
    return pc.index_in(wanted, value_set=ids).fill_null(-1).to_numpy().astype(np.int64)


def _columns(reading: Reading, dataset: Dataset) -> tuple[np.ndarray, list[str]]:
    """The reading's code of each class of the study, -1 for none, and what was reordered."""
    there, here = dataset.class_names, reading.class_names
    if here == there:
        return np.arange(len(there)), []
    if here == tuple(str(k) for k in range(len(there))) and set(here) != set(there):
        return np.arange(len(there)), [
            f"The file numbers its classes: they are taken in the study’s order"
            f" ({listed(list(there))})."
        ]
    strange = [name for name in here if name not in there]
    lacking = [name for name in there if name not in here]
    full = any(model.values is not None for model in reading.models.values())
    if strange or (lacking and full):
        names = listed(strange or lacking)
        whose = "has the classes" if strange else "lacks the classes"
        raise StudyError(
            f"The file {whose} {names}, and the study’s are {listed(list(there))}. Two models are"
            " compared on the same classes: rename them in the file, or open it as a new study."
        )
    places = np.array([here.index(name) if name in here else -1 for name in there])
    return places, [] if lacking else ["The file’s classes were put in the study’s order, by name."]


def _model(
    name: str,
    model: ModelReading,
    rows: np.ndarray | None,
    columns: np.ndarray,
    num_items: int,
    out_of_sample: bool | None,
) -> NewModel:
    values = model.values
    if values is not None:
        order = None if (columns == np.arange(len(columns))).all() else columns
        values = gather([values], [rows], [order], num_items, name)
    return NewModel(
        name=name,
        title=name,
        kind=model.kind,
        tier=model.tier,
        values=values,
        prediction=None if values is not None else _codes(_taken(model.prediction, rows), columns),
        confidence=None if values is not None else _taken(model.confidence, rows),
        features=_taken(model.features, rows),
        out_of_sample=out_of_sample,
    )


def _taken(array: np.ndarray | None, rows: np.ndarray | None) -> np.ndarray | None:
    return array if array is None or rows is None else array[rows]


def _codes(codes: np.ndarray | None, columns: np.ndarray) -> np.ndarray | None:
    """The reading's class codes as the study's, UNLABELLED for none."""
    if codes is None:
        return None
    known = np.flatnonzero(columns >= 0)
    study_code = np.full(max(int(columns.max()), int(codes.max(initial=0))) + 2, UNLABELLED)
    study_code[columns[known]] = known
    return study_code[codes]  # the last place is UNLABELLED's, -1


def _held_out(reading: Reading, columns: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    if reading.held_out is None:
        return {}
    labels = _codes(reading.held_out.labels, columns)
    known = np.flatnonzero(labels != UNLABELLED)
    return {
        name: (labels[known], model.values[:, known][:, :, columns])
        for name, model in reading.held_out.models.items()
        if model.values is not None and labels is not None and len(known)
    }


def _other_labels(
    reading: Reading, dataset: Dataset, rows: np.ndarray | None, columns: np.ndarray
) -> list[str]:
    """That labels of the file are not the study's, which count."""
    labels = _codes(_taken(reading.labels, rows), columns)
    if labels is None or dataset.labels is None:
        return []
    both = (labels != UNLABELLED) & (dataset.labels != UNLABELLED)
    number = int((labels[both] != dataset.labels[both]).sum())
    if not number:
        return []
    return [
        f"On {counted(number, 'item')} of {int(both.sum()):,} the file’s label is not the study’s;"
        " the study’s count."
    ]
