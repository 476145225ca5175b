"""The link is the truth: what people would share lives in the query string.

A widget shows what the link says and writes what people choose; Back, Forward and a pasted link
therefore work by themselves. A change of page drops the query string, so a copy waits in the
session and is put back.

A browser does not wait for the answer to a press before it sends the next one: a request may carry
a link, and an answer may bring a value, from before the newest press. So a press writes onto the
link as the session remembers it, and a widget is told its value only where it shows another one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.study.dataset import Dataset
from ui.door import require_sign_in
from ui.leaving import arrive, leave_again
from ui.page_table import through_the_table
from ui.readers import Read, id_in
from ui.words import plain

CHOSEN, CHOSEN_ONCE = "id", "index"
"""The key of the chosen item in the link, and the one that older links have for it."""
ECHO, LATE_ECHO = 1.0, 10.0
"""Seconds from a value's replacement to the last request that may still carry it: one with the new
link, which travels ahead of the new value, and one with an older link."""


@dataclass(frozen=True)
class Field:
    """One key of the link: what it is when absent, and how its texts are read."""

    key: str
    default: Any
    read: Read


def open_page(name: str) -> None:
    """Put back what a change of page dropped. Call first on every page that uses the link."""
    through_the_table()
    require_sign_in()
    leave_again(name)
    st.session_state["_notes"] = (st.container(), set())
    _renew_link()
    said = {key: st.query_params.get_all(key) for key in st.query_params}
    if (before := st.session_state.get("_page")) != name:
        st.session_state["_settled"] = frozenset()
        if before is not None:
            said = st.session_state.get("_link", {}) | said
            st.query_params.from_dict(said)
    st.session_state.update({"_page": name, "_link": said, "_widgets": set()})


def close_page() -> None:
    """Take note that every widget was drawn. Call last: a page may be cut short before."""
    arrive()
    st.session_state["_settled"] = frozenset(st.session_state.pop("_widgets", ()))


def _renew_link() -> None:
    """Let an older link, in which the id was a row number, open what it meant."""
    if CHOSEN_ONCE in st.query_params:
        st.query_params.setdefault(CHOSEN, st.query_params[CHOSEN_ONCE])
        del st.query_params[CHOSEN_ONCE]


def value(field: Field) -> Any:
    """What the link says, or the field's default with a warning if it says nothing sensible."""
    texts = st.query_params.get_all(field.key)
    _remember(field.key, texts)
    if not texts:
        return field.default
    try:
        return field.read(texts)
    except ValueError as error:
        said = ",".join(texts)[:40].replace("`", "")
        _note(f"The link says `{field.key}={said}`: {plain(str(error))}.")
        return field.default


def top() -> DeltaGenerator:
    """The place at the top of the page, above its title."""
    return st.session_state["_notes"][0]


def _note(text: str) -> None:
    """Say it at the top of the page, once."""
    place, said = st.session_state.get("_notes", (st.container(), set()))
    if text not in said:
        said.add(text)
        place.warning(text, icon=":material/link_off:")


def widget(field: Field) -> dict[str, Any]:
    """Arguments that tie a widget to a field: `st.toggle("Log", **widget(field))`."""
    show(field.key, value(field))
    return {"key": field.key, "on_change": _write_widget, "args": (field,)}


def write_alone(field: Field, kept: Iterable[str]) -> None:
    """Callback of a widget that makes all else in the link meaningless but the keys `kept`."""
    if is_echo(field.key):
        return
    for key in set(st.session_state.get("_link", {})) - set(kept):
        _remember(key, [])
    _write_widget(field)


def show(key: str, found: Any) -> None:
    """Let the widget behind `key`, drawn next, show `found`.

    A value assigned is a value that the browser puts into the widget when the answer arrives, over
    what may have been pressed since. A widget that was drawn to the end and has it is left alone.
    """
    st.session_state.pop("_late", None)
    st.session_state.setdefault("_widgets", set()).add(key)
    told = st.session_state.setdefault("_told", {})
    before, told[key] = told.get(key), found
    settled = key in st.session_state.get("_settled", ()) and key in st.session_state
    if settled and _texts(st.session_state[key]) == _texts(found):
        return
    if settled:
        _replace(key, before, st.session_state[key])
    st.session_state[key] = found


def _replace(key: str, *values: Any) -> None:
    """Keep what a widget was told last and what it sent last: the browser may still send either."""
    now = time.monotonic()
    replaced = st.session_state.setdefault("_replaced", {})
    recent = {t: then for t, then in replaced.get(key, {}).items() if now - then < LATE_ECHO}
    replaced[key] = recent | {tuple(_texts(value)): now for value in values}


def is_echo(key: str) -> bool:
    """Whether the widget behind `key` only repeats a value that was replaced a moment ago.

    The next request may leave before the answer arrives. It carries the value from before, which
    Streamlit takes for a press; nobody changes a widget back as fast as that.
    """
    replaced = st.session_state.get("_replaced", {}).get(key, {})
    then = replaced.get(tuple(_texts(st.session_state[key])), -math.inf)
    return time.monotonic() - then < (LATE_ECHO if _is_late() else ECHO)


def _is_late() -> bool:
    """Whether this request left before the last link arrived; settled until a widget is drawn.

    A press changes the link, so only what its first callback finds is what the request brought.
    """
    if "_late" not in st.session_state:
        brought = {key: st.query_params.get_all(key) for key in st.query_params}
        st.session_state["_late"] = brought != st.session_state.get("_link", {})
    return st.session_state["_late"]


def write(key: str, texts: list[str]) -> None:
    """Let the link say `texts` behind `key`; nothing if the list is empty."""
    _is_late()  # while the link is still the request's
    _remember(key, texts)
    st.query_params.from_dict(st.session_state["_link"])


def reset(fields: Iterable[Field]) -> None:
    """Every one of these fields back to its default."""
    for field in fields:
        write(field.key, [])


def choose(dataset: Dataset, row: int) -> None:
    """Make an item the chosen one."""
    write(CHOSEN, [dataset.ids[row]])


def chosen(dataset: Dataset) -> int | None:
    """The row of the chosen item, if the link names one of the data set's."""
    return value(Field(CHOSEN, None, id_in(dataset)))


def step(dataset: Dataset, order: np.ndarray, by: int) -> None:
    """Choose the next or previous item of `order`, row numbers (n,), round and round.

    While nothing is chosen the first one is open.
    Read from the link when it happens, not when the page was drawn: a second press counts.
    """
    chosen_row = dataset.ids.row(st.query_params.get(CHOSEN, ""))
    here = [0] if chosen_row is None else np.flatnonzero(order == chosen_row)
    first = 0 if by > 0 else len(order) - 1
    place = (int(here[0]) + by) % len(order) if len(here) else first
    choose(dataset, int(order[place]))


def _write_widget(field: Field) -> None:
    if is_echo(field.key):
        return
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
