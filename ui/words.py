"""Text that others wrote, fit to stand in ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import TypeVar

from core.study.dataset import Noun

LONGEST_NAME = 80
"""Letters of an id or a name that stand in a heading, on a button or on a tile."""
_T = TypeVar("_T")
_ITEM = Noun("item", "items")


def plain(text: str) -> str:
    """`text` with everything that Markdown would read as markup made ordinary letters."""
    line = " ".join(text.split())  # a line that begins with blanks would be code
    line = re.sub("[\u202a-\u202e\u2066-\u2069]", "", line)  # they turn round what follows
    # Icons and emoji are looked for after Markdown is read: an invisible joiner parts their colon.
    line = re.sub(r":(?=[a-zA-Z+-][\w+/-]*:)", ":\u2060", line)
    # So are addresses of the web and of people, which would become links.
    line = re.sub(r"(?i)(https?:(?=//)|www(?=\.)|@(?=[-\w]+\.[-\w]))", "\\1\u2060", line)
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)


def drawn(text: str) -> str:
    """`text` for a figure, whose letters Plotly would read as HTML."""
    return escape(short(text), quote=False)


def titled(results: Mapping[str, _T]) -> dict[str, _T]:
    """Results by a model's title, for a figure."""
    return {drawn(title): found for title, found in results.items()}


def short(text: str, longest: int = LONGEST_NAME) -> str:
    """`text` as it is, or its beginning."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def noun_of(noun: Noun) -> Noun:
    """What an item is called, fit for any sentence, in Markdown, HTML and figures alike."""
    one, many = (short(re.sub(r"[^\w -]|_", "", word).strip(), 40) for word in noun)
    return Noun(one, many) if one and many else _ITEM
