"""Dropped files as further models of a study that is there."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.reading.errors import ReadingError
from core.reading.reading import Reading
from core.stored.opening import Opening
from core.study.study_error import StudyError
from ui.dropped_files import Dropped
from ui.leaving import leave_for
from ui.studies import LIBRARY, STUDY
from ui.words import plain, short


def ask_study() -> str:
    """The study of one's own that the files are to be further models of; empty for a new one."""
    own = {e.key: e.title for e in LIBRARY.list() if not e.bundled and not e.problem}
    if not own:
        return ""
    titles = {"": "a new study"} | {k: f"a further model of {short(t)}" for k, t in own.items()}
    return st.selectbox(
        "Open it as",
        list(titles),
        format_func=titles.__getitem__,
        key="open as",
        help="A further model joins a study that is already open, matched by id. The Compare page"
        " then shows both side by side.",
    )


def add_button(
    dropped: Dropped,
    opening: Opening,
    reading: Reading,
    note_press: Callable[[Dropped], None],
) -> None:
    """Write the models into the study that was named, and go to compare them."""
    try:
        joined = opening.join(reading, LIBRARY, dropped.add_to)
        st.markdown("\n".join(f"- {plain(line)}" for line in joined.lines))
        st.button(
            "Add to the study",
            type="primary",
            key="open study",
            on_click=note_press,
            args=(dropped,),
        )
        if not dropped.pressed:
            return
        dropped.pressed = False
        with st.spinner("Scoring …"):
            names = opening.add(joined, LIBRARY, dropped.add_to)
    except (StudyError, ReadingError) as error:
        st.error(plain(str(error)), icon=":material/broken_image:")
        return
    study = dropped.add_to
    st.session_state.pop("_dropped").folder.cleanup()
    leave_for("pages/compare.py", **{STUDY: study, "candidate": names[0]})
