"""Two models beside each other in pictures: what one fixes, where they part, class by class."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.figures.compare import LEGEND, MARGIN, bars, style
from core.figures.some_classes import MOST_CLASSES, furthest, only_some
from core.figures.two_models_sentences import (
    METRIC_TITLES,
    interval_text,
    verdict_of,
    with_sign,
)
from core.study.dataset import Noun
from core.trust.comparison import HIGHER_IS_BETTER, ClassDifferences, Difference
from core.trust.intervals import LEVEL
from core.trust.selective import RiskCoverage
from core.trust.wording import ITEM

_VERDICTS = {
    "better": (palette.CORRECT, "circle"),
    "worse": (palette.WRONG, "x"),
    "no difference shown": (palette.UNKNOWN, "diamond-open"),
}


def differences_figure(differences: dict[str, Difference], titles: tuple[str, str]) -> go.Figure:
    """Every metric's difference with its interval, each on a scale of its own; right is better.

    Args:
        differences: By metric.
        titles: Of the first and of the second model.
    """
    figure = go.Figure()
    for place, (name, found) in enumerate(differences.items()):
        figure.add_trace(_difference_trace(place, name, found))
    figure.add_vline(x=0, line={"dash": "dot", "color": palette.UNKNOWN})
    figure.update_layout(height=90 + 52 * len(differences), margin=MARGIN, showlegend=False)
    figure.update_xaxes(
        title_text=f"← {titles[0]} better · {titles[1]} better →<br>each row on its own scale",
        range=[-1.12, 1.12],
        showticklabels=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        tickvals=list(range(len(differences))),
        ticktext=[METRIC_TITLES[name] for name in differences],
        range=[len(differences) - 0.4, -0.7],
        zeroline=False,
        automargin=True,
        fixedrange=True,
    )
    return figure


def _difference_trace(place: int, name: str, found: Difference) -> go.Scatter:
    sign = 1 if HIGHER_IS_BETTER[name] else -1
    value, low, high = (sign * end for end in found.difference)
    scale = max(abs(low), abs(high), abs(value)) or 1.0
    colour, symbol = _VERDICTS[verdict_of(name, found)]
    return go.Scatter(
        x=[value / scale],
        y=[place],
        error_x=bars(
            np.array([min(low, high) / scale]),
            np.array([value / scale]),
            np.array([max(low, high) / scale]),
            colour,
        ),
        mode="markers+text",
        text=[with_sign(name, found.difference.value)],
        textposition="top center",
        marker={"color": colour, "symbol": symbol, "size": 11},
        cliponaxis=False,
        hovertemplate=f"{METRIC_TITLES[name]}: {with_sign(name, found.difference.value)}"
        f" {interval_text(name, *found.difference[1:])}, {verdict_of(name, found)}<extra></extra>",
    )


def classes_figure(
    found: ClassDifferences, class_names: tuple[str, ...], noun: Noun = ITEM
) -> go.Figure:
    """The difference in accuracy of each label in points, with 95 % intervals.

    Of more than 30 classes those are drawn that chance explains worst.

    Args:
        found: Of K classes.
        class_names: The K names.
        noun: What an item is called.
    """
    shown = furthest({"": -np.log(np.maximum(found.p_value, 1e-300))}, len(class_names))
    figure = go.Figure()
    figure.add_hline(y=0, line={"dash": "dot", "color": palette.UNKNOWN})
    for kind, (colour, symbol) in _VERDICTS.items():
        places = [place for place, k in enumerate(shown) if class_verdict(found, k) == kind]
        if places:
            codes = [shown[place] for place in places]
            figure.add_trace(_classes_trace(found, codes, places, kind, colour, symbol, noun))
    figure.update_layout(height=340, margin=MARGIN, legend=LEGEND, showlegend=True)
    figure.update_xaxes(
        title_text=f"label{only_some(shown, len(class_names))}",
        tickvals=list(range(len(shown))),
        ticktext=[class_names[k] for k in shown],
        range=[-0.6, len(shown) - 0.4],
        zeroline=False,
    )
    figure.update_yaxes(title_text="difference in accuracy (points)", zeroline=False)
    return figure


def most_telling(found: ClassDifferences, most: int) -> list[int]:
    """The classes, or of many those that chance explains worst, in their own order."""
    order = np.argsort(np.nan_to_num(found.p_value, nan=2.0), kind="stable")
    return sorted(int(k) for k in order[: max(most, MOST_CLASSES)])


def class_verdict(found: ClassDifferences, k: int) -> str:
    """Whether a class is better or worse beyond chance, allowing for all of them."""
    if not found.p_adjusted[k] < 1 - LEVEL:
        return "no difference shown"
    return "better" if found.difference[k] > 0 else "worse"


def _classes_trace(
    found: ClassDifferences, codes: list[int], places: list[int], kind: str, colour: str,
    symbol: str, noun: Noun,
) -> go.Scatter:  # fmt: skip
    low, middle, high = (100 * part[codes] for part in (found.low, found.difference, found.high))
    texts = [
        f"{found.fixed[k]:,} fixed, {found.broken[k]:,} broken of"
        f" {noun.counted(int(found.num_items[k]))}"
        for k in codes
    ]
    return go.Scatter(
        x=places,
        y=middle,
        error_y=bars(low, middle, high, colour),
        mode="markers",
        name=kind,
        marker={"color": colour, "symbol": symbol, "size": 9},
        customdata=texts,
        hovertemplate="%{y:+.2f} points: %{customdata}<extra></extra>",
    )


def mistakes_left_figure(
    curves: tuple[RiskCoverage, RiskCoverage], titles: tuple[str, str], noun: Noun = ITEM
) -> go.Figure:
    """Mistakes left among the accepted against the share that is declined, surest accepted.

    Args:
        curves: Of both models, on the same items.
        titles: Of the first and of the second model.
        noun: What an item is called.
    """
    figure = go.Figure()
    for position, (curve, title) in enumerate(zip(curves, titles, strict=True)):
        look = style(position)
        kept = np.unique(np.searchsorted(curve.accepted, np.linspace(1, curve.num_items, 400)))
        kept = kept[kept < len(curve.accepted)]
        figure.add_trace(
            go.Scatter(
                x=1 - curve.coverage[kept][::-1],
                y=curve.mistakes[kept][::-1],
                mode="lines",
                line={"color": look.colour, "dash": look.dash, "width": 2.5},
                name=f"{title} ({curve.num_errors:,} of {curve.num_items:,} wrong)",
                hovertemplate="%{x:.1%} declined: %{y:,} mistakes left<extra>" + title + "</extra>",
            )
        )
    figure.update_layout(height=340, margin=MARGIN, legend=LEGEND, hovermode="x unified")
    figure.update_xaxes(title_text=f"share of {noun.many} declined", tickformat=".0%",
                        range=[0, 0.5])  # fmt: skip
    figure.update_yaxes(title_text=f"mistakes left ({noun.many})", rangemode="tozero")
    return figure
