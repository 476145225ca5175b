"""What is shown, in numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.study.classifiers import Classifier, classifier_names
from ui import cache


def summary(shown: pd.DataFrame, model: Classifier) -> None:
    """How many of how many, their accuracy and mean entropy, and the other models' beside it."""
    others = [cache.classifier(name) for name in classifier_names() if name != model.name]
    entropy = f"{shown['predictive_entropy'].mean():.4f} nats" if len(shown) else "–"
    with st.container(horizontal=True, key="summary"):
        st.metric("Shown", f"{len(shown):,} of {len(model.scores):,}", width="content")
        st.metric("Accuracy of these", _accuracy(shown), width="content")
        st.metric("Mean predictive entropy", entropy, width="content")
        for other in others:
            same = other.scores.loc[shown.index]
            st.metric(f"{other.card['title']} on the same", _accuracy(same), width="content")


def _accuracy(rows: pd.DataFrame) -> str:
    known = rows["correct"].dropna()
    return f"{known.mean():.2%}" if len(known) else "–"
