"""What is shown, in numbers."""

from __future__ import annotations

from math import isnan

import streamlit as st

from core.measures.register import BY_COLUMN
from core.measures.selection import Selection
from core.trust.wording import percent
from ui import cache
from ui.picked import Picked
from ui.plain_language import is_plain, measure_title, offered
from ui.words import plain

MOST_BESIDE = 3
"""Further models whose accuracy stands beside."""


def summary(shown: Selection, picked: Picked) -> None:
    """How many of how many, their accuracy and mean doubt, and the other models' beside it."""
    others = [other for other in picked.all_models() if other.key != picked.key][:MOST_BESIDE]
    with st.container(horizontal=True, key="summary"):
        st.metric("Shown", f"{len(shown):,} of {len(picked.dataset):,}", width="content")
        st.metric("Accuracy of these", _percent(shown.accuracy()), width="content")
        if doubt := _doubt(shown):
            st.metric(*doubt, width="content")
        for other in others:
            same = _percent(_accuracy_of(other, shown))
            st.metric(f"{plain(other.title)} on the same", same, width="content")


def _accuracy_of(other: Picked, shown: Selection) -> float:
    """On the items shown; of all of them as its card has it, so that its table need not be read."""
    known = other.model.accuracy
    return shown.accuracy(cache.arrays(other.key)) if known is None or not shown.is_whole else known


def _percent(share: float) -> str:
    return "–" if isnan(share) else percent(share)


def _doubt(shown: Selection) -> tuple[str, str] | None:
    """The mean of the most telling measure that the table has, with its name."""
    measures = offered(("predictive_entropy", "confidence"), "")
    name = next((name for name in measures if name in shown.arrays), None)
    if name is None:
        return None
    unit = " nats" if BY_COLUMN[name].unit == "nats" else ""
    value = f"{shown.mean(name):.4f}{unit}" if len(shown) else "–"
    if is_plain():
        return measure_title(name), percent(shown.mean(name)) if len(shown) else "–"
    return f"Mean {BY_COLUMN[name].title.lower()}", value
