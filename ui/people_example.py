"""An example that fills the People page, where the open study has one label per item."""

from __future__ import annotations

import streamlit as st

from core.reading.errors import ReadingError
from core.reading.read import Source
from core.stored.example import Example
from core.stored.opening import Opening
from core.study.study_error import StudyError
from ui.offered import OFFERED
from ui.studies import LIBRARY, STUDY, may_open
from ui.words import plain

PRESSED = "_people_example"


def suggest_people() -> None:
    """Offer the example, or nothing where there is none or nobody may open it."""
    for example in OFFERED[:1]:
        is_here = example.key in {entry.key for entry in LIBRARY.list()}
        if not is_here and not may_open():
            return
        st.markdown(f"**See it on an example:** {example.said}.")
        st.button(
            f"Open {example.title}",
            key="people example",
            icon=":material/groups:",
            type="primary",
            on_click=_note_press,
        )
        if st.session_state.pop(PRESSED, False):
            _go(example, is_here)


def _note_press() -> None:
    """Noted here, and carried out where progress and faults have their place."""
    st.session_state[PRESSED] = True


def _go(example: Example, is_here: bool) -> None:
    if not is_here:
        try:
            with st.spinner("Opening …"):
                write_example(example)
        except (ReadingError, StudyError) as error:
            st.error(plain(str(error)), icon=":material/broken_image:")
            return
    st.switch_page("pages/people.py", query_params={STUDY: example.key})


def write_example(example: Example) -> str:
    """Make a study of the example's file; gives its key.

    Raises:
        ReadingError: the file is damaged.
        StudyError: the study cannot be written.
    """
    opening = Opening(
        [Source(example.file.name, example.file)],
        title=example.title,
        noun=example.noun,
        model=example.model,
        key=example.key,
        out_of_sample=True,
    )
    return opening.write(opening.read(), LIBRARY)
