"""One doubtful label after another, each settled by a key."""

from __future__ import annotations

import time
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from core.measures.answer_text import describe_answer
from core.review.audit import Audit, place_of, progress, queue, ranked, ranked_some
from core.review.decision_words import NONE_OF_THESE
from ui import cache, long_work, store
from ui.components.tiles import tiles
from ui.decide import go_to, keep_all, retry, shown
from ui.decision_keys import decision_keys, hear_keys
from ui.item_card import named
from ui.item_card import picture as item_picture
from ui.items import details
from ui.picked import Picked
from ui.probs import probs_table
from ui.words import plain, short

LEAVE = 0.1
"""Seconds for the item to leave the server and be drawn before this thread computes on: what sends
it waits for that, and so does Streamlit's clearing up after the script. Measured on two slow cores:
the item came after 113 ms with 0.05 and after 98 ms with 0.1 (p95; the medians are alike)."""
GRID, SIMILAR = 20, 6


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
    hear_keys(audit, index, reviewer)
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
    # An item of which nothing is known but its id leaves its place to the keys.
    is_bare = audit.dataset.images is None and audit.dataset.details is None
    with picture if is_bare and not grid else answer:
        decision_keys(audit, index, reviewer)
    with picture:
        _alike(picked, index)
    with answer:
        _answer(audit, index)
    show_progress(audit, current)


def rank_labels(picked: Picked, method: str) -> None:
    """Rank the labels, with a bar where that takes more than a second."""
    steps = [("Ranking the labels", partial(cache.audit, picked.key, method))]
    long_work.prepare(("audit", picked.key, method), steps, picked.num_values)
    with st.spinner("Ranking the labels …"):
        cache.audit(picked.key, method)


def show_progress(audit: Audit, current: pd.DataFrame) -> None:
    """How many are settled, how many were wrong, how many may remain."""
    found = progress(audit.ranking, current)
    with st.container(horizontal=True, key="progress"):
        st.metric("Settled", f"{found.settled:,} of {found.num_images:,}", width="content")
        st.metric("Relabelled", f"{found.relabelled:,}", width="content")
        st.metric(NONE_OF_THESE.capitalize(), f"{found.strange:,}", width="content")
        st.metric("Unclear", f"{found.unclear:,}", width="content")
        rest = found.remaining
        value = "too early to say" if rest is None else f"{rest.low}–{rest.high}"
        st.metric("Probably still wrong (90 %)", value, width="content", help=ESTIMATE)


ESTIMATE = (
    "A 90 % interval of the labels to change, or of none of the classes, among those you have not"
    " settled. A logistic regression on the model’s log-odds carries what you found to the rest. It"
    " assumes that this line goes on and that you are right. It needs ten labels that you kept."
    " Stop when the interval is small enough for your purpose."
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
    row, names = ranked(audit.ranking, index), audit.dataset.class_names
    label, suggestion = (short(names[int(row[name])]) for name in ("label", "suggestion"))
    agrees = row["label"] == row["suggestion"]
    said = "the model agrees" if agrees else f"the model reads {suggestion}"
    st.header(plain(f"{named(picked, index)} · label {label} · {said}"), anchor=False)
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
        st.caption(f"The most similar {whole.noun.many} in {plain(whole.study.title)}")
        tiles(whole.dataset, whole.scores.loc[alike], "alike", lambda found: None, size=40)


def _grid(audit: Audit, indices: np.ndarray, chosen: int, reviewer: str) -> None:
    rows = ranked_some(audit.ranking, indices)
    tiles(audit.dataset, rows, "grid", lambda index: go_to(audit, index), chosen=chosen)
    st.button(
        f"Keep the labels of these {len(rows)}",
        key="keep all",
        disabled=not reviewer or len(rows) == 0,
        on_click=keep_all,
        args=(audit, indices.tolist(), reviewer),
    )
