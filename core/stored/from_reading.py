"""What was read of other people's files, made into a study that can be written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from core.reading.reading import ModelReading, Reading
from core.stored.new_study import ITEM, NewModel, NewStudy
from core.study.dataset import UNLABELLED, Noun
from core.study.study_error import StudyError

IMAGE = "image"
"""The column of the items that their pictures are kept in."""


def new_study(
    reading: Reading,
    title: str,
    noun: Noun = ITEM,
    sources: Sequence[str] = (),
    out_of_sample: bool | None = None,
) -> NewStudy:
    """The study that a reading without open questions gives.

    Args:
        reading: Of all files.
        title: What a person reads.
        noun: What an item is called.
        sources: Where the files came from, one line each.
        out_of_sample: Whether no model was fitted on these labels; None if not known.

    Raises:
        StudyError: a question is still open, or the reading has fewer than two classes.
    """
    if not reading.is_final:
        raise StudyError(f"There is an open question: {reading.questions[0].text}")
    if len(reading.class_names) < 2:
        raise StudyError(
            f"There is only the class {reading.class_names[0]!r}: a classifier chooses between two"
            " at least; name the others with --class-names."
        )
    items, pictures = _items(reading)
    return NewStudy(
        title=title,
        class_names=reading.class_names,
        models=[_model(name, model, out_of_sample) for name, model in reading.models.items()],
        labels=reading.labels if (reading.labels != UNLABELLED).any() else None,
        noun=noun,
        ids=reading.ids,
        items=items,
        text=reading.text,
        image_bytes=IMAGE if pictures == "bytes" else None,
        image_paths=IMAGE if pictures == "paths" else None,
        image_root=_root(reading),
        held_out=_held_out(reading),
        label_shares=reading.label_shares,
        num_people=reading.num_people,
        report=reading.report.as_dict(),
        sources=sources,
    )


def noun_of(words: str) -> Noun:
    """What an item is called, from "leaf", or from "leaf/leaves" where an s does not make many.

    Raises:
        StudyError: there is no word, or more than two.
    """
    one, _, many = (part.strip() for part in words.partition("/"))
    if not one or "/" in many:
        raise StudyError(f"{words!r} names no item; write one word, or two as in leaf/leaves.")
    return Noun(one, many or _many(one))


def _many(one: str) -> str:
    if one.endswith(("s", "x", "z", "ch", "sh")):
        return f"{one}es"
    if one.endswith("y") and one[-2:-1] not in set("aeiou"):
        return f"{one[:-1]}ies"
    return f"{one}s"


def _model(name: str, model: ModelReading, out_of_sample: bool | None) -> NewModel:
    return NewModel(
        name=name,
        title=name,
        kind=model.kind,
        tier=model.tier,
        values=model.values,
        prediction=None if model.values is not None else model.prediction,
        confidence=None if model.values is not None else model.confidence,
        features=model.features,
        out_of_sample=out_of_sample,
    )


def _held_out(reading: Reading) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Of each model with a distribution, the held-out items that have a label."""
    apart = reading.held_out
    if apart is None:
        return {}
    known = np.flatnonzero(apart.labels != UNLABELLED)
    return {
        name: (apart.labels[known], model.values[:, known])
        for name, model in apart.models.items()
        if model.values is not None and len(known)
    }


def _items(reading: Reading) -> tuple[pa.Table | None, str]:
    """The items' further columns with their pictures, and what the pictures are kept as."""
    kept = {"bytes": reading.image_bytes, "paths": reading.image_paths}
    kind = next((kind for kind, column in kept.items() if column is not None), "")
    if not kind:
        return reading.columns, ""
    table = reading.columns if reading.columns is not None else pa.table({})
    if IMAGE in table.column_names:
        names = [f"{name} (given)" if name == IMAGE else name for name in table.column_names]
        table = table.rename_columns(names)
    if not table.column_names:
        return pa.table({IMAGE: kept[kind]}), kind
    return table.append_column(IMAGE, kept[kind]), kind


def _root(reading: Reading) -> Path | None:
    folder = reading.image_folder
    return folder.resolve() if folder is not None and reading.image_paths is not None else None
