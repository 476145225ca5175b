"""The addresses under which the browser asks for one item's picture and words."""

from __future__ import annotations

from urllib.parse import quote

from ui.picked import Key

ITEMS = "/items"


def items_url(key: Key) -> str:
    """Where a study's items are asked for by row number; a study's key is safe in an address."""
    return f"{ITEMS}/{quote(key.study, safe='')}/{quote(key.model, safe='')}"
