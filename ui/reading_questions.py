"""How dropped files were understood, and what is asked of whoever dropped them."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.reading.errors import counted
from core.reading.questions import Question
from core.reading.reading import Reading
from ui.dropped_files import Dropped
from ui.words import plain, short

MOST_RADIOS = 6


def show_reading(reading: Reading) -> None:
    """The report and the first rows as they are understood."""
    st.header("How it was read", anchor=False)
    if reading.questions:
        num = counted(len(reading.questions), "question")
        st.info(
            f"{num} to answer below. Until you confirm, what you see follows the likeliest answer.",
            icon=":material/help:",
        )
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
    ask_again(dropped)


def ask_again(dropped: Dropped) -> None:
    """The way back from an answer."""
    if dropped.answers:
        st.button(
            "Clear my answers",
            key="ask again",
            icon=":material/undo:",
            on_click=dropped.forget_answers,
        )


def _confirm(dropped: Dropped, question: Question) -> None:
    said = st.session_state[f"answer {question.key}"] or question.suggested
    dropped.answers = {**dropped.answers, question.key: said}


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


def _line(kind: str, texts: list[str]) -> str:
    cells = "".join(f"<{kind}>{escape(short(text))}</{kind}>" for text in texts)
    return f"<tr>{cells}</tr>"


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(f"{number:.3g}" for number in value)
    return "–" if value is None else str(value)
