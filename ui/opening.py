"""Files of predictions dropped in the browser: how they are understood, asked, made a study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from core.reading.errors import ReadingError
from core.reading.reading import Reading
from core.stored.opening import Opening
from core.study.command_name import COMMAND
from core.study.study_error import StudyError
from ui.components.dropzones import dropzones_have_names
from ui.dropped_files import Dropped, ask_roles
from ui.further_model import add_button, ask_study
from ui.leaving import leave_for
from ui.reading_questions import ask_again
from ui.studies import LIBRARY, STUDY
from ui.words import plain

DROP = "Drop a file of predictions, or several of one data set"
FORMATS = "CSV, TSV, JSON lines, Parquet, Arrow, NPY, NPZ, or a ZIP of these"
EXAMPLE = """\
id,label,cat,dog,fox
a.jpg,cat,0.91,0.06,0.03
b.jpg,fox,0.20,0.35,0.45
"""
KINDS = (
    "as they look",
    "probabilities",
    "logits",
    "log-probabilities",
    "votes",
    "counts",
    "per-cent",
)


def drop_files() -> Dropped | None:
    """Let people drop files; None while there are none."""
    kept = st.session_state.setdefault("_dropped", Dropped())
    limit = int(st.get_option("server.maxUploadSize"))
    files = st.file_uploader(DROP, accept_multiple_files=True, key="open files")
    dropzones_have_names()
    st.caption(
        f"{FORMATS}; gzipped too; up to {limit} MB each. Larger ones are opened on the machine "
        f"itself, by `{COMMAND} open FILE`."
    )
    kept.take(files)
    return kept if kept.sources else None


def show_example() -> None:
    """What a file may look like, while there is none."""
    st.markdown("One file is enough, for example a table with a row per item:")
    st.code(EXAMPLE, language=None)
    st.markdown(
        "or `pred_probs.npy` (items, classes) with `labels.npy`; of an ensemble (members, items,"
        " classes). Other names and forms are understood too, and what is ambiguous is asked."
    )


def name_it(dropped: Dropped) -> Opening:
    """What the study, an item and the model are called."""
    files = dropped.called("")
    first = (files or list(dropped.sources.values()))[0].name
    dropped.add_to = ask_study()
    if dropped.add_to:
        model = st.text_input("Model", key="open model", placeholder="as its file is called")
        return Opening(
            files,
            held_out=dropped.called("held-out") or None,
            answers=dropped.answers,
            model=model.strip(),
        )
    left, middle, right = st.columns(3)
    title = left.text_input("Title", value=_title(first), key="open title")
    noun = middle.text_input(
        "An item is called", value="item", key="open noun", help="image, text, row, leaf/leaves …"
    )
    model = right.text_input("Model", key="open model", placeholder="as its file is called")
    return Opening(
        files,
        held_out=dropped.called("held-out") or None,
        answers=dropped.answers,
        model=model.strip(),
        title=title,
        noun=noun,
    )


def correct(dropped: Dropped, opening: Opening) -> Opening:
    """The same with what people say of files, columns and numbers that are read wrongly."""
    with st.expander("Was something misread?"):
        ask_roles(dropped)
        left, middle, right = st.columns(3)
        id = left.text_input("Column of the ids", key="open id", placeholder="or none")
        label = middle.text_input("Column of the labels", key="open label")
        kind = right.selectbox("The numbers are", KINDS, key="open kind")
        names = st.text_area(
            "Class names in the order of the scores, one per line", key="open names", height=90
        )
    told = {} if kind == KINDS[0] else {"as": kind}
    return replace(
        opening.answered(told),
        id=id.strip() or None,
        label=label.strip() or None,
        class_names=dropped.written(names) if names.strip() else None,
    )


def understand(dropped: Dropped, opening: Opening) -> Reading | None:
    """How the files are understood, or why they cannot be read."""
    answers = tuple(sorted(opening.answers.items()))
    told = (*dropped.roles().values(), st.session_state.get("open names", ""))
    key = (tuple(dropped.sources), answers, opening.model, opening.id, opening.label, told)
    if dropped.read is None or dropped.read[0] != key:
        try:
            with st.spinner("Reading …"):
                whole = replace(
                    opening,
                    labels=dropped.only("labels"),
                    class_names=opening.class_names or dropped.only("names"),
                )
                dropped.read = key, whole.read()
        except ReadingError as error:
            st.error(plain(str(error)), icon=":material/broken_image:")
            st.caption(
                "Nothing was opened. Remove the file with its ×, add what is missing, or say below"
                " what each file is."
            )
            ask_again(dropped)
            return None
    return dropped.read[1]


def open_button(dropped: Dropped, opening: Opening, reading: Reading) -> None:
    """Write the study and go to it."""
    if not reading.is_final:
        st.info("Answer the questions above; then the study can be opened.")
        return
    if dropped.add_to:
        add_button(dropped, opening, reading, _note_press)
        return
    st.caption(
        "What you open becomes a study on this server. Everyone who can see these pages can see"
        " it, until it is deleted from the list of studies."
    )
    st.button(
        "Open the study", type="primary", key="open study", on_click=_note_press, args=(dropped,)
    )
    if not dropped.pressed:
        return
    dropped.pressed = False
    bar = st.progress(0.0, "Scoring …")
    try:
        key = opening.write(reading, LIBRARY)
    except (StudyError, ReadingError) as error:
        bar.empty()
        st.error(plain(str(error)), icon=":material/broken_image:")
        return
    st.session_state.pop("_dropped").folder.cleanup()
    leave_for("pages/explore.py", **{STUDY: key})


def _note_press(dropped: Dropped) -> None:
    """Noted here, and carried out where progress and faults have their place."""
    dropped.pressed = True


def _title(file: str) -> str:
    """Of a study, after its first file; what was typed stays when further files come."""
    found, kept = Path(file).name.partition(".")[0], st.session_state
    if kept.get("open title") == kept.get("_offered title"):
        kept.pop("open title", None)
    kept["_offered title"] = found
    return found
