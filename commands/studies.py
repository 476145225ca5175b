"""The studies that a command may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.stored.library import Library


def library() -> Library:
    """The studies that ship, and those that were opened here."""
    from core.stored.library import Library
    from examples import BUNDLED

    found = Library()
    for key, (title, load) in BUNDLED.items():
        found.bundle(key, title, load)
    return found
