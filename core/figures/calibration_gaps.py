"""How far confidence is off, in all and class by class: one result a model, by its title."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.figures.compare import LEGEND, MARGIN, bars, estimates_trace, style, with_sample
from core.figures.reliability import NOTHING
from core.trust.calibration import Reliability
from core.trust.calibration_errors import CalibrationErrors
from core.trust.intervals import Estimate


def errors_figure(results: dict[str, CalibrationErrors]) -> go.Figure:
    """ECE of each model with its interval, over the band that chance alone would give it.

    Args:
        results: Title of each model -> its errors; models without an image are left out.
    """
    figure = go.Figure()
    known = {t: e for t, e in results.items() if np.isfinite(e.ece.value)}
    for position, (title, errors) in enumerate(known.items()):
        figure.add_trace(_band_trace(errors.ece_null, position))
        dots = estimates_trace({title: errors.ece}, title, position)
        dots.update(y=[position], showlegend=False)
        figure.add_trace(dots)
    figure.update_layout(height=110 + 60 * max(len(known), 1), margin=MARGIN, legend=LEGEND)
    figure.update_xaxes(title_text="ECE (share of images)", rangemode="tozero", tickformat=".2~%")
    if not known:
        figure.update_xaxes(range=[0, 0.01])
    figure.update_yaxes(
        tickvals=list(range(len(known))),
        ticktext=list(known),
        range=[len(known) - 0.4, -0.6],
        zeroline=False,
        automargin=True,
    )
    return with_sample(figure, results, "No image, so no ECE.")


def per_class_figure(results: dict[str, Reliability], class_names: tuple[str, ...]) -> go.Figure:
    """For each predicted class, accuracy less mean confidence in points, with 95 % intervals.

    Args:
        results: Title of each model -> its K bins, one a predicted class.
        class_names: The K names.
    """
    figure = go.Figure()
    figure.add_hline(y=0, line={"dash": "dot", "color": palette.UNKNOWN})
    for position, (title, bins) in enumerate(results.items()):
        look, shift = style(position), 0.14 * (2 * position - len(results) + 1)
        low, gap, high = (
            100 * (end - bins.confidence) for end in (bins.low, bins.accuracy, bins.high)
        )
        trace = go.Scatter(
            x=np.arange(len(gap)) + shift,
            y=gap,
            error_y=bars(low, gap, high, look.colour),
            mode="markers",
            name=title,
            marker={"color": look.colour, "symbol": look.symbol, "size": 8},
            customdata=[
                f"predicted {name}: {gap:+.2f} points, {count:,} images"
                for name, gap, count in zip(class_names, gap, bins.count, strict=True)
            ],
            hovertemplate="%{customdata}<extra>" + title + "</extra>",
        )
        figure.add_trace(trace)
    figure.update_layout(height=340, margin=MARGIN, legend=LEGEND)
    figure.update_xaxes(
        title_text="predicted class",
        tickvals=list(range(len(class_names))),
        ticktext=list(class_names),
        zeroline=False,
    )
    figure.update_yaxes(title_text="accuracy − confidence (points)", zeroline=False)
    return with_sample(figure, results, NOTHING)


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
