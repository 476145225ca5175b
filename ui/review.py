"""One doubtful label after another, each settled by a key."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import streamlit as st

from core.measures.answer_text import describe_answer
from core.review.audit import Audit, place_of, progress, queue
from core.review.decision_words import NONE_OF_THESE
from core.review.decisions import MAX_NOTE
from ui import cache, store
from ui.components.tiles import tiles
from ui.decide import decide, go_to, keep_all, retry, shown, step, take_back
from ui.item_card import named
from ui.item_card import picture as item_picture
from ui.items import details
from ui.picked import Picked
from ui.probs import probs_table
from ui.words import plain, short

KEYS = {
    "keep": ("Keep", "K", ":material/check:"),
    "unclear": ("Unclear", "U", ":material/help:"),
    NONE_OF_THESE: ("None of these", "N", ":material/block:"),
    "skip": ("Skip", "S", ":material/redo:"),
}
LEAVE = 0.05
"""Seconds for the digit to leave the server and be drawn before this thread computes on: what sends
it waits for that, and Streamlit's clearing up after the script too. Measured: with 0.01 to 0.03 the
digit came after 110 to 140 ms, with 0.05 after 75 ms."""
GRID = 20
MOST_KEYS = 10
"""Classes up to which each has a button and a key."""
SIMILAR = 6


def review(audit: Audit, picked: Picked, reviewer: str, grid: bool) -> None:
    """The item in question, the keys, and how far the reviewer is."""
    current = store.current(audit, reviewer)
    left = queue(audit.ranking, current)
    if len(left) == 0:
        st.success("Every label is settled.")
    index = shown(audit, current)
    _problem(audit)
    heading = st.container()
    picture, answer = st.columns([2, 3], gap="medium")
    with answer:  # first, so that a key pressed on a new digit is never taken for the last one's
        keys(audit, index, reviewer)
    with heading:
        _heading(audit, picked, index, current)
    with picture:
        if grid:
            _grid(audit, left[:GRID], index, reviewer)
        else:
            with st.container(key="picture"):
                item_picture(picked, index, 300)
                details(audit.dataset, index)
    time.sleep(LEAVE)
    with picture:
        _alike(picked, index)
    with answer:
        _answer(audit, index)
    show_progress(audit, current)


def keys(audit: Audit, index: int, reviewer: str) -> None:
    """A button and a key for each decision."""
    idle = not reviewer
    if idle:
        st.info("Write your name in the sidebar: every decision is kept with its reviewer.")
    if len(audit.dataset.class_names) <= MOST_KEYS:
        _relabel_keys(audit, index, reviewer)
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
                type="primary" if decision == "keep" else "secondary",
                on_click=decide,
                args=(audit, index, reviewer, decision),
            )
        st.button("Undo", key="undo", shortcut="Z", icon=":material/undo:", disabled=idle,
                  on_click=take_back, args=(audit, reviewer))  # fmt: skip
        for title, key, by in (("Previous", "Left", -1), ("Next", "Right", 1)):
            st.button(title, key=title, shortcut=key, on_click=step, args=(audit, index, by))
    st.text_input("Note on this decision", key="note", max_chars=MAX_NOTE, disabled=idle)


def _relabel_keys(audit: Audit, index: int, reviewer: str) -> None:
    suggestion = int(audit.ranking["suggestion"].loc[index])
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
                disabled=not reviewer,
                on_click=decide,
                args=(audit, index, reviewer, "relabel", code),
            )


def _relabel_by_name(audit: Audit, index: int, reviewer: str) -> None:
    """The model's suggestion first, then every class, found by typing."""
    names, suggestion = audit.dataset.class_names, int(audit.ranking["suggestion"].loc[index])
    rest = [code for code in range(len(names)) if code != suggestion]
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom", key="classes"):
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


def show_progress(audit: Audit, current: pd.DataFrame) -> None:
    """How many are settled, how many were wrong, how many may remain."""
    found = progress(audit.ranking, current)
    with st.container(horizontal=True, key="progress"):
        st.metric("Settled", f"{found.settled:,} of {found.num_images:,}", width="content")
        rate = f" ({found.wrong_rate:.0%})" if found.settled else ""
        st.metric("Wrong labels found", f"{found.wrong:,}{rate}", width="content")
        st.metric("Unclear", f"{found.unclear:,}", width="content")
        rest = found.remaining
        value = "too early to say" if rest is None else f"{rest.low}–{rest.high}"
        st.metric("Probably still wrong (90 %)", value, width="content", help=ESTIMATE)


ESTIMATE = (
    "Wrong labels among those you have not settled: a 90 % interval. A logistic regression of what"
    " you found on the model’s log-odds of each label, carried on to the rest; it assumes that the"
    " line goes on as it began and that you are right. It needs ten labels that you kept. When the"
    " interval is small enough for your purpose, stop."
)


def _problem(audit: Audit) -> None:
    problem = store.problem()
    if problem is None:
        return
    num_waiting = len(store.pending())
    waiting = f" {num_waiting} not saved yet; nothing confirmed is lost." if num_waiting else ""
    st.error(problem.replace("`", "") + waiting, icon=":material/database_off:")
    st.button("Try again", key="retry", on_click=retry, args=(audit,))


def _heading(audit: Audit, picked: Picked, index: int, current: pd.DataFrame) -> None:
    row, names = audit.ranking.loc[[index]].iloc[0], audit.dataset.class_names
    label, suggestion = (short(names[int(row[name])]) for name in ("label", "suggestion"))
    agrees = row["label"] == row["suggestion"]
    said = "the model agrees" if agrees else f"the model reads {suggestion}"
    st.subheader(plain(f"{named(picked, index)} · label {label} · {said}"), anchor=False)
    parts = [
        f"Place {place_of(audit.ranking, index) + 1:,} of {len(audit.ranking):,}",
        f"label quality {row['label_quality']:.2g}",
    ]
    if index in current.index:
        parts.append(f"you said: {_verdict(current.loc[[index]].iloc[0], names)}")
    st.caption(" · ".join(parts))


def _verdict(row: pd.Series, class_names: tuple[str, ...]) -> str:
    if row["decision"] != "relabel":
        return str(row["decision"])
    return f"the label is {plain(short(class_names[int(row['new_label'])]))}"


def _answer(audit: Audit, index: int) -> None:
    members, names = audit.member_probs(index), audit.dataset.class_names
    st.markdown(plain(describe_answer(members.mean(0), names)))
    st.html(probs_table(members.mean(0), members, names, int(audit.labels[index])))


def _alike(picked: Picked, index: int) -> None:
    """What the study holds that is most like it, where the network's features came along."""
    whole = cache.picked(picked.key._replace(part=""))
    similar = cache.similar_to_part if picked.key.part else cache.similar_items
    if alike := similar(picked.key, index, SIMILAR):
        st.caption(f"Most like it among the {whole.noun.many} of {plain(whole.study.title)}")
        tiles(whole.dataset, whole.scores.loc[alike], "alike", lambda found: None, size=40)


def _grid(audit: Audit, indices: np.ndarray, chosen: int, reviewer: str) -> None:
    rows = audit.ranking.loc[indices, ["label", "suggestion"]]
    rows = rows.rename(columns={"suggestion": "prediction"})
    tiles(audit.dataset, rows, "grid", lambda index: go_to(audit, index), chosen)
    st.button(
        f"Keep the labels of these {len(rows)}",
        key="keep all",
        disabled=not reviewer or len(rows) == 0,
        on_click=keep_all,
        args=(audit, indices.tolist(), reviewer),
    )
