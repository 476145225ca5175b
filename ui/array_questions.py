"""What is there to be asked, or to be said, of files of arrays that people bring?"""

from __future__ import annotations

import streamlit as st

from core.pictures.picture_files import shown_name
from ui.file_reading import Way
from ui.uploads import ArrayFile, Uploads
from ui.words import plain

SCALES = {
    "standardised": "stretch the least to the greatest",
    "255": "255 is full ink",
    "1": "1 is full ink",
}
TURNED = {"invert": "inverted", "transpose": "transposed", "mirror": "mirrored"}


def ask_about_arrays(kept: Uploads, way: Way) -> None:
    """A question for each file that leaves something open; a button where turning would help."""
    for file_id, held in kept.arrays.items():
        if held.question is not None:
            _ask(kept, way, file_id, held)
        elif held.doubt is not None:
            _doubt(kept, way, file_id, held)


def _ask(kept: Uploads, way: Way, file_id: str, held: ArrayFile) -> None:
    """Which array, or what full ink is: nothing is guessed."""
    name, question = plain(shown_name(held.file.name)), held.question
    if question is None:
        return
    key = f"array {file_id}"
    asks_key = question.option == "key"

    def answer() -> None:
        said = st.session_state[key]
        kept.read_arrays(file_id, way, **({"key": said} if asks_key else {"scale": said}))

    st.selectbox(
        f"Which array of {name} holds the images?" if asks_key else f"What is full ink in {name}?",
        list(question.choices),
        index=None,
        format_func=str if asks_key else SCALES.__getitem__,
        key=key,
        on_change=answer,
    )


def _doubt(kept: Uploads, way: Way, file_id: str, held: ArrayFile) -> None:
    """What looks wrong about a set, and a press that turns it."""
    doubt = held.doubt
    if doubt is None:
        return
    name = plain(shown_name(held.file.name))
    st.warning(f"{name}: {doubt.said}", icon=":material/flip:")
    if not doubt.options:
        return
    turned = {option: not getattr(held.form, option) for option in doubt.options}
    st.button(
        f"Read them {' and '.join(TURNED[option] for option in doubt.options)}",
        key=f"turn {file_id}",
        icon=":material/flip:",
        on_click=kept.read_arrays,
        args=(file_id, way),
        kwargs=turned,
    )
