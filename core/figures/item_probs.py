"""One item's class probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.figures.some_classes import cut
from core.trust.wording import percent

MOST_BARS, NUM_BARS = 12, 10
MOST_LETTERS = 16
MOST_RINGS = 12
"""Members up to which each has a ring; of more, each has a faint line, and they make a strip."""


def probs_figure(
    mean_probs: np.ndarray,
    member_probs: np.ndarray,
    class_names: tuple[str, ...],
    label: int | None = None,
) -> go.Figure:
    """A bar per class, and with more than one member a ring for each, or a strip of many.

    Args:
        mean_probs: (K,).
        member_probs: (S, K).
        class_names: The K names.
        label: Code of the label, which is always among the bars; None where it is not known.
    """
    shown = bars_shown(mean_probs, label)
    names, top = [class_names[k] for k in shown], int(mean_probs.argmax())
    shades = [palette.ANSWER if k == top else palette.UNKNOWN for k in shown]
    bars = go.Bar(
        x=names,
        y=mean_probs[shown],
        marker={"color": shades},
        name="mean",
        hovertemplate="%{x}: %{y:.4f}<extra></extra>",
    )
    dots = [_member_dots(member_probs[:, shown], names)] if len(member_probs) > 1 else []
    ticks = {"tickvals": names, "ticktext": [cut(name, MOST_LETTERS) for name in names]}
    return go.Figure([bars, *dots], _LAYOUT | {"xaxis": _LAYOUT["xaxis"] | ticks})


def bars_shown(mean_probs: np.ndarray, label: int | None = None) -> list[int]:
    """The codes of the classes that get a bar: all up to 12, else the ten largest and the label."""
    if len(mean_probs) <= MOST_BARS:
        return list(range(len(mean_probs)))
    largest = [int(k) for k in np.argsort(-mean_probs, kind="stable")[:NUM_BARS]]
    return largest if label is None or label in largest else [*largest, label]


_LAYOUT: dict[str, Any] = {
    "height": 190,
    "margin": {"l": 8, "r": 8, "t": 4, "b": 4},
    "showlegend": False,
    "bargap": 0.25,
    "xaxis": {"title": {"text": "class"}, "type": "category", "fixedrange": True},
    "yaxis": {"title": {"text": "probability"}, "range": [0, 1.04], "fixedrange": True},
}


_RINGS: dict[str, Any] = {
    "symbol": "circle-open", "size": 7, "color": palette.MEMBER, "line": {"width": 1.5},
}  # fmt: skip
_STRIP: dict[str, Any] = {
    "symbol": "line-ew", "size": 14, "opacity": 0.45, "line": {"width": 2, "color": palette.MEMBER},
}  # fmt: skip


def describe_probs(mean_probs: np.ndarray, class_names: tuple[str, ...]) -> str:
    """The bars in a sentence: the classes that matter, largest first."""
    order = np.argsort(-mean_probs)[:3]
    parts = [f"{class_names[k]} with {percent(mean_probs[k], 1)}" for k in order]
    return f"Bars of {len(class_names)} class probabilities; the largest are {', '.join(parts)}."


def _member_dots(member_probs: np.ndarray, names: list[str]) -> go.Scatter:
    num_members = len(member_probs)
    return go.Scatter(
        x=names * num_members,
        y=member_probs.ravel(),
        mode="markers",
        marker=_RINGS if num_members <= MOST_RINGS else _STRIP,
        hovertemplate="a member, %{x}: %{y:.4f}<extra></extra>",
        name="members",
    )
