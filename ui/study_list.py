"""The studies of this server: open, rename, take along, delete."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.reading.errors import counted
from core.stored.study_entry import Entry
from core.study.study_error import StudyError
from ui.faults import say
from ui.leaving import leave_for
from ui.state import write
from ui.studies import LIBRARY, STUDY, may_open
from ui.words import plain, short

PROBLEM = "_study_problem"


def study_list() -> None:
    """Every study with its size, its models and when it was opened."""
    st.header("Studies", anchor=False)
    if problem := st.session_state.pop(PROBLEM, None):
        say(problem)
    for entry in LIBRARY.list():
        with st.container(border=True):
            _line(entry)


def unpack_study() -> None:
    """Let people bring a study that was downloaded elsewhere."""
    packed = st.file_uploader("A study as ZIP", type=["zip"], key="unpack")
    if packed is not None:
        st.button("Add this study", key="add packed", on_click=_unpack, args=(packed,))


def _unpack(packed: UploadedFile) -> None:
    try:
        _choose(LIBRARY.unpack(packed))
    except StudyError as error:
        st.session_state[PROBLEM] = str(error)


def _line(entry: Entry) -> None:
    text, buttons = st.columns([5, 3], vertical_alignment="center")
    text.markdown(f"**{plain(short(entry.title))}**  \n{_small(_facts(entry))}")
    with buttons.container(horizontal=True, horizontal_alignment="right"):
        if not entry.problem:
            st.button("Open", key=f"open {entry.key}", on_click=_choose, args=(entry.key,))
        if may_open() and not entry.bundled:
            _changes(entry)
    if entry.problem:
        say(entry.problem)


def _small(lines: str) -> str:
    return "  \n".join(f":small[{line}]" for line in lines.split("  \n"))


def _facts(entry: Entry) -> str:
    if entry.problem:
        return "cannot be opened"
    if entry.bundled:
        return "comes with Penumbra"
    opened = datetime.fromtimestamp(entry.opened, UTC).strftime("%Y-%m-%d %H:%M UTC")
    what = f"{counted(entry.num_items, 'item')} of {entry.num_classes:,} classes"
    models = plain(short(", ".join(entry.models)))
    return f"{models} · {what}  \n{_size(entry.num_bytes)} · {opened}"


def _size(num_bytes: int) -> str:
    return f"{num_bytes / 1e6:,.1f} MB" if num_bytes >= 1e5 else f"{num_bytes / 1e3:,.0f} kB"


def _choose(key: str) -> None:
    """Pick a study; what was chosen in another one would mean nothing here."""
    for name in list(st.query_params):
        write(name, [])
    write(STUDY, [key])
    st.session_state["_go"] = True


def go_now() -> None:
    """Go to Explore if a study was picked; a callback itself may not change the page."""
    if st.session_state.pop("_go", False):
        leave_for("pages/explore.py", **{STUDY: st.query_params[STUDY]})


def _changes(entry: Entry) -> None:
    with st.popover("More", key=f"more {entry.key}"):
        st.text_input("Title", value=entry.title, key=f"title {entry.key}")
        st.button("Rename", key=f"rename {entry.key}", on_click=_rename, args=(entry.key,))
        st.download_button(
            "Download as ZIP",
            lambda: _packed(entry.key),
            f"{entry.key}.zip",
            "application/zip",
            key=f"pack {entry.key}",
            on_click="ignore",
        )
        sure = st.checkbox("Delete it from the disk", key=f"sure {entry.key}")
        st.button(
            "Delete",
            key=f"delete {entry.key}",
            disabled=not sure,
            on_click=_delete,
            args=(entry.key,),
        )


def _rename(key: str) -> None:
    _try(lambda: LIBRARY.rename(key, st.session_state[f"title {key}"]))


def _delete(key: str) -> None:
    _try(lambda: LIBRARY.delete(key))


def _try(change: Callable[[], None]) -> None:
    """What goes wrong is said by the run that follows, where the list has its place."""
    try:
        change()
    except StudyError as error:
        st.session_state[PROBLEM] = str(error)


def _packed(key: str) -> bytes:
    buffer = io.BytesIO()
    LIBRARY.pack(key, buffer)
    return buffer.getvalue()
