"""What is shown, in numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st


def summary(shown: pd.DataFrame, scores: pd.DataFrame) -> None:
    """How many of how many, their accuracy and their mean entropy, beside those of all."""
    known = shown["correct"].dropna()
    accuracy = f"{known.mean():.2%}" if len(known) else "–"
    entropy = f"{shown['predictive_entropy'].mean():.4f} nats" if len(shown) else "–"
    with st.container(horizontal=True, key="summary"):
        st.metric("Shown", f"{len(shown):,} of {len(scores):,}", width="content")
        st.metric("Accuracy of these", accuracy, width="content")
        st.metric("Mean predictive entropy", entropy, width="content")
