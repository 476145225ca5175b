"""A study on disk: `studies/<key>/`, written aside and renamed as a whole, read on demand."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from core.stored.folder_writing import Advance, write_parts
from core.stored.new_study import NewModel, NewStudy, check_new
from core.stored.slugs import free_slug, is_slug, slug
from core.stored.study_card import read_card
from core.study.study import Study
from core.study.study_error import StudyError, unwritable
from core.study.write_aside import folder_aside, rename_folder, sweep, sync_folder

__all__ = [
    "NewModel", "NewStudy", "StudyError", "check_study", "open_study", "place_study", "write_study",
]  # fmt: skip


def open_study(folder: Path) -> Study:
    """The study in a folder; its key is the folder's name.

    `study.json`, the ids and the labels are read at once, all else when it is asked for.

    Raises:
        StudyError: now or on reading: a file is missing, cut, foreign, of a later version, or may
            not be read.
    """
    # Who only writes a study need not wait for pandas, LiteRT and Pillow.
    from core.stored.folder_reading import (  # noqa: PLC0415
        read_dataset,
        read_held_out,
        read_model,
        read_networks,
    )

    card = read_card(folder)
    dataset, num_classes = read_dataset(folder, card), len(card.class_names)
    return Study(
        dataset=dataset,
        models={m.name: read_model(folder, m, num_classes, dataset.labels) for m in card.models},
        held_out={m.name: read_held_out(folder, m, num_classes) for m in card.held_out},
        networks=read_networks(folder, card),
        report=card.report,
        sources=card.sources,
    )


def check_study(folder: Path) -> None:
    """Look at every file of a study once.

    Raises:
        StudyError: the first thing that is wrong.
    """
    # As above.
    from core.stored.folder_reading import read_networks  # noqa: PLC0415
    from core.stored.stored_networks import check_network  # noqa: PLC0415

    study, card = open_study(folder), read_card(folder)
    if study.dataset.fingerprint != card.fingerprint:
        raise StudyError(f"{folder} does not hold the ids and labels that it was written with.")
    if card.pictures == "arrays" and study.dataset.images is not None:
        study.dataset.images.image(0)
    for predictions in (*study.models.values(), *study.held_out.values()):
        _ = predictions.scores, predictions.features
        _ = predictions.values if predictions.has_distribution else None
    for network in read_networks(folder, card).values():
        check_network(network)


def write_study(
    new: NewStudy,
    root: Path,
    key: str | None = None,
    progress: Advance = lambda rows, total: None,
    is_taken: Callable[[str], bool] = lambda key: False,
) -> Path:
    """Write a study below `root`, whole or not at all, and give its folder.

    Args:
        new: The study.
        root: The folder of all studies; made where it is missing.
        key: The folder's name, in lower-case letters, digits and hyphens; made from the title, and
            from a number where that is taken, if None.
        progress: Called with the rows just scored and the rows in all.
        is_taken: Whether a key made from the title must not be used.

    Raises:
        StudyError: the parts do not fit together, the key is taken, or nothing can be written here.
    """
    check_new(new)
    if key is not None:
        _check_key(root, key)
    try:
        sweep(root)
        with folder_aside(root) as aside:
            write_parts(new, aside, progress)
            return place_study(aside, root, key or slug(new.title, "study"), key is None, is_taken)
    except OSError as error:
        raise unwritable(root, error) from error


def place_study(
    aside: Path, root: Path, wanted: str, or_numbered: bool, is_taken: Callable[[str], bool]
) -> Path:
    """Sync a finished folder and rename it to its key, or to the key with the next free number.

    Raises:
        StudyError: the key is taken and no number may be added.
        OSError: the folder cannot be renamed.
    """
    sync_folder(aside)
    while True:
        free = free_slug(wanted, lambda key: is_taken(key) or os.path.lexists(root / key))
        target = root / (free if or_numbered else wanted)
        if rename_folder(aside, target):  # or else another process was faster
            return target
        if not or_numbered:
            _check_key(root, wanted)


def _check_key(root: Path, key: str) -> None:
    if not is_slug(key):
        raise StudyError(f"{key!r} is no key: use lower-case letters, digits and hyphens.")
    if os.path.lexists(root / key):
        raise StudyError(f"There is a study {key!r} already; delete it or choose another key.")
