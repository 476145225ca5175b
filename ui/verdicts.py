"""What kind of answer is this, in a sentence, and what does that kind mean?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import streamlit as st

from core.measures.verdict import in_play, reason, sentence
from core.study.classifiers import Classifier


class Look(NamedTuple):
    """How a kind of answer is shown: by a sign, by words, and only then by a colour."""

    icon: str
    colour: Literal["green", "orange", "violet", "red", "gray"]
    words: str
    sign: str


LOOKS = {
    "sure": Look(":material/check_circle:", "green", "sure", "✓"),
    "ambiguous": Look(":material/call_split:", "orange", "aleatoric: an ambiguous digit", "?"),
    "disagree": Look(":material/groups:", "violet", "epistemic: the network knows too little", "≠"),
    "unlike": Look(":material/help_center:", "red", "atypical: unlike the training digits", "!"),
    "blank": Look(":material/check_box_outline_blank:", "gray", "no ink", ""),
}
NO_KIND = "unsure; of which kind, one network cannot say"


def verdict(model: Classifier, kind: str = "blank", row: Mapping[Any, Any] | None = None) -> None:
    """Say what kind of answer it is, and why.

    Args:
        model: That gave it.
        kind: Of `core.measures.verdict.KINDS`.
        row: Of a score table; None for a blank picture.
    """
    names, look = model.class_names, LOOKS[kind]
    words = NO_KIND if kind == "ambiguous" and model.num_members == 1 else look.words
    st.subheader(sentence(kind, row, names), anchor=False)
    st.badge(words, icon=look.icon, color=look.colour)
    st.markdown(reason(kind, row, names, model.num_members))


def in_short(kind: str, row: Mapping[Any, Any], class_names: tuple[str, ...]) -> str:
    """A verdict as short as a tile: `✓ 7`, `? 4 or 9`, `! none`."""
    names = in_play(row, class_names)[: 1 if kind == "sure" else 2]
    return f"{LOOKS[kind].sign} {'none' if kind == 'unlike' else ' or '.join(names)}"
