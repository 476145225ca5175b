"""Two models in one scatter: how sure each is of every item, and what one fixes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures import palette
from core.figures.compare import LEGEND, MARGIN, with_note
from core.figures.two_models_sentences import OUTCOME_TITLES
from core.study.dataset import Noun
from core.trust.wording import ITEM

MOST_POINTS = 60_000
"""Points of a scatter; of more items those that both models have right are drawn in part."""
FLOOR = 1e-12  # a logarithmic axis ends here
_LOOKS = {
    "both_right": (palette.UNKNOWN, "circle", 0.35),
    "agree": (palette.UNKNOWN, "circle", 0.35),
    "both_wrong": (palette.DUSK, "diamond", 0.8),
    "broken": (palette.WRONG, "x", 0.9),
    "fixed": (palette.CORRECT, "circle", 0.9),
    "differ": (palette.CORRECT, "circle", 0.8),
}
"""Colour, symbol and opacity of each outcome, in the order in which they are drawn."""


def confidence_figure(
    table: pd.DataFrame, titles: tuple[str, str], logarithmic: bool, noun: Noun = ITEM
) -> go.Figure:
    """Confidence against confidence, a point per item; `customdata` is its row.

    Args:
        table: From `core.trust.side_by_side`, with confidences.
        titles: Of the first and of the second model.
        logarithmic: Whether to draw 1 - confidence on logarithmic axes, which opens up the crowd
            near 1.
        noun: What an item is called.
    """
    figure = go.Figure()
    drawn = some_points(table)
    for outcome in _LOOKS:
        points = drawn[drawn["outcome"] == outcome]
        if len(points):
            figure.add_trace(_points_trace(points, outcome, table, logarithmic))
    ends = [FLOOR, 1.0] if logarithmic else [0.0, 1.0]
    line = {"color": palette.UNKNOWN, "dash": "dot", "width": 1}
    figure.add_trace(
        go.Scatter(x=ends, y=ends, mode="lines", line=line, hoverinfo="skip", showlegend=False)
    )
    figure.update_layout(
        height=560, margin=MARGIN, legend=LEGEND | {"itemsizing": "constant"}, hovermode="closest",
        dragmode="pan",
    )  # fmt: skip
    figure.update_xaxes(**_confidence_axis(titles[0], table, "first_confidence", logarithmic))
    figure.update_yaxes(**_confidence_axis(titles[1], table, "second_confidence", logarithmic))
    return figure if len(table) else with_note(figure, f"No {noun.one}.")


def some_points(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that are drawn: all, or of very many every n-th of those both models have right."""
    if len(table) <= MOST_POINTS:
        return table
    is_crowd = table["outcome"].isin(["both_right", "agree"]).to_numpy()
    rest = max(MOST_POINTS - int((~is_crowd).sum()), MOST_POINTS // 4)
    crowd, others = np.flatnonzero(is_crowd), np.flatnonzero(~is_crowd)
    few = [rows[:: -(-len(rows) // most)] for rows, most in ((crowd, rest), (others, MOST_POINTS))
           if len(rows)]  # fmt: skip
    return table.iloc[np.sort(np.concatenate(few))]


def _points_trace(
    points: pd.DataFrame, outcome: str, table: pd.DataFrame, logarithmic: bool
) -> go.Scattergl:
    colour, symbol, opacity = _LOOKS[outcome]
    number = int((table["outcome"] == outcome).sum())
    part = "" if number == len(points) else f", {len(points):,} drawn"
    x, y = (
        _placed(points[name], logarithmic) for name in ("first_confidence", "second_confidence")
    )
    return go.Scattergl(
        x=x,
        y=y,
        customdata=points.index.to_numpy(),
        mode="markers",
        name=f"{OUTCOME_TITLES[outcome]} ({number:,}{part})",
        marker={"color": colour, "symbol": symbol, "size": 7, "opacity": opacity},
        hoverinfo="none",  # the event still fires: the item itself is shown beside the cursor
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 0.25}},
    )


def _placed(confidence: pd.Series, logarithmic: bool) -> np.ndarray:
    values = confidence.to_numpy(np.float64, na_value=np.nan)
    return np.maximum(1 - values, FLOOR) if logarithmic else values


def _confidence_axis(
    title: str, table: pd.DataFrame, column: str, logarithmic: bool
) -> dict[str, Any]:
    lowest = float(table[column].min()) if len(table) else 0.0
    if not logarithmic:
        return {"title_text": f"{title}: confidence (probability)",
                "range": [max(0.0, lowest - 0.03), 1.02], "zeroline": False}  # fmt: skip
    least = np.maximum(1 - table[column].to_numpy(np.float64), FLOOR) if len(table) else [0.1]
    return {
        "title_text": f"{title}: 1 − confidence (probability)",
        "type": "log",
        "exponentformat": "power",
        "range": [np.log10(np.min(least)) - 0.2, 0.1],
        "zeroline": False,
    }
