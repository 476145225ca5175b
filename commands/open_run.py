"""Open what `score` wrote: the parts of a run as a study."""

from __future__ import annotations

import re
from pathlib import Path

from commands.studies import library
from commands.terminal import progress


def run_among(files: tuple[Path, ...]) -> str | None:
    """The folder or address of a run's parts, where that is the only thing to be opened."""
    if len(files) != 1:
        return None
    address = re.sub(r"^([a-z][a-z0-9+]+):/(?!/)", r"\1://", str(files[0]))  # as it was written
    if "://" in address:
        return address
    from core.batch.run_folder import NAME

    return address if (files[0] / NAME).is_file() else None


def open_run(address: str, title: str, noun: str, key: str | None) -> tuple[str, int, list[str]]:
    """Make a study of the parts; gives its key, its number of items, and how they were read.

    Raises:
        PlaceError: the parts are not all there, or cannot be read.
        StudyError: the study cannot be written.
    """
    from core.batch.parts_table import load_parts, study_of_parts
    from core.reading.report import Report
    from core.stored.from_reading import noun_of

    with (
        progress("rows") as advance,
        study_of_parts(load_parts(address), title, noun_of(noun), advance) as new,
    ):
        key = library().add(new, key)
        return key, len(new), Report.from_dict(new.report).lines()
