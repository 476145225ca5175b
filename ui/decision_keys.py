"""The buttons and keys that settle a label."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import streamlit as st

from core.review.audit import Audit, ranked
from core.review.decision_words import NONE_OF_THESE
from core.review.decisions import MAX_NOTE
from ui.components.connection import keep_last_key
from ui.components.pressed_keys import pressed_keys
from ui.decide import decide, step, take_back
from ui.reviewer import why_idle
from ui.words import plain, short

KEYS = {
    "keep": ("Keep", "K", ":material/check:"),
    "unclear": ("Unclear", "U", ":material/help:"),
    NONE_OF_THESE: ("None of these", "N", ":material/block:"),
    "skip": ("Skip", "S", ":material/redo:"),
}
MOST_KEYS = 10
"""Classes up to which each has a button and a key."""
MOST_OFFERED = 1_000
"""Classes that a box offers."""


def hear_keys(audit: Audit, index: int, reviewer: str) -> None:
    """Take a key from the moment the item is shown. Call just before it is drawn.

    A key that is kept while the server is away must name the item on the screen, too.
    """
    item, names = audit.dataset.ids[index], _pressed_by(audit) if reviewer else {}
    keep_last_key(item, names)
    if names:
        acts = _acts(audit, index, reviewer)
        pressed_keys(item, {key: acts[name] for key, name in names.items()}, "keys")


def decision_keys(audit: Audit, index: int, reviewer: str) -> None:
    """A button for each decision, which names its key; `hear_keys` hears it first."""
    idle, acts = not reviewer, _acts(audit, index, reviewer)
    if idle:
        st.info(why_idle())
    if len(audit.dataset.class_names) <= MOST_KEYS:
        _relabel_keys(audit, index, acts, idle)
    else:
        _relabel_by_name(audit, index, reviewer)
    with st.container(horizontal=True, gap="xsmall", key="verdicts"):
        for decision, (title, key, icon) in KEYS.items():
            st.button(
                title,
                key=decision,
                shortcut=key,
                icon=icon,
                disabled=idle,
                on_click=acts[decision],
            )
        st.button("Undo", key="undo", shortcut="Z", icon=":material/undo:", disabled=idle,
                  on_click=acts["undo"])  # fmt: skip
        for title, key, by in (("Previous", "Left", -1), ("Next", "Right", 1)):
            st.button(title, key=title, shortcut=key, on_click=step, args=(audit, index, by))
    st.text_input("Note on this decision", key="note", max_chars=MAX_NOTE, disabled=idle)


def _acts(audit: Audit, index: int, reviewer: str) -> dict[str, Callable[[], None]]:
    """Name of a button -> what it does."""
    settle = partial(decide, audit, index, reviewer)
    acts: dict[str, Callable[[], None]] = {name: partial(settle, name) for name in KEYS}
    for code in range(min(len(audit.dataset.class_names), MOST_KEYS)):
        acts[f"relabel {code}"] = partial(settle, "relabel", code)
    return acts | {"undo": partial(take_back, audit, reviewer)}


def _pressed_by(audit: Audit) -> dict[str, str]:
    """Key -> the button that it presses, but for those whose meaning may change meanwhile."""
    names = {key: decision for decision, (_, key, _) in KEYS.items()} | {"Z": "undo"}
    num_classes = len(audit.dataset.class_names)
    if num_classes <= MOST_KEYS:
        names |= {str(code): f"relabel {code}" for code in range(num_classes)}
    return names


def _relabel_keys(
    audit: Audit, index: int, acts: Mapping[str, Callable[[], None]], idle: bool
) -> None:
    suggestion = int(ranked(audit.ranking, index)["suggestion"])
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="classes"):
        st.markdown("Relabel as", width="content")
        for code, name in enumerate(audit.dataset.class_names):
            as_read = ", as the model reads it" * (code == suggestion)
            st.button(
                plain(short(name)),
                key=f"relabel {code}",
                shortcut=str(code),  # a key has one digit
                help=f"The right label is {plain(short(name))}{as_read}",
                type="primary" if code == suggestion != audit.labels[index] else "secondary",
                disabled=idle,
                on_click=acts[f"relabel {code}"],
            )


def _relabel_by_name(audit: Audit, index: int, reviewer: str) -> None:
    """The model's suggestion first, then the other classes, found by typing."""
    names, suggestion = audit.dataset.class_names, int(ranked(audit.ranking, index)["suggestion"])
    offered: Sequence[int] = range(len(names))
    if len(names) > MOST_OFFERED:
        offered = np.argsort(-audit.member_probs(index).mean(0))[:MOST_OFFERED].tolist()
        st.caption(f"Of {len(names):,} classes the {MOST_OFFERED:,} most probable are offered.")
    rest = [code for code in offered if code != suggestion]
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom", key="names"):
        st.selectbox(
            "Relabel as",
            [suggestion, *rest],
            format_func=names.__getitem__,
            key=f"relabel as {index}",
            disabled=not reviewer,
        )
        st.button(
            "Relabel",
            key="relabel",
            shortcut="L",
            disabled=not reviewer,
            on_click=_relabel,
            args=(audit, index, reviewer),
        )


def _relabel(audit: Audit, index: int, reviewer: str) -> None:
    """With the class that the box shows when the button is pressed, not when it was drawn."""
    decide(audit, index, reviewer, "relabel", int(st.session_state[f"relabel as {index}"]))
