"""Which part of a picture makes a model unsure: maps over the picture itself."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.measures.register import BY_COLUMN
from core.stress.occlusion import OcclusionMap

SHOWN = ("answer", "expected_entropy", "mutual_information", "predictive_entropy", "atypicality")
DOUBLE = {"expected_entropy", "mutual_information"}
"""What says nothing of one network alone."""
HEIGHT = 300


def maps_of(found: OcclusionMap, num_members: int) -> list[str]:
    """The measures that get a map: the answer's probability, then what the model knows."""
    parts = [name for name in SHOWN if name in found.after]
    return [
        name
        for name in parts
        if (num_members > 1 or name not in DOUBLE)
        and (num_members == 1 or name != "predictive_entropy")
    ]


def occlusion_figure(
    found: OcclusionMap, names: list[str], class_names: tuple[str, ...], picture: str
) -> go.Figure:
    """One map a measure: its change where that part of the picture is covered.

    Args:
        found: What the model says with each part covered.
        names: Of `maps_of`.
        class_names: The K names as a figure takes them.
        picture: Its address; it lies under each map.
    """
    titles = [title_of(name, class_names[found.answer]) for name in names]
    figure = make_subplots(1, len(names), subplot_titles=titles, horizontal_spacing=0.05)
    height, width = found.rows[-1] + 1, found.columns[-1] + 1
    for number, name in enumerate(names, 1):
        change = found.after[name] - found.before[name]
        most = max(float(np.abs(change).max()), 1e-6)
        figure.add_trace(
            go.Heatmap(
                x=found.columns, y=found.rows, z=change, zmin=-most, zmax=most, opacity=0.62,
                colorscale="PuOr_r", zsmooth="best", showscale=False,
                hovertemplate=f"covered here: %{{z:+.3f}}<extra>{titles[number - 1]}</extra>",
            ),
            row=1, col=number,
        )  # fmt: skip
        figure.add_layout_image(
            source=picture, xref=f"x{number}" if number > 1 else "x",
            yref=f"y{number}" if number > 1 else "y", x=-0.5, y=-0.5, sizex=width, sizey=height,
            sizing="stretch", layer="below", yanchor="top", xanchor="left",
        )  # fmt: skip
    figure.update_xaxes(visible=False, range=[-0.5, width - 0.5], fixedrange=True)
    figure.update_yaxes(visible=False, range=[height - 0.5, -0.5], fixedrange=True)
    figure.update_layout(height=HEIGHT, margin={"l": 8, "r": 8, "t": 36, "b": 8})
    return figure


def title_of(name: str, answer: str) -> str:
    """What a person reads above a map."""
    return f"probability of {answer}" if name == "answer" else BY_COLUMN[name].title.lower()


def describe_map(found: OcclusionMap, names: list[str], class_names: tuple[str, ...]) -> str:
    """Where covering changes each measure most, in words."""
    parts = []
    for name in names:
        change = found.after[name] - found.before[name]
        row, column = np.unravel_index(int(np.abs(change).argmax()), change.shape)
        place = _place(row / (len(found.rows) - 1), column / (len(found.columns) - 1))
        title = title_of(name, class_names[found.answer])
        parts.append(f"{title} most {place} ({change[row, column]:+.3f})".replace("-", "−"))
    return f"Covering a part changes {'; '.join(parts)}."


def _place(down: float, right: float) -> str:
    rows = "at the top" if down < 1 / 3 else "at the bottom" if down > 2 / 3 else "in the middle"
    side = "left" if right < 1 / 3 else "right" if right > 2 / 3 else ""
    return f"{rows} {side}".strip()
