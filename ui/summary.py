"""What is shown, in numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.measures.register import BY_COLUMN
from ui.picked import Picked
from ui.words import plain

MOST_BESIDE = 3
"""Further models whose accuracy stands beside."""


def summary(shown: pd.DataFrame, picked: Picked) -> None:
    """How many of how many, their accuracy and mean doubt, and the other models' beside it."""
    others = [other for other in picked.all_models() if other.key != picked.key][:MOST_BESIDE]
    with st.container(horizontal=True, key="summary"):
        st.metric("Shown", f"{len(shown):,} of {len(picked.dataset):,}", width="content")
        st.metric("Accuracy of these", _accuracy(shown), width="content")
        if doubt := _doubt(shown):
            st.metric(*doubt, width="content")
        for other in others:
            same = other.scores.loc[shown.index]
            st.metric(f"{plain(other.title)} on the same", _accuracy(same), width="content")


def _accuracy(rows: pd.DataFrame) -> str:
    known = rows["correct"].dropna()
    return f"{known.mean():.2%}" if len(known) else "–"


def _doubt(rows: pd.DataFrame) -> tuple[str, str] | None:
    """The mean of the most telling measure that the table has, with its name."""
    name = next((n for n in ("predictive_entropy", "confidence") if n in rows), None)
    if name is None:
        return None
    unit = " nats" if BY_COLUMN[name].unit == "nats" else ""
    value = f"{rows[name].mean():.4f}{unit}" if len(rows) else "–"
    return f"Mean {BY_COLUMN[name].title.lower()}", value
