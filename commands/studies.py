"""The studies that a command may name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

    from core.stored.library import Library
    from core.study.study import Study


def library() -> Library:
    """The studies that ship, and those that were opened here."""
    from core.stored.library import Library
    from examples import BUNDLED

    found = Library()
    for key, (title, load) in BUNDLED.items():
        found.bundle(key, title, load)
    return found


def decision_engine() -> sa.Engine:
    """On the database that the dashboard would use here.

    Raises:
        StoreError: its address cannot be used.
    """
    from core.review.database import VARIABLE, open_engine, usual_address

    return open_engine(os.environ.get(VARIABLE) or usual_address())


@contextmanager
def named_study(name: str) -> Iterator[Study]:
    """A study by its key; or what `score` wrote, by its folder or address, until the end.

    Parts are read a batch at a time, and their values laid out in a temporary folder.

    Raises:
        StudyError: there is none, or it cannot be opened.
        PlaceError: the parts are not all there, or cannot be read.
    """
    if not _names_a_place(name):
        yield library().load(name)
        return
    from core.batch.parts_table import load_parts, study_of_parts
    from core.stored.folder import open_study, write_study

    with tempfile.TemporaryDirectory(prefix="penumbra-") as root:
        with study_of_parts(load_parts(name)) as new:
            folder = write_study(new, Path(root))
        yield open_study(folder)


def _names_a_place(name: str) -> bool:
    """Keys have no slash and no dot; a folder of that very name here has to be written ./name."""
    return "/" in name or "\\" in name or name.startswith(".")
