"""A new study -> the files of its folder, but for the renaming that makes them a study."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from core.measures.measurable import check_rows
from core.stored import folder_layout as layout
from core.stored.fingerprint import fingerprint
from core.stored.item_writing import own_names, write_items
from core.stored.new_study import NewModel, NewStudy
from core.stored.slugs import free_slug, slug
from core.stored.stored_arrays import write_array
from core.stored.study_card import NAME, ModelCard, StudyCard, card_bytes
from core.study.ids import NamedIds
from core.study.study_error import StudyError

Advance = Callable[[int, int], None]
"""advance(rows just finished, rows in all), from any thread"""
_SCORED_LATER, _MOST_ITEMS = 6_000_000, 200_000
"""Up to so many values and items a model is scored, in a second, when it is first looked at."""
_ROWS = 10_000


def write_parts(new: NewStudy, folder: Path, progress: Advance) -> None:
    """Every file of a checked study into an empty folder; `study.json` is the last.

    Raises:
        StudyError: an id occurs twice, a value cannot be measured, or a column not be stored.
        OSError: a file cannot be written.
    """
    names = model_names(new)
    total = len(new) * len(new.models) + sum(len(labels) for labels, _ in new.held_out.values())
    models = [
        write_model(model, new, folder / names[model.name], lambda rows: progress(rows, total))
        for model in new.models
    ]
    held_out = [
        write_held_out(new, name, folder / layout.HELD_OUT / names[name], progress, total)
        for name in new.held_out
    ]
    card = _write_items(new, folder, tuple(models), tuple(held_out))
    (folder / NAME).write_bytes(card_bytes(card))


def model_names(new: NewStudy) -> dict[str, str]:
    """Each model's name -> the slug that its folder and its links have."""
    found: dict[str, str] = {}
    for model in new.models:
        found[model.name] = free_slug(
            slug(model.name, "model"), lambda name: name in found.values()
        )
    return found


def write_model(
    model: NewModel, new: NewStudy, folder: Path, progress: Callable[[int], None]
) -> ModelCard:
    """A model's files into a folder that is made for it; the card that names them.

    Raises:
        StudyError: a value cannot be measured.
        OSError: a file cannot be written.
    """
    folder.mkdir(parents=True)
    if model.values is not None:
        write_array(folder / layout.VALUES, model.values)
    if model.features is not None:
        write_array(folder / layout.FEATURES, model.features.astype(np.float32))
    _write_scores(model, new, folder / layout.SCORES, progress)
    return ModelCard(
        name=folder.name,
        title=model.title,
        kind=model.kind,
        tier=model.tier,
        num_members=1 if model.values is None else int(model.values.shape[0]),
        num_items=len(new),
        temperature=float(model.temperature),
        out_of_sample=model.out_of_sample,
        has_features=model.features is not None,
    )


def _write_scores(
    model: NewModel, new: NewStudy, path: Path, progress: Callable[[int], None]
) -> None:
    """The score table; of a few values no more than the check that they can be measured."""
    values = model.values
    try:
        if values is None or values.size > _SCORED_LATER or len(new) > _MOST_ITEMS:
            # It waits for pandas and LiteRT.
            from core.stored.new_scores import write_scores  # noqa: PLC0415

            write_scores(model, new, path, progress)
            return
        for start in range(0, len(new), _ROWS):
            check_rows(values[:, start : start + _ROWS], model.kind, start)
        progress(len(new))
    except ValueError as error:
        raise StudyError(f"{model.title} cannot be measured: {error}.") from error


def write_held_out(
    new: NewStudy, name: str, folder: Path, progress: Advance, total: int
) -> ModelCard:
    """The held-out part of a model into a folder that is made for it; raises as `write_model`."""
    labels, values = new.held_out[name]
    (model,) = (model for model in new.models if model.name == name)
    part = NewStudy(
        title=new.title,
        class_names=new.class_names,
        labels=labels,
        models=[
            NewModel(
                name=name,
                title=f"{model.title}, held out",
                kind=model.kind,
                values=values,
                temperature=model.temperature,
                out_of_sample=True,
            )
        ],
    )
    card = write_model(part.models[0], part, folder, lambda rows: progress(rows, total))
    write_array(folder / layout.LABELS, labels.astype(np.int32))
    return card


def _write_items(
    new: NewStudy, folder: Path, models: tuple[ModelCard, ...], held_out: tuple[ModelCard, ...]
) -> StudyCard:
    ids = _checked_ids(new)
    columns = [] if new.items is None else new.items.column_names
    stored = own_names(columns)
    items = None if new.items is None else new.items.rename_columns([*stored.values()])
    pictures = new.image_bytes or new.image_paths
    kind = "bytes" if new.image_bytes else "files" if new.image_paths else None
    write_items(
        folder / layout.ITEMS, len(new), ids, new.labels, items, stored.get(new.image_bytes or "")
    )
    if new.image_arrays is not None:
        write_array(folder / layout.PICTURES, new.image_arrays)
    if new.label_shares is not None:
        write_array(folder / layout.LABEL_SHARES, new.label_shares.astype(np.float32))
    if new.num_people is not None:
        write_array(folder / layout.NUM_PEOPLE, new.num_people.astype(np.int32))
    root = new.image_root if kind == "files" else None
    return StudyCard(
        title=new.title,
        noun=(new.noun.one, new.noun.many),
        class_names=tuple(new.class_names),
        num_items=len(new),
        has_ids=ids is not None,
        has_labels=new.labels is not None,
        has_label_shares=new.label_shares is not None,
        has_num_people=new.num_people is not None,
        details=tuple(stored[name] for name in columns if name != new.image_bytes),
        text=None if new.text is None else stored[new.text],
        pictures="arrays" if new.image_arrays is not None else kind,
        picture_column=None if pictures is None else stored[pictures],
        picture_root=None if root is None else str(root.resolve()),
        fingerprint=fingerprint(ids, new.labels, len(new)),
        opened=time.time(),
        models=models,
        held_out=held_out,
        report=dict(new.report),
        sources=tuple(new.sources),
    )


def _checked_ids(new: NewStudy) -> pa.Array | None:
    """The ids as one Arrow array of strings."""
    if new.ids is None:
        return None
    names: Any = new.ids
    if isinstance(names, pa.ChunkedArray):
        names = names.combine_chunks()
    arrow = isinstance(names, pa.Array)
    names = names.cast(pa.string()) if arrow else pa.array(names, pa.string())
    if names.null_count:
        raise StudyError(f"An id of {new.title} is missing; give each item one.")
    try:
        NamedIds(names)
    except ValueError as error:
        raise StudyError(
            f"{new.title} cannot be stored: {error}; give each item its own."
        ) from error
    return names
