"""What the comparison keeps between reruns: core's answers for a pair of models, by small keys."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.figures.two_models_scatter import confidence_figure
from core.trust.comparison import Comparison, compare
from core.trust.side_by_side import side_by_side
from ui import cache
from ui.picked import Key
from ui.words import drawn

ALL = "all"
"""In place of an outcome: the items of every one."""


@st.cache_resource(max_entries=8)
def comparison(baseline: Key, candidate: str) -> Comparison:
    """Two models on the labelled items; its differences are computed when they are asked for."""
    return compare(cache.picked(baseline).study, baseline.model, candidate)


@st.cache_resource(max_entries=8)
def beside(baseline: Key, candidate: str) -> pd.DataFrame:
    """Both models' answers, one row per item: shared, read only."""
    return side_by_side(cache.picked(baseline).study, baseline.model, candidate)


@st.cache_resource(max_entries=16)
def confidence(baseline: Key, candidate: str, outcome: str, logarithmic: bool) -> go.Figure:
    """Confidence against confidence, of an outcome or of all items: shared, read only."""
    seen, table = cache.picked(baseline), beside(baseline, candidate)
    shown = table if outcome == ALL else table[table["outcome"] == outcome]
    titles = drawn(seen.title), drawn(seen.beside(candidate).title)
    return confidence_figure(shown, titles, logarithmic, seen.noun)
