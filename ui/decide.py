"""What a key press does to the log of decisions, and which item comes after it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.review.audit import Audit, neighbour, next_unsettled, queue, ranked
from core.review.decisions import Decision
from ui import store

SCORES = ("label_quality", "log_odds")


@dataclass(frozen=True)
class After:
    """The place to show: the first item after this one in the ranking that is not settled."""

    index: int


def decide(
    audit: Audit, index: int, reviewer: str, decision: str, new_label: int | None = None
) -> None:
    """Write a decision, and go on to the next item only when it is on disk."""
    if not reviewer:
        return  # the keys are disabled, which a browser need not respect
    if new_label == audit.labels[index]:
        decision, new_label = "keep", None
    if _is_stale(audit, index):
        return
    wanted = (audit.dataset.ids[index], decision, new_label, reviewer)
    for waiting in store.pending():
        if (waiting.item, waiting.decision, waiting.new_label, waiting.reviewer) == wanted:
            _settle_and_go_on(audit, waiting)  # the same row again, in case it had arrived
            return
    _settle_and_go_on(audit, _decision(audit, index, reviewer, decision, new_label))


def _is_stale(audit: Audit, index: int) -> bool:
    """Whether a key was pressed on a item that its own last decision has just left.

    A key pressed twice in a moment comes back with the item of the first press, before the next
    one is on the screen: it is no second decision, and nobody has seen the next item yet.
    """
    return st.session_state.get(_place(audit), index) not in {None, index}


def keep_all(audit: Audit, indices: list[int], reviewer: str) -> None:
    """Keep the labels of all items in the grid."""
    if not reviewer:
        return
    _settle_and_go_on(audit, *(_decision(audit, i, reviewer, "keep", None) for i in indices))


def take_back(audit: Audit, reviewer: str) -> None:
    """Undo the reviewer's last decision and show its item; first write what still waits."""
    waiting = store.pending()
    if waiting and waiting[-1].decision == "undo":
        retry(audit)
        return
    if waiting and not store.settle():
        return
    row = store.undo(audit, reviewer)
    if row is not None:
        _settle_and_go_on(audit, row)


def retry(audit: Audit) -> None:
    """Write what could not be written."""
    if waiting := store.pending():
        _settle_and_go_on(audit, *waiting)


def step(audit: Audit, index: int, by: int) -> None:
    """Go to the next or previous item of the ranking, settled or not.

    `index` is the item that was drawn with the button; a second press may come before the next.
    """
    here = st.session_state.get(_place(audit))
    go_to(audit, neighbour(audit.ranking, here if isinstance(here, int) else index, by))


def go_to(audit: Audit, place: int | After) -> None:
    """Show a item."""
    st.session_state[_place(audit)] = place


def _place(audit: Audit) -> str:
    return f"_at {audit.data_hash}"


def shown(audit: Audit, current: pd.DataFrame) -> int:
    """The item on the screen: where people went, or else the first that is not settled."""
    place = st.session_state.get(_place(audit))
    if isinstance(place, After):
        place = next_unsettled(audit.ranking, current, place.index)
        st.session_state[_place(audit)] = place
    if place is not None:
        return place
    left = queue(audit.ranking, current)
    return int(left[0]) if len(left) else int(audit.ranking.index[0])


def _settle_and_go_on(audit: Audit, *decisions: Decision) -> None:
    if not store.settle(*decisions):
        return
    st.session_state["note"] = ""
    last = decisions[-1]
    row = audit.dataset.ids.row(last.item)
    if row is not None:
        go_to(audit, row if last.decision == "undo" else After(row))


def _decision(
    audit: Audit, index: int, reviewer: str, decision: str, new_label: int | None
) -> Decision:
    row = ranked(audit.ranking, index)
    return Decision(
        data_set=audit.dataset.title,
        data_hash=audit.data_hash,
        item=audit.dataset.ids[index],
        given_label=int(audit.labels[index]),
        decision=decision,
        new_label=new_label,
        reviewer=reviewer,
        model=audit.model.name,
        note=st.session_state.get("note", ""),
        scores={name: float(row[name]) for name in SCORES},
    )
