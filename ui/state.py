"""The link is the truth: what people would share lives in the query string.

A widget shows what the link says and writes what people choose; Back, Forward and a pasted link
therefore work by themselves. A change of page drops the query string, so a copy waits in the
session and is put back.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

Read = Callable[[list[str]], Any]
"""The texts behind a key in the link -> a value; ValueError says what would be right."""


@dataclass(frozen=True)
class Field:
    """One key of the link: what it is when absent, and how its texts are read."""

    key: str
    default: Any
    read: Read


def open_page(name: str) -> None:
    """Put back what a change of page dropped. Call first on every page that uses the link."""
    _through_the_front_door()
    st.session_state["_notes"] = (st.container(), set())
    if st.session_state.get("_page") not in {None, name}:
        absent = {
            key: texts
            for key, texts in st.session_state.get("_link", {}).items()
            if key not in st.query_params
        }
        st.query_params.update(absent)
    for key in st.query_params:  # also what only another page or section reads
        _remember(key, st.query_params.get_all(key))
    st.session_state["_page"] = name


def _through_the_front_door() -> None:
    """Run `app.py` around the page even for the first visitor of a server.

    Beside a folder `pages`, Streamlit takes the app for one of its older kind until `app.py` has
    called `st.navigation` once: a link straight to a page would run that page alone.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def value(field: Field) -> Any:
    """What the link says, or the field's default with a warning if it says nothing sensible."""
    texts = st.query_params.get_all(field.key)
    _remember(field.key, texts)
    if not texts:
        return field.default
    try:
        return field.read(texts)
    except ValueError as error:
        _note(f"The link says `{field.key}={','.join(texts)[:40].replace('`', '')}`: {error}.")
        return field.default


def _note(text: str) -> None:
    """Say it at the top of the page, once."""
    place, said = st.session_state.get("_notes", (st.container(), set()))
    if text not in said:
        said.add(text)
        place.warning(text, icon=":material/link_off:")


def widget(field: Field) -> dict[str, Any]:
    """Arguments that tie a widget to a field: `st.toggle("Log", **widget(field))`."""
    st.session_state[field.key] = value(field)
    return {"key": field.key, "on_change": _write_widget, "args": (field,)}


def write(key: str, texts: list[str]) -> None:
    """Let the link say `texts` behind `key`; nothing if the list is empty."""
    if texts:
        st.query_params[key] = texts
    else:
        st.query_params.pop(key, None)
    _remember(key, texts)


def reset(fields: Iterable[Field]) -> None:
    """Every one of these fields back to its default."""
    for field in fields:
        write(field.key, [])


def choose(index: int) -> None:
    """Make image `index` the chosen one."""
    write("index", [str(index)])


def chosen(table: pd.DataFrame) -> int | None:
    """The chosen image, if the link names one of the table's."""
    return value(Field("index", None, index_of(table)))


def lassoed(event: dict) -> list[int]:
    """The indices of the points inside a chart's box or lasso."""
    points = event["selection"]["points"]
    return [int(point["customdata"]) for point in points]


def step(order: pd.Index, by: int) -> None:
    """Choose the next or previous image of `order`, round and round.

    Read from the link when it happens, not when the page was drawn: a second press counts.
    """
    text = st.query_params.get("index", "")
    here = int(text) if text.isdecimal() and int(text) in order else None
    first = 0 if by > 0 else len(order) - 1
    place = (
        first if here is None else (int(order.get_indexer(pd.Index([here]))[0]) + by) % len(order)
    )
    choose(int(order[place]))


def one_of(options: Iterable[str]) -> Read:
    """A word out of `options`."""
    known = tuple(options)

    def read(texts: list[str]) -> str:
        if texts[0] not in known:
            raise ValueError(f"it may be {', '.join(known)}")
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


def whole(low: int, high: int) -> Read:
    """A whole number from `low` to `high`."""

    def read(texts: list[str]) -> int:
        if not texts[0].isdecimal() or not low <= int(texts[0]) <= high:
            raise ValueError(f"it must be a whole number from {low} to {high:,}")
        return int(texts[0])

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
    """Class numbers."""

    def read(texts: list[str]) -> list[int]:
        if not all(text.isdecimal() and int(text) < num_classes for text in texts):
            raise ValueError(f"each must be a class from 0 to {num_classes - 1}")
        return sorted({int(text) for text in texts})

    return read


def index_of(table: pd.DataFrame) -> Read:
    """The index of one of the table's rows."""

    def read(texts: list[str]) -> int:
        if not texts[0].isdecimal() or int(texts[0]) not in table.index:
            raise ValueError(f"there is no such digit, only {table.index[0]} to {table.index[-1]}")
        return int(texts[0])

    return read


def _write_widget(field: Field) -> None:
    found = st.session_state[field.key]
    write(field.key, [] if found == field.default else _texts(found))


def _texts(found: Any) -> list[str]:
    """How a value stands in the link."""
    if found is None:
        return []
    if isinstance(found, bool):
        return [str(found).lower()]
    if isinstance(found, float):
        return [f"{found:.12g}"]
    if isinstance(found, (list, tuple)):
        return [text for part in found for text in _texts(part)]
    return [str(found)]


def _remember(key: str, texts: list[str]) -> None:
    link = st.session_state.setdefault("_link", {})
    if texts:
        link[key] = texts
    else:
        link.pop(key, None)
