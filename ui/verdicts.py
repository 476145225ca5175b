"""What kind of answer is this, in a sentence, and what does that kind mean?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
import streamlit as st

from core.measures.verdict import in_play, reason, sentence
from ui.picked import Picked


class Look(NamedTuple):
    """How a kind of answer is shown: by a sign, by words, and only then by a colour."""

    icon: str
    colour: Literal["green", "orange", "violet", "red", "gray"]
    words: str
    sign: str


LOOKS = {
    "sure": Look(":material/check_circle:", "green", "sure", "✓"),
    "ambiguous": Look(":material/call_split:", "orange", "aleatoric: the members share it", "?"),
    "disagree": Look(":material/groups:", "violet", "the members disagree", "≠"),
    "unlike": Look(":material/help_center:", "red", "atypical: unlike the training data", "!"),
    "blank": Look(":material/check_box_outline_blank:", "gray", "no ink", ""),
}
NO_KIND = "unsure; of which kind, one network cannot say"


def verdict(
    picked: Picked,
    kind: str = "blank",
    row: Mapping[Any, Any] | None = None,
    probs: np.ndarray | None = None,
) -> None:
    """Say what kind of answer it is, and why.

    Args:
        picked: The model that gave it.
        kind: Of `core.measures.verdict.KINDS`.
        row: Of a score table; None for a blank picture.
        probs: Class probabilities (K,); None for a blank picture.
    """
    names, look, members = picked.class_names, LOOKS[kind], picked.model.num_members
    words = NO_KIND if kind == "ambiguous" and members == 1 else look.words
    st.subheader(sentence(kind, probs, names, picked.noun), anchor=False)
    st.badge(words, icon=look.icon, color=look.colour)
    st.markdown(reason(kind, row, probs, names, picked.noun, members))


def in_short(kind: str, probs: np.ndarray, class_names: tuple[str, ...]) -> str:
    """A verdict as short as a tile: `✓ 7`, `? 4 or 9`, `! none`."""
    names = in_play(probs, class_names)[: 1 if kind == "sure" else 2]
    return f"{LOOKS[kind].sign} {'none' if kind == 'unlike' else ' or '.join(names)}"
