"""The scatter: every point an item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures import palette
from core.figures.some_classes import cut
from core.measures.register import BY_COLUMN
from core.study.dataset import UNLABELLED, Noun

JITTER = 0.36  # of the distance between two classes
MOST_COLOURS, NUM_COLOURS = 12, 10
"""Up to so many classes each has its colour; of more, so many have one."""
MOST_TICKS, MOST_LETTERS = 40, 20
NO_LABEL = "no label"
FLOOR = 1e-12  # a logarithmic axis ends here, far below what float32 logits can tell apart


@dataclass(frozen=True)
class View:
    """What the axes show.

    Attributes:
        x, y: Columns; `label` is spread a little so that its points lie beside each other.
        log_x, log_y: Logarithmic axes, for columns that are nowhere negative.
    """

    x: str
    y: str
    log_x: bool = False
    log_y: bool = False


def scatter_figure(
    table: pd.DataFrame, view: View, colour: str, class_names: tuple[str, ...]
) -> go.Figure:
    """One point a row of the table; `customdata` is the row's number.

    Args:
        table: A score table, already filtered; without rows the figure is empty.
        view: The axes.
        colour: `label`, `prediction`, `correct` or the column of a measure.
        class_names: The K names.
    """
    ordered = table.sort_values("confidence", ascending=False)  # the unsure ones end on top
    x, y = _positions(ordered, view.x, view.log_x), _positions(ordered, view.y, view.log_y)
    if colour in BY_COLUMN:
        traces = [_measured_trace(ordered, x, y, colour)]
    else:
        traces = list(_grouped_traces(ordered, x, y, colour, class_names))
    layout = _LAYOUT | {
        "xaxis": _axis(table, view.x, view.log_x, class_names),
        "yaxis": _axis(table, view.y, view.log_y, class_names),
        "legend": _LEGEND | {"title": {"text": f"{_title(colour)} "}},
    }
    return go.Figure(traces, layout)  # all at once: each update would check all of it again


def describe_scatter(table: pd.DataFrame, view: View, colour: str, noun: Noun) -> str:
    """The figure in a sentence or two, for who cannot see it."""
    if table.empty:
        return f"An empty scatter: no {noun.one} meets the filter."
    middle = [
        f"{_title(name)} has its middle at {table[name].median():.3g}"
        for name in (view.x, view.y)
        if name in BY_COLUMN
    ]
    text = f"Scatter of {noun.counted(len(table))}, {_title(view.x)} against {_title(view.y)}"
    return f"{text}, coloured by {_title(colour)}. {'; '.join(middle)}".rstrip(". ") + "."


def _positions(table: pd.DataFrame, column: str, logarithmic: bool) -> np.ndarray:
    """Where the points lie on an axis: float32 (N,)."""
    values = table[column].to_numpy(np.float32, na_value=np.nan)
    if column in {"label", "prediction"}:
        values = np.where(np.isnan(values), np.float32(UNLABELLED), values)
        # By its index, so that a point stays where it is under every filter.
        spread = (table.index.to_numpy(np.int64) * 2_654_435_761 % 2**32) / 2**32 - 0.5
        values = values + (2 * JITTER * spread).astype(np.float32)
    return np.maximum(values, FLOOR) if logarithmic else values


def _grouped_traces(
    table: pd.DataFrame, x: np.ndarray, y: np.ndarray, colour: str, class_names: tuple[str, ...]
):
    """A trace a group: a small message, and a legend that hides and shows groups."""
    if colour == "correct":
        right = table["correct"].astype("float").to_numpy(na_value=np.nan)
        groups = [
            ("right", right == 1, palette.CORRECT, "circle"),
            ("wrong", right == 0, palette.WRONG, "x"),
            (NO_LABEL, np.isnan(right), palette.UNKNOWN, "diamond"),
        ]
    else:
        groups = _class_groups(table, colour, class_names)
    index = table.index.to_numpy()
    for name, chosen, shade, symbol in groups:
        if chosen.any():
            marker = {"color": shade, "symbol": symbol} | _MARKER
            yield _trace(x[chosen], y[chosen], index[chosen], f"{name} ({chosen.sum():,})", marker)


def _class_groups(
    table: pd.DataFrame, colour: str, class_names: tuple[str, ...]
) -> list[tuple[str, np.ndarray, str, str]]:
    """Name, rows, colour and symbol of each class shown by itself, and of the others together."""
    codes = table[colour].to_numpy(np.float32, na_value=np.nan)
    shown = classes_shown(table, colour, len(class_names))
    groups = [
        (class_names[code], codes == code, palette.class_colour(i), palette.class_symbol(i))
        for i, code in enumerate(shown)
    ]
    unknown = np.isnan(codes)
    if len(shown) < len(class_names):
        others = ~np.isin(codes, shown) & ~unknown
        groups.insert(0, ("other classes", others, palette.UNKNOWN, "circle"))
    return [(NO_LABEL, unknown, palette.UNKNOWN, "circle-open"), *groups]


def classes_shown(table: pd.DataFrame, colour: str, num_classes: int) -> list[int]:
    """The classes that get a colour of their own: all up to 12, else those most often confused.

    Of many classes the ten with the most mistakes, as label or as prediction; where there are
    fewer with any, the most frequent ones follow.
    """
    if num_classes <= MOST_COLOURS:
        return list(range(num_classes))
    wrong = table[(table["correct"] == False).fillna(False)]  # noqa: E712  three-valued
    counts = np.bincount(table[colour].dropna().astype(np.int64), minlength=num_classes)
    mistakes = sum(
        np.bincount(wrong[name].dropna().astype(np.int64), minlength=num_classes)
        for name in ("label", "prediction")
        if name in wrong
    )
    order = np.lexsort((-counts, -np.asarray(mistakes)))
    return sorted(int(code) for code in order[:NUM_COLOURS])


def _measured_trace(table: pd.DataFrame, x: np.ndarray, y: np.ndarray, colour: str) -> dict:
    measure = BY_COLUMN[colour]
    values = table[colour].to_numpy(np.float32)
    title = measure.label
    if measure.log_axis:
        values, title = np.log10(np.maximum(values, FLOOR)), f"log10 of {title}"
    marker = {
        "color": values,
        "colorscale": palette.SCALE,
        "showscale": True,
        "colorbar": {"title": {"text": title, "side": "right"}, "thickness": 12},
    }
    return _trace(x, y, table.index.to_numpy(), "", marker | _MARKER)


def _trace(x: np.ndarray, y: np.ndarray, index: np.ndarray, name: str, marker: dict) -> dict:
    return {
        "type": "scattergl",
        "x": x,
        "y": y,
        "customdata": index,
        "name": name,
        "mode": "markers",
        "marker": marker,
        "hoverinfo": "none",  # the event still fires: the item itself is shown beside the cursor
        "showlegend": bool(name),
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 0.25}},
    }


_MARKER = {"size": 5, "opacity": 0.65}
_LAYOUT = {
    "dragmode": "pan",
    "height": 680,
    "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
    "hovermode": "closest",
}
_LEGEND = {"itemsizing": "constant", "orientation": "h", "yanchor": "bottom", "y": 1.01}


def _axis(
    table: pd.DataFrame, column: str, logarithmic: bool, class_names: tuple[str, ...]
) -> dict:
    if column in {"label", "prediction"}:
        ticks = _class_ticks(class_names, bool(table[column].isna().any()))
        return {"title": {"text": f"{_title(column)} (jittered)"}, "zeroline": False} | ticks
    if column.startswith("map_"):
        return {"title": {"text": _title(column)}, "showticklabels": False, "zeroline": False}
    scale = {"type": "log", "exponentformat": "power"} if logarithmic else {}
    return {"title": {"text": _title(column)}, "zeroline": False} | scale


def _class_ticks(class_names: tuple[str, ...], some_unknown: bool) -> dict:
    """A tick a class, or as many as an axis has room for; long names are cut."""
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
