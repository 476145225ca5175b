"""Plain words, for a class of pupils: the pages without nats and without the names of methods.

One switch, in the link, and here alone what is said instead. Measures and views that have no plain
words are not offered; a link that names one still shows it.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from core.measures.register import BY_COLUMN
from ui.readers import flag
from ui.state import Field, value, widget

PLAIN = Field("plain", False, flag)
MEASURES = {
    "confidence": "How sure it sounds",
    "least_confidence": "How unsure it sounds",
    "expected_entropy": "How ambiguous it looks",
    "mutual_information": "How far the members disagree",
    "atypicality": "How unlike all others it is",
}
"""Column -> what it tells, where it can be told without a formula."""
VIEWS = {
    "doubt": "How unsure, class by class",
    "split": "Ambiguous or disputed?",
    "map": "What looks alike",
}
NOTES = {
    "doubt": "The higher a point lies, the less sure the model is. Each step up is ten times less.",
    "split": "To the right lies what can be read in more than one way. Up lies what the members"
    " disagree on: each has learned something else.",
    "map": "What looks alike to the model lies together. Directions mean nothing.",
}
SECTIONS = {
    "calibration": "Does it keep its word?",
    "declining": "When to ask a person",
    "sets": "Which answers are left?",
}
AXES = {
    "coverage (share accepted)": "share that the model decides",
    "selective risk (share wrong among the accepted)": "share of those that is wrong",
    "mean confidence of the bin": "how sure it sounds",
    "accuracy (share right)": "how often it is right",
    "empirical coverage (share of sets)": "sets that hold the right class",
}
REPLACED = {" (aleatoric)": "", " (epistemic)": "", "LAC’s threshold": "the threshold"}
"""What stands in sentences that are put together elsewhere, and what is said instead."""


def is_plain() -> bool:
    """Whether the link asks for plain words."""
    return bool(value(PLAIN))


def plain_switch() -> None:
    """The switch; off unless the link says so."""
    st.toggle(
        "Plain language",
        help="Leaves out units, formulas and the names of methods.",
        **widget(PLAIN),
    )


def offered(names: Sequence[str], now: str, known: dict[str, str] = MEASURES) -> list[str]:
    """Those of some names that have plain words, and the one that is shown; else all of them."""
    if not is_plain():
        return list(names)
    return [name for name in names if name in known or name == now] or list(names)


def measure_title(column: str) -> str:
    """What a person reads for a measure."""
    title = BY_COLUMN[column].title
    return MEASURES.get(column, title) if is_plain() else title


def section_titles(known: dict[str, str]) -> dict[str, str]:
    """The titles of the sections of Trust."""
    return SECTIONS if is_plain() else known


def in_plain_axes(figure: go.Figure) -> go.Figure:
    """A figure of its own whose axes speak plainly, if that is wanted."""
    if not is_plain():
        return figure
    for axis in (*figure.select_xaxes(), *figure.select_yaxes()):
        if (title := axis.title.text) is not None:
            said, mark, more = title.partition("<br>")
            axis.title.text = f"{AXES.get(said, said)}{mark}{more}"
    return figure


def axis_titles() -> dict[str, str]:
    """Column -> what its axis says in plain words; empty without them."""
    return dict(MEASURES) if is_plain() else {}


def in_plain_words(text: str) -> str:
    """A sentence without the field's words, if they are not wanted."""
    if is_plain():
        for word, instead in REPLACED.items():
            text = text.replace(word, instead)
    return text
