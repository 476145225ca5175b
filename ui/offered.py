"""The example with several people's labels, made known by the door to the web."""

from __future__ import annotations

from core.stored.example import Example

OFFERED: list[Example] = []
"""The first one counts. A module of its own: the first page waits for nothing that opens it."""
