"""What kind of answer is this, in a sentence, and what does that kind mean?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
import streamlit as st

from core.measures.verdict import CERTAIN, in_play, reason, sentence
from ui.picked import Picked


class Look(NamedTuple):
    """How a kind of answer is shown beside its words: by a sign, and only then by a colour."""

    icon: str
    colour: Literal["yellow", "orange", "violet", "primary", "gray"]
    sign: str


# From light to shadow: the theme's yellow, orange, violet and own colour (.streamlit/config.toml).
LOOKS = {
    "sure": Look(":material/check_circle:", "yellow", "✓"),
    "confident": Look(":material/radio_button_checked:", "yellow", "○"),
    "ambiguous": Look(":material/call_split:", "orange", "?"),
    "disagree": Look(":material/groups:", "violet", "≠"),
    "unlike": Look(":material/help_center:", "primary", "!"),
    "blank": Look(":material/check_box_outline_blank:", "gray", ""),
}


def verdict(
    picked: Picked,
    kind: str = "blank",
    row: Mapping[Any, Any] | None = None,
    probs: np.ndarray | None = None,
) -> None:
    """Say what kind of answer it is, and below it what that does not say yet.

    Args:
        picked: The model that gave it.
        kind: Of `core.measures.verdict.KINDS`.
        row: Of a score table of one's own; None for a blank picture.
        probs: Class probabilities (K,); None for a blank picture.
    """
    names, look, model = picked.class_names, LOOKS[kind], picked.model
    said = sentence(kind, probs, names, picked.noun) if row is None else row["verdict"]
    st.header(f":{look.colour}[{look.icon}] {said}", anchor=False)
    st.markdown(reason(kind, row, probs, names, picked.noun, model.num_members, model.member))


def in_short(kind: str, probs: np.ndarray, class_names: tuple[str, ...]) -> str:
    """A verdict as short as a tile: `✓ 7`, `? 4 or 9`, `! 4?`."""
    names = in_play(probs, class_names)
    if kind == "unlike":
        return f"{LOOKS[kind].sign} {names[0]}?"
    return f"{LOOKS[kind].sign} {' or '.join(names[: 1 if kind in CERTAIN else 2])}"
