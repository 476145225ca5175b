"""A line in the list of studies, read once for each writing of its folder."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.stored.study_card import NAME, read_card
from core.study.study_error import unreadable

Stamp = tuple[int, int, int]
"""Of `study.json`: inode, time of change, size; another one after each writing."""


@dataclass(frozen=True)
class Entry:
    """A study in the list.

    Attributes:
        key: For the link.
        title: What a person reads.
        num_bytes: On the disk; 0 for a bundled one.
        num_items: N; 0 for a bundled one, or where it cannot be opened.
        num_classes: K, likewise.
        models: Their titles, the default first; none for a bundled one that is not open yet.
        opened: When it was written here, seconds since 1970; 0 for a bundled one.
        bundled: Whether it comes with Penumbra, and so can be neither renamed nor deleted.
        problem: Why it cannot be opened, in one sentence; empty if it can.
    """

    key: str
    title: str
    num_bytes: int = 0
    num_items: int = 0
    num_classes: int = 0
    models: tuple[str, ...] = ()
    opened: float = 0.0
    bundled: bool = False
    problem: str = ""


def read_entry(folder: Path) -> Entry:
    """The entry of a folder.

    Raises:
        StudyError: its `study.json` cannot be used.
    """
    card = read_card(folder)
    models = tuple(model.title for model in card.models)
    return Entry(
        key=folder.name,
        title=card.title,
        num_bytes=_num_bytes(folder),
        num_items=card.num_items,
        num_classes=len(card.class_names),
        models=models,
        opened=card.opened,
    )


def _num_bytes(folder: Path) -> int:
    """Of all files, but for those that go while they are counted: others write here too."""
    total = 0
    try:
        for parent, _, files in os.walk(folder):
            for name in files:
                with suppress(FileNotFoundError):
                    total += Path(parent, name).lstat().st_size
    except OSError as error:
        raise unreadable(folder, error) from error
    return total


def stamp_of(folder: Path) -> Stamp:
    """The stamp of a folder.

    Raises:
        StudyError: there is no `study.json`.
    """
    try:
        found = (folder / NAME).stat()
    except OSError as error:
        raise unreadable(folder / NAME, error) from error
    return found.st_ino, found.st_ctime_ns, found.st_size
