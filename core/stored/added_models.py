"""Further models written into a study that is there: it is never seen half-written."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from core.stored import folder_layout as layout
from core.stored.folder_writing import Advance, write_held_out, write_model
from core.stored.joined_reading import JoinedReading
from core.stored.new_study import NewStudy, check_new
from core.stored.slugs import free_slug, slug
from core.stored.study_card import NAME, ModelCard, StudyCard, card_bytes, read_card
from core.study.dataset import Dataset
from core.study.study_error import StudyError, unwritable
from core.study.write_aside import (
    folder_aside,
    remove_folder,
    rename_folder,
    replace_file,
    sync_folder,
)


def add_models(
    folder: Path,
    dataset: Dataset,
    joined: JoinedReading,
    sources: Sequence[str] = (),
    progress: Advance = lambda rows, total: None,
) -> list[str]:
    """Write models beside those of a study, and give the names that links know them by.

    Their files are put in place first; `study.json`, replaced at the end, makes them count.

    Args:
        folder: Of the study.
        dataset: Of the study.
        joined: The models, on the study's items.
        sources: Where they came from, one line each.
        progress: Called with the rows just scored and the rows in all.

    Raises:
        StudyError: what does not fit or cannot be measured, or the folder cannot be written.
    """
    new = NewStudy(
        title=dataset.title,
        class_names=dataset.class_names,
        models=joined.models,
        labels=dataset.labels,
        held_out=joined.held_out,
    )
    check_new(new)
    placed: list[Path] = []
    try:
        with folder_aside(folder.parent) as aside:
            models, held_out = _written(new, aside, folder, progress)
            sync_folder(aside)
            for card in models:
                _place(aside / card.name, folder / card.name, placed)
            for card in held_out:
                (folder / layout.HELD_OUT).mkdir(exist_ok=True)
                parts = (layout.HELD_OUT, card.name)
                _place(aside.joinpath(*parts), folder.joinpath(*parts), placed)
            _count_them(folder, models, held_out, sources)
    except OSError as error:
        _take_back(placed)
        raise unwritable(folder, error) from error
    except StudyError:
        _take_back(placed)
        raise
    return [card.name for card in models]


def _written(
    new: NewStudy, aside: Path, folder: Path, progress: Advance
) -> tuple[list[ModelCard], list[ModelCard]]:
    """All files aside, under names that are free in the study."""
    taken = {model.name for model in read_card(folder).models}
    total = len(new) * len(new.models) + sum(len(labels) for labels, _ in new.held_out.values())
    models, held_out = [], []
    for model in new.models:
        name = free_slug(slug(model.name, "model"), _is_taken(folder, taken))
        taken.add(name)
        models.append(write_model(model, new, aside / name, lambda rows: progress(rows, total)))
        if model.name in new.held_out:
            part = aside / layout.HELD_OUT / name
            held_out.append(write_held_out(new, model.name, part, progress, total))
    return models, held_out


def _is_taken(folder: Path, taken: set[str]) -> Callable[[str], bool]:
    return lambda name: name in taken or os.path.lexists(folder / name)


def _place(source: Path, target: Path, placed: list[Path]) -> None:
    if not rename_folder(source, target):
        raise StudyError(f"{target.name} was added by somebody else meanwhile; add it once more.")
    placed.append(target)


def _count_them(
    folder: Path, models: list[ModelCard], held_out: list[ModelCard], sources: Sequence[str]
) -> None:
    card: StudyCard = read_card(folder)  # as it is now: another process may have added a model
    more = replace(
        card,
        models=(*card.models, *models),
        held_out=(*card.held_out, *held_out),
        sources=(*card.sources, *sources),
    )
    replace_file(folder / NAME, card_bytes(more))


def _take_back(placed: list[Path]) -> None:
    for folder in placed:
        remove_folder(folder)
