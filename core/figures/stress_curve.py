"""One image as it gets worse: probabilities, doubts and pictures over one axis, and in words."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.figures.some_classes import cut
from core.measures.register import BY_COLUMN
from core.stress.curve import Curve

LEAST = 0.05
"""Of a class that gets a line: its probability at some step."""
MOST_LINES, MOST_LETTERS = 10, 16
PICTURES = 13
"""Pictures along the axis, the first and the last step among them."""
HEIGHT, NARROW_GAP = 640, 0.035
DOUBTS = {
    "expected_entropy": ("aleatoric", palette.ALEATORIC, "solid"),
    "mutual_information": ("epistemic", palette.EPISTEMIC, "dash"),
    "predictive_entropy": ("predictive entropy", palette.DUSK, "solid"),
}


def curve_figure(curve: Curve, class_names: tuple[str, ...], strip: str) -> go.Figure:
    """Class probabilities with the members faint behind, and below them every kind of doubt.

    Args:
        curve: What a model says of every step.
        class_names: The K names as a figure takes them.
        strip: Address of the pictures of `pictured` side by side, a tile for each.
    """
    doubts = doubts_of(curve)
    knows_far = "atypicality" in curve.measures
    traces: list[dict[str, Any]] = []
    for code in lines_of(curve):
        traces += _class_traces(curve, code, class_names[code])
    traces += [_doubt_trace(curve, column) for column in doubts]
    if knows_far:
        traces.append(_far_trace(curve))
    layout = _layout(curve, knows_far)
    layout["images"] = [_strip(curve, strip)]
    layout["shapes"], layout["annotations"] = _marks(curve, class_names)
    return go.Figure({"data": traces, "layout": layout})


def pictured(num_steps: int) -> np.ndarray:
    """The steps whose pictures stand along the axis, evenly spread, int (n,)."""
    return np.linspace(0, num_steps - 1, min(PICTURES, num_steps)).round().astype(int)


def lines_of(curve: Curve) -> list[int]:
    """The classes that get a line, in their own order: those that matter at some step."""
    highest = curve.mean_probs.max(0)
    order = np.argsort(-highest, kind="stable")[:MOST_LINES]
    return sorted(int(code) for code in order if highest[code] >= LEAST)


def doubts_of(curve: Curve) -> tuple[str, ...]:
    """The doubts in nats: both parts of several members, of one network the whole."""
    if curve.num_members > 1:
        return "expected_entropy", "mutual_information"
    return ("predictive_entropy",)


def _class_traces(curve: Curve, code: int, name: str) -> list[dict[str, Any]]:
    colour, label = palette.class_colour(code), cut(name, MOST_LETTERS)
    x = curve.amounts
    mean = {
        "type": "scatter", "mode": "lines", "name": label, "legendgroup": label,
        "x": x, "y": curve.mean_probs[:, code], "yaxis": "y2",
        "line": {"color": colour, "width": 3, "dash": _dash(code)},
        "hovertemplate": f"{label}: %{{y:.1%}}<extra></extra>",
    }  # fmt: skip
    if curve.num_members == 1:
        return [mean]
    gap = np.full((curve.num_members, 1), np.nan)
    of_members = np.hstack([curve.member_probs[:, :, code].T, gap]).ravel()
    faint = {
        "type": "scatter", "mode": "lines", "showlegend": False, "legendgroup": label,
        "x": np.tile(np.append(x, np.nan), curve.num_members), "y": of_members.astype(np.float32),
        "yaxis": "y2", "opacity": 0.35 if curve.num_members <= 8 else 0.15,
        "line": {"color": colour, "width": 1}, "hoverinfo": "skip",
    }  # fmt: skip
    return [faint, mean]


def _dash(code: int) -> str:
    return ("solid", "dash", "dot", "dashdot")[code // len(palette.CLASSES) % 4]


def _doubt_trace(curve: Curve, column: str) -> dict[str, Any]:
    name, colour, dash = DOUBTS[column]
    return {
        "type": "scatter", "mode": "lines", "name": name, "x": curve.amounts,
        "y": curve.measures[column], "yaxis": "y3", "line": {"color": colour, "dash": dash},
        "hovertemplate": f"{name}: %{{y:.3f}} nats<extra></extra>", "legend": "legend2",
    }  # fmt: skip


def _far_trace(curve: Curve) -> dict[str, Any]:
    measure = BY_COLUMN["atypicality"]
    return {
        "type": "scatter", "mode": "lines", "name": measure.title.lower(), "x": curve.amounts,
        "y": curve.measures["atypicality"], "yaxis": "y4", "legend": "legend2",
        "line": {"color": palette.SHADOW, "dash": "dot"},
        "hovertemplate": f"{measure.title.lower()}: %{{y:.3f}}<extra></extra>",
    }  # fmt: skip


def _layout(curve: Curve, knows_far: bool) -> dict[str, Any]:
    """Four bands over one axis: pictures, probabilities, doubts, atypicality where it is known."""
    bottoms = [0.9, 0.44, 0.2, 0.0] if knows_far else [0.9, 0.32, 0.0]
    tops = [1.0, *(bottom - NARROW_GAP for bottom in bottoms[:-1])]
    titles = ("", "probability", "nats", "atypicality")
    axes = {
        f"yaxis{number or ''}".replace("yaxis0", "yaxis"): {
            "domain": [bottom, top], "title": {"text": title}, "fixedrange": True,
            "zeroline": False, "rangemode": "tozero",
        }
        for number, bottom, top, title in zip(
            ("", 2, 3, 4), bottoms, tops, titles, strict=False
        )
    }  # fmt: skip
    axes["yaxis"] |= {"visible": False, "range": [0, 1]}
    axes["yaxis2"]["range"] = [-0.03, 1.03]
    axes["yaxis2"]["tickformat"] = ".0%"
    if knows_far:
        axes["yaxis4"]["range"] = [-0.05, 1.05]
    lowest = {1: "y4", 0: "y3"}[knows_far]
    half = _spacing(curve) / 2
    title = curve.way.title + (f" ({curve.way.unit})" if curve.way.unit else "")
    legend = {"orientation": "h", "x": 1, "xanchor": "right", "bgcolor": "rgba(0, 0, 0, 0)"}
    return axes | {
        "height": HEIGHT,
        "margin": {"l": 8, "r": 8, "t": 30, "b": 8},
        "hovermode": "x unified",
        "legend": legend | {"y": 1.0, "yanchor": "bottom"},
        "legend2": legend | {"y": tops[2] + 0.025, "yanchor": "top"},
        "xaxis": {
            "title": {"text": title},
            "anchor": lowest,
            "range": [curve.amounts[0] - half, curve.amounts[-1] + half],
            "tickformat": ".0%" if curve.way.unit == "% of the side" else "",
            "fixedrange": True,
            "zeroline": False,
        },
    }


_VEIL = "rgba(127, 127, 127, 0.12)"


def _spacing(curve: Curve) -> float:
    """Between the middles of two pictures, in the axis' unit."""
    steps = pictured(len(curve.amounts))
    return float(np.ptp(curve.amounts) / max(len(steps) - 1, 1))


def _strip(curve: Curve, source: str) -> dict[str, Any]:
    """All pictures as one, stretched along the axis so that each lies over its step."""
    spacing = _spacing(curve)
    return {
        "source": source, "xref": "x", "yref": "y", "sizing": "stretch", "layer": "above",
        "x": curve.amounts[0] - spacing / 2, "y": 1, "sizey": 1,
        "sizex": np.ptp(curve.amounts) + spacing, "xanchor": "left", "yanchor": "top",
    }  # fmt: skip


def _marks(
    curve: Curve, class_names: tuple[str, ...]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A line wherever the answer changes, and between two of them what it is."""
    places = [
        (curve.amounts[change.step - 1] + curve.amounts[change.step]) / 2
        for change in curve.changes()
    ]
    shapes = [
        {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 0.87, "yref": "paper",
         "line": {"color": palette.UNKNOWN, "width": 1, "dash": "dot"}}
        for x in places
    ]  # fmt: skip
    edges = [curve.amounts[0], *places, curve.amounts[-1]]
    names = [curve.answers[0], *(change.after for change in curve.changes())]
    wide = np.ptp(curve.amounts) / 25
    notes = [
        {"x": (left + right) / 2, "y": 0.985, "yref": "y2", "showarrow": False,
         "text": f"<b>{cut(class_names[code], 8)}</b>", "bgcolor": _VEIL,
         "font": {"color": palette.class_colour(int(code))}}
        for (left, right), code in zip(pairwise(edges), names, strict=True)
        if right - left >= wide
    ]  # fmt: skip
    return shapes, notes
