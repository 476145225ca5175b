"""The scatter: every point an item, and of many items a density under those that matter most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.figures.picture_trace import picture_trace
from core.figures.point_traces import NO_LABEL, point_traces
from core.figures.positions import CLASSES, Positions, View, positions
from core.figures.shared_figure import SharedFigure
from core.figures.some_classes import cut
from core.figures.window import MOST_IN_FULL, MOST_IN_WINDOW, Density, Seen, Window, look
from core.measures.register import BY_COLUMN
from core.measures.selection import Selection
from core.study.dataset import UNLABELLED, Noun

MOST_TICKS, MOST_LETTERS = 40, 20
NO_TITLES: Mapping[str, str] = {}
HEIGHT = 560


class Scatter(NamedTuple):
    """A figure, and what of the items it shows."""

    figure: go.Figure
    seen: Seen


def scatter_figure(
    selection: Selection,
    view: View,
    colour: str,
    class_names: tuple[str, ...],
    places: Positions | None = None,
    pictured: bool = False,
    titles: Mapping[str, str] = NO_TITLES,
) -> Scatter:
    """One point per item, `customdata` its row; of more than 50,000 most are a density.

    Args:
        selection: The items; without any the figure is empty.
        view: The axes.
        colour: `label`, `prediction`, `correct` or the column of a measure.
        class_names: The K names.
        places: Where all items of the table lie, if that is known already.
        pictured: Whether the least sure items are to be shown as pictures.
        titles: Column -> what its axis says in place of the register's title and unit.
    """
    places = positions(selection.arrays, view) if places is None else places
    most = MOST_IN_FULL if len(selection) <= MOST_IN_FULL else MOST_IN_WINDOW
    seen = look(selection, places, (view.log_x, view.log_y), most=most)
    layout = _LAYOUT | {
        "xaxis": _axis(selection, view.x, view.log_x, class_names, titles),
        "yaxis": _axis(selection, view.y, view.log_y, class_names, titles),
        "legend": _LEGEND | {"title": {"text": f"{_title(colour)} "}},
    }
    traces = _traces(selection, seen, places, colour, class_names, pictured)
    # All at once: each update would check all of it again.
    return Scatter(SharedFigure(traces, layout), seen)


def window_figure(
    selection: Selection,
    view: View,
    colour: str,
    class_names: tuple[str, ...],
    places: Positions,
    window: Window | None,
    page: int = 0,
    pictured: bool = False,
) -> Scatter:
    """What one window of `scatter_figure` shows of many items, without a layout.

    Args:
        selection: As there, and so `view`, `colour`, `class_names` and `places`.
        view: The axes.
        colour: What the colours say.
        class_names: The K names.
        places: Where all items of the table lie.
        window: None: all there is.
        page: Which share of the items is drawn one by one, see `core.figures.window.look`.
        pictured: As there.
    """
    seen = look(selection, places, (view.log_x, view.log_y), window, page)
    traces = _traces(selection, seen, places, colour, class_names, pictured)
    return Scatter(go.Figure(traces), seen)


def describe_scatter(
    selection: Selection,
    view: View,
    colour: str,
    noun: Noun,
    titles: Mapping[str, str] = NO_TITLES,
) -> str:
    """The figure in a sentence or two, for who cannot see it; `titles` as there."""
    x, y, shade = (titles.get(name) or _title(name) for name in (view.x, view.y, colour))
    if not len(selection):
        return f"An empty scatter: no {noun.one} meets the filter."
    middle = [
        f"{title} has its middle at {selection.median(name):.3g}"
        for name, title in ((view.x, x), (view.y, y))
        if name in BY_COLUMN
    ]
    text = f"Scatter of {noun.counted(len(selection))}, {x} against {y}"
    return f"{text}, coloured by {shade}. {'; '.join(middle)}".rstrip(". ") + "."


def describe_seen(seen: Seen, noun: Noun) -> str:
    """How many are points, which, and how many are density; empty where all are points."""
    sentences = []
    if seen.density is not None:
        drawn, others = len(seen.drawn), seen.num_inside - len(seen.drawn)
        sentences = [
            f"{drawn:,} of {noun.counted(seen.num_inside)} are drawn as points, {_which(seen)}.",
            f"The other {others:,} are shown as density: zoom in until every one is a point.",
        ]
    if seen.unplaced:
        be = "has" if seen.unplaced == 1 else "have"
        sentences.append(f"{noun.counted(seen.unplaced)} {be} no value on these axes.")
    return " ".join(sentences)


def _which(seen: Seen) -> str:
    if seen.page:
        return f"share {seen.page + 1:,} of {seen.num_pages:,}, the less sure first"
    if not seen.num_mistakes:
        return "the least sure ones"
    return (
        "the surest mistakes and the least sure ones"
        f" ({seen.mistakes_drawn:,} of {seen.num_mistakes:,} mistakes)"
    )


def _traces(
    selection: Selection,
    seen: Seen,
    places: Positions,
    colour: str,
    class_names: tuple[str, ...],
    pictured: bool,
) -> list[dict[str, Any]]:
    points = point_traces(selection, seen.drawn, places, colour, class_names)
    if pictured and len(seen.drawn):
        points.append(picture_trace(seen.drawn, selection.arrays, places))
    if seen.density is None:
        return points
    return [_density_trace(seen.density), *points]


def _density_trace(density: Density) -> dict[str, Any]:
    counts = density.counts
    levels = np.full(counts.shape, np.nan, np.float32)  # an empty cell has no colour
    np.log10(counts, out=levels, where=counts > 0, casting="same_kind")
    most = int(counts.max(initial=1))
    return {
        "type": "heatmap",
        "x": density.x_edges,
        "y": density.y_edges,
        "z": levels,
        "zmin": 0,
        "zmax": max(float(np.log10(most)), 1.0),
        "colorscale": palette.DENSITY,
        "showscale": False,
        "showlegend": True,
        "name": f"density ({int(counts.sum()):,})",
        "hoverinfo": "none",  # the event still fires: the count is shown beside the cursor
        "hoverongaps": False,
    }


_LAYOUT = {
    "dragmode": "pan",
    "height": HEIGHT,
    "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
    "hovermode": "closest",
}
_LEGEND = {"itemsizing": "constant", "orientation": "h", "yanchor": "bottom", "y": 1.01}


def _axis(
    selection: Selection,
    column: str,
    logarithmic: bool,
    class_names: tuple[str, ...],
    titles: Mapping[str, str],
) -> dict[str, Any]:
    if column in CLASSES:
        unknown = selection.of(selection.arrays.codes(column)) == UNLABELLED
        ticks = _class_ticks(class_names, bool(unknown.any()))
        return {"title": {"text": f"{_title(column)} (jittered)"}, "zeroline": False} | ticks
    if column.startswith("map_"):
        return {"title": {"text": _title(column)}, "showticklabels": False, "zeroline": False}
    scale = {"type": "log", "exponentformat": "power"} if logarithmic else {}
    return {"title": {"text": titles.get(column) or _title(column)}, "zeroline": False} | scale


def _class_ticks(class_names: tuple[str, ...], some_unknown: bool) -> dict[str, Any]:
    """A tick per class, or as many as an axis has room for; long names are cut."""
    step = -(-len(class_names) // MOST_TICKS)
    names = [cut(name, MOST_LETTERS) for name in class_names[::step]]
    places = list(range(0, len(class_names), step))
    if some_unknown:
        names, places = [NO_LABEL, *names], [UNLABELLED, *places]
    return {"tickvals": places, "ticktext": names}


def _title(column: str) -> str:
    titles = {
        "label": "True label",
        "prediction": "Predicted class",
        "correct": "Correctness",
        "map_x": "Map, first direction (no unit)",
        "map_y": "Map, second direction (no unit)",
    }
    return BY_COLUMN[column].label if column in BY_COLUMN else titles[column]
