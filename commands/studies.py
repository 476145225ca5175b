"""The studies that a command may name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

    from core.stored.library import Library


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
