"""Declining in pictures: each takes one result a model, by the model's title."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.figures.compare import (
    LEGEND,
    MARGIN,
    estimates_trace,
    in_thousandths,
    interval_text,
    rows_of_measures,
    style,
    with_note,
    with_sample,
)
from core.measures.register import BY_COLUMN
from core.study.dataset import Noun
from core.trust.detection import Detection
from core.trust.intervals import Estimate, clopper_pearson
from core.trust.selective import Decision, RiskCoverage, thinned
from core.trust.wording import ITEM

MOST_POINTS = 300
DETECTION_NOTE = (
    "AUROC: higher is better; the areas, in thousandths: lower is better. “Behind the best” is"
    " measured on the same items and can tell measures apart whose own intervals overlap. AURC is"
    " the area under the curve of risk over coverage. Excess AURC is what the best order of the"
    " same errors would save. AUGRC counts errors per item, not per accepted item."
)


def risk_coverage_figure(
    curves: dict[str, dict[str, RiskCoverage]],
    column: str,
    decisions: dict[str, Decision] | None = None,
    noun: Noun = ITEM,
) -> go.Figure:
    """Error rate among the accepted against their share; the chosen measure with its 95 % band.

    Args:
        curves: Title of each model -> column -> its curve. The other measures are drawn thin.
        column: The chosen measure; a model without it gets none.
        decisions: Title -> what the threshold does, marked on the curve.
        noun: What an item is called.
    """
    figure = go.Figure()
    for position, (title, by_measure) in enumerate(curves.items()):
        for name, curve in by_measure.items():
            if name != column and curve.num_items:
                figure.add_trace(_thin_trace(curve, title, name, position))
    for position, (title, by_measure) in enumerate(curves.items()):
        if column in by_measure and by_measure[column].num_items:
            figure.add_traces(_chosen_traces(by_measure[column], title, position))
            decision = (decisions or {}).get(title)
            if decision is not None and decision.accepted:
                figure.add_trace(_decision_trace(decision, title, position))
    highest = _highest_risk(curves)
    figure.update_layout(height=440, margin=MARGIN, legend=LEGEND, hovermode="closest")
    figure.update_xaxes(
        title_text="coverage (share accepted)", tickformat=".0%", range=[0, 1.02], dtick=0.2
    )
    figure.update_yaxes(
        title_text="selective risk (share wrong among the accepted)",
        tickformat=".2~%",
        range=[-0.02 * highest, highest],
    )
    samples = {
        title: curve for title, by_measure in curves.items() for curve in by_measure.values()
    }
    return with_sample(figure, samples, f"No {noun.one}, so no curve.", noun)


def detection_figure(found: dict[str, dict[str, Detection]], noun: Noun = ITEM) -> go.Figure:
    """AUROC of telling errors from correct answers, each measure and model, with 95 % intervals.

    Args:
        found: Title of each model -> column -> how well it finds errors.
        noun: What an item is called.
    """
    columns = list(dict.fromkeys(name for by_measure in found.values() for name in by_measure))
    figure = go.Figure()
    for position, (title, by_measure) in enumerate(found.items()):
        shift = 0.12 * (2 * position - len(found) + 1)
        places = {name: place for place, name in enumerate(columns)}
        estimates = {name: d.auroc for name, d in by_measure.items() if np.isfinite(d.auroc.value)}
        trace = estimates_trace(estimates, title, position)
        trace.update(
            y=[places[name] + shift for name in estimates],
            text=[BY_COLUMN[name].title for name in estimates],
        )
        figure.add_trace(trace)
    figure.update_layout(height=140 + 44 * len(columns), margin=MARGIN, legend=LEGEND)
    figure.update_xaxes(title_text="error-detection AUROC (1 is perfect)")
    if not any(len(trace.x) for trace in figure.data):
        figure.update_xaxes(range=[0.5, 1])
    rows_of_measures(figure, columns)
    samples = {title: d for title, by_measure in found.items() for d in by_measure.values()}
    if all(sample.reason for sample in samples.values()):
        with_note(figure, "<br>".join(f"{title}: {d.reason}" for title, d in samples.items()))
    return with_sample(figure, samples, "", noun)


def detection_cells(found: Detection, behind: Estimate) -> dict[str, str]:
    """One measure's row of a table: heading -> number with its interval."""
    areas = {"AURC ‰": found.aurc, "excess AURC ‰": found.excess_aurc, "AUGRC ‰": found.augrc}
    return {
        "AUROC": interval_text(found.auroc),
        "behind the best": interval_text(behind),
        **{name: interval_text(in_thousandths(area), 3) for name, area in areas.items()},
    }


def _thin_trace(curve: RiskCoverage, title: str, name: str, position: int) -> go.Scatter:
    look, drawn = style(position), thinned(curve, MOST_POINTS)
    return go.Scatter(
        x=drawn.coverage,
        y=drawn.selective_risk,
        mode="lines",
        opacity=0.35,
        line={"color": look.colour, "width": 1, "dash": "dot"},
        name=f"{title}, other measures",
        legendgroup=f"{title} others",
        showlegend=False,
        hovertemplate=f"{BY_COLUMN[name].title}: %{{y:.2%}} wrong of %{{x:.1%}}"
        f"<extra>{title}</extra>",
    )


def _chosen_traces(curve: RiskCoverage, title: str, position: int) -> list[go.Scatter]:
    look, drawn = style(position), thinned(curve, MOST_POINTS)
    x = drawn.coverage
    low, high = clopper_pearson(drawn.mistakes, drawn.accepted)
    band = go.Scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([high, low[::-1]]),
        fill="toself",
        fillcolor=look.colour,
        opacity=0.15,
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )
    line = go.Scatter(
        x=x,
        y=drawn.selective_risk,
        mode="lines",
        line={"color": look.colour, "dash": look.dash, "width": 2.5},
        name=f"{title} ({curve.num_errors:,} errors in {curve.num_items:,})",
        customdata=drawn.threshold,
        hovertemplate="%{y:.2%} wrong of %{x:.1%} accepted<br>threshold %{customdata:.6g}"
        f"<extra>{title}</extra>",
    )
    return [band, line]


def _decision_trace(decision: Decision, title: str, position: int) -> go.Scatter:
    look = style(position)
    return go.Scatter(
        x=[decision.accepted / (decision.accepted + decision.referred)],
        y=[decision.risk],
        mode="markers",
        marker={
            "color": look.colour,
            "symbol": look.symbol,
            "size": 14,
            "line": {"width": 2, "color": palette.UNKNOWN},
        },
        showlegend=False,
        cliponaxis=False,
        hovertemplate=f"your threshold: {decision.mistakes:,} mistakes in {decision.accepted:,}"
        f"<extra>{title}</extra>",
    )


def _highest_risk(curves: dict[str, dict[str, RiskCoverage]]) -> float:
    """Room for the interval at full coverage: at low coverage one mistake is a spike."""
    ends = [
        float(clopper_pearson(curve.num_errors, curve.num_items)[1])
        for by_measure in curves.values()
        for curve in by_measure.values()
        if curve.num_items
    ]
    return min(1.2 * max(ends, default=0.01), 1.02)
