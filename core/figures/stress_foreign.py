"""Which measure notices what is no item of the data set?"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.figures.compare import MARGIN
from core.measures.register import Measure
from core.stress.telling_apart import Apart
from core.study.dataset import Noun

FLOOR = 1e-8
"""What a logarithmic axis shows of 0."""
MOST_POINTS = 999
GOOD = 0.95


def foreign_figure(
    measure: Measure, items: np.ndarray, foreign: dict[str, np.ndarray], noun: Noun
) -> go.Figure:
    """The distribution of a measure, the data set's items on top and each source below.

    Args:
        measure: Of a score table.
        items: Its values (N,) for the data set's items.
        foreign: Title of each source -> its values (M,).
        noun: What an item is called.
    """
    figure = go.Figure()
    named = {f"the {noun.many} ({len(items):,})": items}
    named |= {f"{title} ({len(values):,})": values for title, values in foreign.items()}
    for place, (title, values) in enumerate(named.items()):
        figure.add_trace(
            go.Violin(
                x=_on_axis(_spread(values), measure), name=title, orientation="h", points=False,
                line={"color": palette.LIGHT if place == 0 else palette.SHADOW, "width": 1.5},
                spanmode="hard", meanline={"visible": False}, box={"visible": True},
                showlegend=False, hoverinfo="name", width=0.9,
            )
        )  # fmt: skip
    figure.update_layout(height=90 + 62 * len(named), margin=MARGIN | {"t": 8})
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(title_text=measure.label, **_ticks(measure))
    return figure


def _spread(values: np.ndarray) -> np.ndarray:
    """At most `MOST_POINTS` values that stand evenly for all of them."""
    if len(values) <= MOST_POINTS:
        return np.asarray(values, float)
    return np.quantile(values, (np.arange(MOST_POINTS) + 0.5) / MOST_POINTS)


def _on_axis(values: np.ndarray, measure: Measure) -> np.ndarray:
    return np.log10(np.maximum(values, FLOOR)) if measure.log_axis else values


def _ticks(measure: Measure) -> dict[str, Any]:
    if not measure.log_axis:
        return {}
    tens = list(range(-8, 2, 2))
    return {"tickvals": tens, "ticktext": ["≤ 10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1"]}


def describe_apart(found: dict[str, dict[str, Apart]], titles: dict[str, str]) -> str:
    """Which measure notices most, and whether one notices everything.

    Args:
        found: Title of each source -> column -> what the measure notices of it.
        titles: Column -> what a person reads.
    """
    columns = list(next(iter(found.values())))
    worst = {c: min(found, key=lambda s: found[s][c].auroc.value) for c in columns}
    least = {c: found[worst[c]][c].auroc.value for c in columns}
    best = max(columns, key=least.__getitem__)
    parts = [
        f"{titles[best]} notices most: at worst an AUROC of {least[best]:.3f}, on {worst[best]}."
    ]
    missed = [
        f"{titles[c]} misses {_listed(poor)}"
        for c in columns
        if (poor := [s for s in found if found[s][c].auroc.value < GOOD])
    ]
    if missed:
        parts.append(f"Under {GOOD}: {'; '.join(missed)}.")
    all_miss = all(least[c] < GOOD for c in columns)
    parts.append(
        "None notices everything here."
        if all_miss
        else "These are only a few kinds of foreign pictures: a measure that notices them all may"
        " still miss the next."
    )
    return " ".join(parts)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
