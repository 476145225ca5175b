"""How far confidence is off, in all and class by class: one result a model, by its title."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.figures.compare import (
    LEGEND,
    MARGIN,
    bars,
    estimates_trace,
    style,
    with_sample,
    without_end,
)
from core.figures.reliability import nothing
from core.figures.some_classes import furthest, only_some
from core.study.dataset import Noun
from core.trust.calibration import Reliability
from core.trust.calibration_errors import CalibrationErrors
from core.trust.intervals import Estimate
from core.trust.wording import ITEM


def errors_figure(results: dict[str, CalibrationErrors], noun: Noun = ITEM) -> go.Figure:
    """ECE of each model over the band that chance alone would give it, with its interval if any.

    Args:
        results: Title of each model -> its errors; models without an item are left out.
        noun: What an item is called.
    """
    figure = go.Figure()
    known = {t: e for t, e in results.items() if np.isfinite(e.ece.value)}
    for position, (title, errors) in enumerate(known.items()):
        figure.add_trace(_band_trace(errors.ece_null, position))
        dots = estimates_trace({title: without_end(errors.ece)}, title, position)
        dots.update(y=[position], showlegend=False)
        figure.add_trace(dots)
    figure.update_layout(height=110 + 60 * max(len(known), 1), margin=MARGIN, legend=LEGEND)
    figure.update_xaxes(
        title_text=f"ECE (share of {noun.many})", rangemode="tozero", tickformat=".2~%"
    )
    if not known:
        figure.update_xaxes(range=[0, 0.01])
    figure.update_yaxes(
        tickvals=list(range(len(known))),
        ticktext=list(known),
        range=[len(known) - 0.4, -0.6],
        zeroline=False,
        automargin=True,
    )
    return with_sample(figure, results, f"No {noun.one}, so no ECE.", noun)


def per_class_figure(
    results: dict[str, Reliability], class_names: tuple[str, ...], noun: Noun = ITEM
) -> go.Figure:
    """For each predicted class, accuracy less mean confidence in points, with 95 % intervals.

    Of more than 30 classes those are drawn that lie furthest from 0 in standard errors.

    Args:
        results: Title of each model -> its K bins, one a predicted class.
        class_names: The K names.
        noun: What an item is called.
    """
    figure = go.Figure()
    shown = furthest({t: _off(bins) for t, bins in results.items()}, len(class_names))
    figure.add_hline(y=0, line={"dash": "dot", "color": palette.UNKNOWN})
    names = [class_names[k] for k in shown]
    for position, (title, bins) in enumerate(results.items()):
        look, shift = style(position), 0.14 * (2 * position - len(results) + 1)
        low, gap, high = (
            100 * (end - bins.confidence)[shown] for end in (bins.low, bins.accuracy, bins.high)
        )
        trace = go.Scatter(
            x=np.arange(len(gap)) + shift,
            y=gap,
            error_y=bars(low, gap, high, look.colour),
            mode="markers",
            name=title,
            marker={"color": look.colour, "symbol": look.symbol, "size": 8},
            customdata=[
                f"predicted {name}: {gap:+.2f} points, {noun.counted(count)}"
                for name, gap, count in zip(names, gap, bins.count[shown], strict=True)
            ],
            hovertemplate="%{customdata}<extra>" + title + "</extra>",
        )
        figure.add_trace(trace)
    figure.update_layout(height=340, margin=MARGIN, legend=LEGEND)
    figure.update_xaxes(
        title_text=f"predicted class{only_some(shown, len(class_names))}",
        tickvals=list(range(len(names))),
        ticktext=names,
        zeroline=False,
    )
    figure.update_yaxes(title_text="accuracy − confidence (points)", zeroline=False)
    return with_sample(figure, results, nothing(noun), noun)


def _off(bins: Reliability) -> np.ndarray:
    """How far each class is off, in standard errors of a true confidence, (K,)."""
    spread = np.sqrt(np.maximum(bins.confidence * (1 - bins.confidence), 1e-6))
    return np.abs(bins.accuracy - bins.confidence) * np.sqrt(bins.count) / spread


def _band_trace(band: Estimate, position: int) -> go.Scatter:
    return go.Scatter(
        x=[band.low, band.high],
        y=[position, position],
        mode="lines",
        line={"color": palette.UNKNOWN, "width": 22},
        opacity=0.45,
        name="chance alone, 95 %",
        showlegend=position == 0,
        hovertemplate="a calibrated model: %{x:.2%}<extra></extra>",
    )
