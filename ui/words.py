"""Text that others wrote, fit to stand in ours."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """`text` with everything that Markdown would read as markup made ordinary letters."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
