"""Files of predictions dropped in the browser: how they are understood, asked, made a study."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.reading.errors import ReadingError
from core.reading.questions import Question
from core.reading.read import Source
from core.reading.reading import Reading
from core.stored.opening import Opening
from core.study.study_error import StudyError
from ui.components.dropzones import dropzones_have_names
from ui.studies import LIBRARY, STUDY
from ui.words import plain, short

DROP = "Drop a file of predictions, or several of one data set"
FORMATS = "CSV, TSV, JSON lines, Parquet, Arrow, NPY, NPZ, or a ZIP of these"
EXAMPLE = """\
id,label,cat,dog,fox
a.jpg,cat,0.91,0.06,0.03
b.jpg,fox,0.20,0.35,0.45
"""
CORRECTIONS = ("open id", "open label", "open kind")
KINDS = (
    "as they look",
    "probabilities",
    "logits",
    "log-probabilities",
    "votes",
    "counts",
    "per-cent",
)


@dataclass
class Dropped:
    """One person's files, kept in a folder of their own until they are opened or taken away.

    Attributes:
        folder: Goes with the session.
        sources: By the uploads' ids, each under the name it came with.
        answers: To questions, by their keys.
        read: What was read, and of which files and answers.
        pressed: Whether the study is to be opened now.
    """

    folder: tempfile.TemporaryDirectory = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix="penumbra-")
    )
    sources: dict[str, Source] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    read: tuple[Any, Reading] | None = None
    pressed: bool = False

    def take(self, files: list[UploadedFile]) -> None:
        """Keep exactly these files; answers belong to the files they were given for."""
        if set(self.sources) == {file.file_id for file in files}:
            return
        known, self.sources = self.sources, {}
        for file in files:
            self.sources[file.file_id] = (
                known.pop(file.file_id) if file.file_id in known else self._copied(file)
            )
        for source in known.values():
            source.path.unlink(missing_ok=True)
        self.answers, self.read = {}, None
        for key in CORRECTIONS:
            st.session_state.pop(key, None)

    def forget_answers(self) -> None:
        """Ask everything anew."""
        self.answers = {}

    def _copied(self, file: UploadedFile) -> Source:
        path = Path(self.folder.name) / uuid4().hex  # no name of a person's becomes a path here
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        return Source(file.name, path)


def drop_files() -> Dropped | None:
    """Let people drop files; None while there are none."""
    kept = st.session_state.setdefault("_dropped", Dropped())
    limit = int(st.get_option("server.maxUploadSize"))
    files = st.file_uploader(DROP, accept_multiple_files=True, key="open files")
    dropzones_have_names()
    st.caption(
        f"{FORMATS}; gzipped too; up to {limit} MB each. Larger ones are opened on the machine "
        "itself, by `python cli.py open FILE`."
    )
    kept.take(files)
    return kept if kept.sources else None


def show_example() -> None:
    """What a file may look like, while there is none."""
    st.markdown("One file is enough, for example a table with a row an item:")
    st.code(EXAMPLE, language=None)
    st.markdown(
        "or `pred_probs.npy` (items, classes) with `labels.npy`; of an ensemble (members, items,"
        " classes). Other names and forms are understood too, and what is ambiguous is asked."
    )


def name_it(dropped: Dropped) -> Opening:
    """What the study, an item and the model are called."""
    first = next(iter(dropped.sources.values())).name
    left, middle, right = st.columns(3)
    title = left.text_input("Title", value=_title(first), key="open title")
    noun = middle.text_input(
        "An item is called", value="item", key="open noun", help="image, text, row, leaf/leaves …"
    )
    model = right.text_input("Model", key="open model", placeholder="as its file is called")
    return Opening(
        list(dropped.sources.values()),
        answers=dropped.answers,
        model=model.strip(),
        title=title,
        noun=noun,
    )


def correct(opening: Opening) -> Opening:
    """The same with what people say of columns and numbers that are read wrongly."""
    with st.expander("Is something read wrongly?"):
        left, middle, right = st.columns(3)
        id = left.text_input("Column of the ids", key="open id", placeholder="or none")
        label = middle.text_input("Column of the labels", key="open label")
        kind = right.selectbox("The numbers are", KINDS, key="open kind")
    told = {} if kind == KINDS[0] else {"as": kind}
    return replace(opening.answered(told), id=id.strip() or None, label=label.strip() or None)


def understand(dropped: Dropped, opening: Opening) -> Reading | None:
    """How the files are understood, or why they cannot be read."""
    answers = tuple(sorted(opening.answers.items()))
    key = (tuple(dropped.sources), answers, opening.model, opening.id, opening.label)
    if dropped.read is None or dropped.read[0] != key:
        try:
            with st.spinner("Reading …"):
                dropped.read = key, opening.read()
        except ReadingError as error:
            st.error(plain(str(error)), icon=":material/broken_image:")
            st.caption("Nothing was opened. Take the file away by its ×, or add what is missing.")
            _ask_again(dropped)
            return None
    return dropped.read[1]


def show_reading(reading: Reading) -> None:
    """The report and the first rows as they are understood."""
    st.header("How it was read", anchor=False)
    st.markdown("\n".join(f"- {plain(line)}" for line in reading.report.lines()))
    st.caption("The first rows as understood")
    # No st.dataframe: what the browser loads to draw one delays the scatter by a tenth.
    rows = reading.preview()
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = _line("th", names)
    body = "".join(_line("td", [_cell(row.get(name)) for name in names]) for row in rows)
    st.html(
        '<div class="wide" tabindex="0" role="group" aria-label="Rows as understood">'
        f'<table class="measures">{head}{body}</table></div>'
    )


def ask(dropped: Dropped, reading: Reading) -> None:
    """The open questions, each with a likely answer that counts once it is confirmed."""
    for question in reading.questions:
        with st.form(f"ask {question.key}", border=True):
            st.markdown(f"**{plain(question.text)}**")
            if question.evidence:
                st.code("\n".join(question.evidence), language=None)
            _answer(question)
            st.form_submit_button(
                "Confirm",
                key=f"confirm {question.key}",
                icon=":material/check:",
                on_click=_confirm,
                args=(dropped, question),
            )
    _ask_again(dropped)


def _ask_again(dropped: Dropped) -> None:
    """The way back from an answer."""
    if dropped.answers:
        st.button(
            "Take my answers back",
            key="ask again",
            icon=":material/undo:",
            on_click=dropped.forget_answers,
        )


def _confirm(dropped: Dropped, question: Question) -> None:
    said = st.session_state[f"answer {question.key}"] or question.suggested
    dropped.answers = {**dropped.answers, question.key: said}


def open_button(dropped: Dropped, opening: Opening, reading: Reading) -> None:
    """Write the study and go to it."""
    if not reading.is_final:
        st.info("Answer the questions above; then the study can be opened.")
        return
    st.caption(
        "What you open becomes a study on this server, which everybody who can see these pages can"
        " see, until it is deleted in the list of studies."
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
    st.switch_page("pages/explore.py", query_params={STUDY: key})


def _note_press(dropped: Dropped) -> None:
    """Noted here, and carried out where progress and faults have their place."""
    dropped.pressed = True


def _answer(question: Question) -> None:
    key = f"answer {question.key}"
    if not question.options:
        st.text_input("Answer", value=question.suggested, key=key)
        return
    labels = {option.value: option.label for option in question.options}
    values = list(labels)
    first = values.index(question.suggested) if question.suggested in values else 0
    if len(values) > MOST_RADIOS:
        st.selectbox("Answer", values, first, labels.__getitem__, key)
    else:
        st.radio("Answer", values, first, lambda value: plain(labels[value]), key)


MOST_RADIOS = 6


def _line(kind: str, texts: list[str]) -> str:
    cells = "".join(f"<{kind}>{escape(short(text))}</{kind}>" for text in texts)
    return f"<tr>{cells}</tr>"


def _title(file: str) -> str:
    """Of a study, after its first file; what was typed stays when further files come."""
    found, kept = Path(file).name.partition(".")[0], st.session_state
    if kept.get("open title") == kept.get("_offered title"):
        kept.pop("open title", None)
    kept["_offered title"] = found
    return found


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(f"{number:.3g}" for number in value)
    return "–" if value is None else str(value)
