"""How each kind of value in the link is read; one that makes no sense says what would."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from core.study.dataset import Dataset
from ui.words import noun_of, short

MOST_NAMED = 20
_MOST_DIGITS = 18
Read = Callable[[list[str]], Any]
"""The texts behind a key in the link -> a value; ValueError says what would be right."""


def one_of(options: Iterable[str]) -> Read:
    """A word out of `options`."""
    known = tuple(options)

    def read(texts: list[str]) -> str:
        if texts[0] not in known:
            more = f" … ({len(known):,} in all)" if len(known) > MOST_NAMED else ""
            raise ValueError(f"it may be {', '.join(known[:MOST_NAMED])}{more}")
        return texts[0]

    return read


def flag(texts: list[str]) -> bool:
    """`true` or `false`."""
    if texts[0] not in {"true", "false"}:
        raise ValueError("it may be true or false")
    return texts[0] == "true"


def number(texts: list[str]) -> float:
    """A finite number."""
    try:
        found = float(texts[0])
    except ValueError as error:
        raise ValueError("it must be a number") from error
    if not math.isfinite(found):
        raise ValueError("it must be a finite number")
    return found


def text(longest: int) -> Read:
    """A line of text."""

    def read(texts: list[str]) -> str:
        if len(texts[0]) > longest or not texts[0].isprintable():
            raise ValueError(f"it must be one line of at most {longest} characters")
        return texts[0]

    return read


def _whole(text: str) -> int | None:
    """A whole number of few enough digits for Python to read; None for all else."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None


def whole(low: int, high: int) -> Read:
    """A whole number from `low` to `high`."""

    def read(texts: list[str]) -> int:
        found = _whole(texts[0])
        if found is None or not low <= found <= high:
            raise ValueError(f"it must be a whole number from {low} to {high:,}")
        return found

    return read


def span(low: float, high: float) -> Read:
    """Two numbers between `low` and `high`, the right way round."""

    def read(texts: list[str]) -> tuple[float, float]:
        ends = sorted(number([text]) for text in texts)
        if len(ends) != 2 or ends[0] < low or ends[1] > high:
            raise ValueError(f"it must be two numbers from {low:g} to {high:g}")
        return ends[0], ends[1]

    return read


def classes(num_classes: int) -> Read:
    """Reads the numbers of classes, each from 0 to K - 1."""

    def read(texts: list[str]) -> list[int]:
        found = {_whole(text) for text in texts}
        known = {code for code in found if code is not None and code < num_classes}
        if known != found:
            raise ValueError(f"each must be a class from 0 to {num_classes - 1}")
        return sorted(known)

    return read


def id_in(dataset: Dataset) -> Read:
    """The id of one of the items; gives its row."""

    def read(texts: list[str]) -> int:
        if (row := dataset.ids.row(texts[0])) is None:
            first, last = (short(id, 40) for id in dataset.ids.take([0, len(dataset) - 1]))
            such = noun_of(dataset.noun).one
            raise ValueError(f"there is no such {such}; the first is {first}, the last {last}")
        return row

    return read
