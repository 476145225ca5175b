"""Prediction sets in pictures: each takes one result a model, by the model's title."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.figures.compare import LEGEND, MARGIN, bar_marker, bars, style, with_sample
from core.figures.some_classes import furthest, only_some
from core.study.dataset import Noun
from core.trust.set_coverage import Coverage
from core.trust.wording import ITEM, level

MOST_TICKS = 30


def sizes_figure(results: dict[str, Coverage], noun: Noun = ITEM) -> go.Figure:
    """How many items get a set of each size; the axis is logarithmic, large sets being rare.

    Args:
        results: Title of each model -> the coverage of its sets.
        noun: What an item is called.
    """
    figure = go.Figure()
    largest = max(
        (int(np.flatnonzero(c.sizes).max(initial=1)) for c in results.values()), default=1
    )
    for position, (title, found) in enumerate(results.items()):
        counts = found.sizes[: largest + 1]
        figure.add_trace(
            go.Bar(
                x=np.arange(largest + 1),
                y=np.where(counts, counts, np.nan),
                text=[_short(count) for count in counts],
                textposition="outside",
                cliponaxis=False,
                constraintext="none",
                name=f"{title} (mean size {found.mean_size:.3f}, {noun.counted(found.num_items)})",
                marker=bar_marker(position),
                hovertemplate="%{y:,} sets of %{x} classes<extra>" + title + "</extra>",
            )
        )
    figure.update_layout(height=360, margin=MARGIN, legend=LEGEND, barmode="group")
    figure.update_xaxes(title_text="classes in the set", dtick=1 if largest <= MOST_TICKS else None)
    top = max((int(c.sizes.max()) for c in results.values()), default=1)
    figure.update_yaxes(
        title_text=noun.many,
        type="log",
        range=[-0.3, np.log10(max(top, 1)) + 0.5],
        dtick=1,
        tickformat=",d",
    )
    return with_sample(figure, results, f"No {noun.one}, so no set.", noun)


def _target_line(num_places: int, alpha: float) -> go.Scatter:
    return go.Scatter(
        x=[-0.6, num_places - 0.4],
        y=[1 - alpha, 1 - alpha],
        mode="lines",
        line={"dash": "dot", "color": palette.UNKNOWN},
        name=f"target {level(1 - alpha)}",
        hoverinfo="skip",
    )


def coverage_figure(
    overall: dict[str, Coverage],
    classes: dict[str, list[Coverage]],
    class_names: tuple[str, ...],
    alpha: float,
    noun: Noun = ITEM,
) -> go.Figure:
    """Empirical coverage, overall and class by class, with exact 95 % binomial intervals.

    Of more than 30 classes those are drawn whose coverage lies furthest from the target.

    Args:
        overall: Title of each model -> coverage of all its sets.
        classes: Title -> coverage of each of the K classes.
        class_names: The K names.
        alpha: The allowed share of misses; the line is drawn at 1 - alpha.
        noun: What an item is called.
    """
    figure = go.Figure()
    shown = furthest({t: _misses(c, alpha) for t, c in classes.items()}, len(class_names))
    names = ["all", *(class_names[k] for k in shown)]
    figure.add_trace(_target_line(len(names), alpha))
    for position, title in enumerate(overall):
        look, shift = style(position), 0.13 * (2 * position - len(overall) + 1)
        found = [overall[title], *(classes[title][k] for k in shown)]
        low, share, high = (
            np.array([getattr(c, end) for c in found], float) for end in ("low", "coverage", "high")
        )
        figure.add_trace(
            go.Scatter(
                x=np.arange(len(names)) + shift,
                y=share,
                error_y=bars(low, share, high, look.colour),
                mode="markers",
                name=title,
                marker={"color": look.colour, "symbol": look.symbol, "size": 8},
                customdata=[f"{c.covered:,} of {c.num_items:,}" for c in found],
                hovertemplate="%{y:.2%} hold the label: %{customdata}<extra>" + title + "</extra>",
            )
        )
    figure.update_layout(height=360, margin=MARGIN, legend=LEGEND)
    figure.update_xaxes(
        title_text=f"true class{only_some(shown, len(class_names))}",
        tickvals=list(range(len(names))),
        ticktext=names,
        range=[-0.6, len(names) - 0.4],
        zeroline=False,
    )
    figure.update_yaxes(title_text="empirical coverage (share of sets)", tickformat=".1%")
    return with_sample(figure, overall, f"No {noun.one}, so no coverage.", noun)


def _misses(classes: list[Coverage], alpha: float) -> np.ndarray:
    """How far each class's coverage lies from the target, in standard errors, (K,)."""
    share = np.array([c.coverage for c in classes], float)
    count = np.array([c.num_items for c in classes], float)
    return np.abs(share - (1 - alpha)) * np.sqrt(count / (alpha * (1 - alpha)))


def _short(count: int) -> str:
    """A count that fits above a bar: 743, 8.8k, 10k, nothing for 0."""
    if count < 1_000:
        return f"{count}" if count else ""
    return f"{count / 1_000:.1f}k" if count < 9_950 else f"{count / 1_000:.0f}k"
