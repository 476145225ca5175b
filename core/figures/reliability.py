"""Confidence against accuracy, bin by bin: each takes one result a model, by the model's title."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import palette
from core.figures.compare import LEGEND, MARGIN, bar_marker, bars, style, with_sample
from core.study.dataset import Noun
from core.trust.calibration import Reliability
from core.trust.wording import ITEM

LEAST_DOUBT = 1e-9  # 1 - confidence of a bin whose confidences are all 1


def reliability_figure(results: dict[str, Reliability], noun: Noun = ITEM) -> go.Figure:
    """Accuracy against confidence with 95 % Wilson intervals, above the counts of the bins.

    Args:
        results: Title of each model -> its bins.
        noun: What an item is called.
    """
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, row_heights=[0.72, 0.28], vertical_spacing=0.05
    )
    diagonal = go.Scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"dash": "dot", "color": palette.UNKNOWN},
        name="perfectly calibrated",
        hoverinfo="skip",
    )
    figure.add_trace(diagonal, row=1, col=1)
    for position, (title, bins) in enumerate(results.items()):
        figure.add_trace(_accuracy_trace(bins, title, position, noun), row=1, col=1)
        figure.add_trace(_count_trace(bins, title, position, noun), row=2, col=1)
    figure.update_layout(height=520, margin=MARGIN, legend=LEGEND, barmode="group", bargap=0.1)
    figure.update_yaxes(title_text="accuracy (share right)", tickformat=".0%", row=1, col=1)
    figure.update_yaxes(title_text=noun.many, type="log", tickformat=",d", dtick=1, row=2, col=1)
    figure.update_xaxes(range=_confidence_range(results), tickformat=".0%")
    figure.update_xaxes(title_text="mean confidence of the bin", row=2, col=1)
    return with_sample(figure, results, nothing(noun), noun)


def doubt_figure(results: dict[str, Reliability], noun: Noun = ITEM) -> go.Figure:
    """Error rate against 1 - confidence, both logarithmic, with 95 % Wilson intervals.

    Bins of equal count crowd at confidence 1, where only this view parts them. A bin without an
    error stands at its interval's upper end, hollow.

    Args:
        results: Title of each model -> its bins.
        noun: What an item is called.
    """
    figure = go.Figure()
    for position, (title, bins) in enumerate(results.items()):
        figure.add_trace(_doubt_trace(bins, title, position, noun))
    drawn = [trace for trace in figure.data if len(trace.x)]
    lowest = min((min(trace.x) for trace in drawn), default=0.01)
    least_wrong = min((min(trace.y - trace.error_y.arrayminus) for trace in drawn), default=0.01)
    line = go.Scatter(
        x=[lowest, 1],
        y=[lowest, 1],
        mode="lines",
        line={"dash": "dot", "color": palette.UNKNOWN},
        name="perfectly calibrated",
        hoverinfo="skip",
    )
    figure.add_trace(line)
    figure.update_layout(height=460, margin=MARGIN, legend=LEGEND)
    figure.update_xaxes(title_text="1 − mean confidence of the bin", **_towards_one(lowest))
    figure.update_yaxes(title_text="share wrong", **_towards_one(least_wrong))
    return with_sample(figure, results, nothing(noun), noun)


def nothing(noun: Noun) -> str:
    """What stands in a figure of calibration without an item."""
    return f"No {noun.one}, so no confidence to check."


def _towards_one(lowest: float) -> dict[str, Any]:
    """A logarithmic axis from a little below `lowest` to 1; a short one has more ticks."""
    start = math.log10(lowest) - 0.15
    powers = {"dtick": 1, "exponentformat": "power"}
    return {"type": "log", "range": [start, 0.1]} | (
        powers if start < -2 else {"dtick": "D2", "tickformat": "~g"}
    )


def _accuracy_trace(bins: Reliability, title: str, position: int, noun: Noun) -> go.Scatter:
    look, full = style(position), bins.count > 0
    x, y = bins.confidence[full], bins.accuracy[full]
    return go.Scatter(
        x=x,
        y=y,
        error_y=bars(bins.low[full], y, bins.high[full], look.colour),
        mode="lines+markers",
        name=f"{title} ({noun.counted(bins.num_items)})",
        line={"color": look.colour, "dash": look.dash, "width": 1.5},
        marker={"symbol": look.symbol, "size": 8},
        customdata=[
            f"{right:,} of {count:,} right"
            for right, count in zip(bins.correct[full], bins.count[full], strict=True)
        ],
        hovertemplate="confidence %{x:.2%}, accuracy %{y:.2%}<br>%{customdata}"
        f"<extra>{title}</extra>",
    )


def _doubt_trace(bins: Reliability, title: str, position: int, noun: Noun) -> go.Scatter:
    look, full = style(position), bins.count > 0
    doubt = np.maximum(1 - bins.confidence[full], LEAST_DOUBT)
    wrong, upper, lower = (1 - share[full] for share in (bins.accuracy, bins.low, bins.high))
    some = wrong > 0
    y = np.where(some, wrong, upper)
    return go.Scatter(
        x=doubt,
        y=y,
        error_y=bars(np.where(some, np.maximum(lower, 1e-9), y), y, upper, look.colour),
        mode="markers",
        name=f"{title} ({noun.counted(bins.num_items)})",
        marker={
            "color": look.colour,
            "symbol": [look.symbol if any_ else f"{look.symbol}-open" for any_ in some],
            "size": 9,
        },
        customdata=[
            f"{count - right:,} of {count:,} wrong"
            for right, count in zip(bins.correct[full], bins.count[full], strict=True)
        ],
        hovertemplate="1 − confidence %{x:.2e}, %{customdata}<extra>" + title + "</extra>",
    )


def _count_trace(bins: Reliability, title: str, position: int, noun: Noun) -> go.Bar:
    full = bins.count > 0
    return go.Bar(
        x=((bins.edges[1:] + bins.edges[:-1]) / 2)[full],
        y=bins.count[full],
        width=(np.diff(bins.edges) * 0.42)[full],
        offset=(np.diff(bins.edges) * (0.44 * position - 0.44))[full],
        name=title,
        showlegend=False,
        marker=bar_marker(position),
        hovertemplate=f"%{{y:,}} {noun.many}<extra>" + title + "</extra>",
    )


def _confidence_range(results: dict[str, Reliability]) -> list[float]:
    lowest = [np.nanmin(bins.confidence) for bins in results.values() if bins.num_items]
    start = min(lowest, default=0.0)
    return [max(0.0, start - 0.05 * (1 - start) - 0.01), 1.0 + 0.02 * (1 - start)]
