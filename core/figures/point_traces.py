"""The points of a scatter: a trace per group of items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from core.figures import palette
from core.figures.positions import CLASSES, FLOOR, Positions
from core.measures.register import BY_COLUMN
from core.measures.score_arrays import UNKNOWN
from core.measures.selection import Selection
from core.study.dataset import UNLABELLED

MOST_COLOURS, NUM_COLOURS = 12, 10
"""Up to so many classes each has its colour; of more, so many have one."""
MOST_LARGE = 1_000
"""Mistakes that are drawn large; of more, the outlines would hide the points below them."""
NO_LABEL = "no label"
Group = tuple[str, np.ndarray, str, str]
"""Name, which rows, colour and symbol."""


def point_traces(
    selection: Selection,
    rows: np.ndarray,
    places: Positions,
    colour: str,
    class_names: tuple[str, ...],
) -> list[dict[str, Any]]:
    """Some rows as points; `customdata` is the row's number.

    Args:
        selection: The rows that are looked at: they say which classes have a colour.
        rows: Those of them that are drawn, int (n,), the last on top.
        places: Where all items of the table lie.
        colour: `label`, `prediction`, `correct` or the column of a measure.
        class_names: The K names.
    """
    x, y, arrays = places.x[rows], places.y[rows], selection.arrays
    if colour in BY_COLUMN:
        ends = _range(selection, colour) if len(rows) < len(selection) else {}
        return [_measured_trace(arrays[colour][rows], x, y, rows, colour, ends)]
    if colour in CLASSES:
        groups = _class_groups(selection, rows, colour, class_names)
    else:
        groups = _right_or_wrong(arrays.correct[rows])
    return list(_grouped_traces(groups, x, y, rows))


def _grouped_traces(
    groups: list[Group], x: np.ndarray, y: np.ndarray, rows: np.ndarray
) -> Iterator[dict[str, Any]]:
    """A trace per group: a small message, and a legend that hides and shows groups."""
    for name, chosen, shade, symbol in groups:
        if chosen.any():
            large = shade == palette.WRONG and chosen.sum() <= MOST_LARGE
            look = _MISTAKE if large else _MARKER
            marker = {"color": shade, "symbol": symbol} | look
            yield _trace(x[chosen], y[chosen], rows[chosen], f"{name} ({chosen.sum():,})", marker)


def _right_or_wrong(correct: np.ndarray) -> list[Group]:
    return [
        ("right", correct == 1, palette.CORRECT, "circle"),
        ("wrong", correct == 0, palette.WRONG, "x"),
        (NO_LABEL, correct == UNKNOWN, palette.UNKNOWN, "diamond"),
    ]


def _class_groups(
    selection: Selection, rows: np.ndarray, colour: str, class_names: tuple[str, ...]
) -> list[Group]:
    """Each class shown by itself, and the others together."""
    codes = selection.arrays.codes(colour)[rows]
    shown = classes_shown(selection, colour, len(class_names))
    groups = [
        (class_names[code], codes == code, palette.class_colour(i), palette.class_symbol(i))
        for i, code in enumerate(shown)
    ]
    unknown = codes == UNLABELLED
    if len(shown) < len(class_names):
        others = ~np.isin(codes, shown) & ~unknown
        groups.insert(0, ("other classes", others, palette.UNKNOWN, "circle"))
    return [(NO_LABEL, unknown, palette.UNKNOWN, "circle-open"), *groups]


def classes_shown(selection: Selection, colour: str, num_classes: int) -> list[int]:
    """The classes that get a colour of their own: all up to 12, else those most often confused.

    Of many classes the ten with the most mistakes, as label or as prediction; where there are
    fewer with any, the most frequent ones follow.
    """
    if num_classes <= MOST_COLOURS:
        return list(range(num_classes))
    arrays, wrong = selection.arrays, selection.mistakes()
    counts = _counts(selection.of(arrays.codes(colour)), num_classes)
    mistakes = sum(_counts(arrays.codes(name)[wrong], num_classes) for name in sorted(CLASSES))
    order = np.lexsort((-counts, -np.asarray(mistakes)))
    return sorted(int(code) for code in order[:NUM_COLOURS])


def _counts(codes: np.ndarray, num_classes: int) -> np.ndarray:
    return np.bincount(codes[codes != UNLABELLED], minlength=num_classes)


def _range(selection: Selection, column: str) -> dict[str, float]:
    """The ends of the colours, so that they mean the same in every window."""
    values = selection.of(selection.arrays[column])
    ends = np.array([np.nanmin(values), np.nanmax(values)])
    low, high = np.log10(np.maximum(ends, FLOOR)) if BY_COLUMN[column].log_axis else ends
    return {"cmin": float(low), "cmax": float(high)}


def _measured_trace(
    values: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    rows: np.ndarray,
    colour: str,
    ends: dict[str, float],
) -> dict[str, Any]:
    measure = BY_COLUMN[colour]
    values, title = values.astype(np.float32, copy=False), measure.label
    if measure.log_axis:
        values, title = np.log10(np.maximum(values, FLOOR)), f"log10 of {title}"
    marker = {
        "color": values,
        "colorscale": palette.scale(measure.unsure_is_high),
        "showscale": True,
        "colorbar": {"title": {"text": title, "side": "right"}, "thickness": 12},
    }
    return _trace(x, y, rows, "", marker | ends | _MARKER)


def _trace(
    x: np.ndarray, y: np.ndarray, rows: np.ndarray, name: str, marker: dict[str, Any]
) -> dict[str, Any]:
    return {
        "type": "scattergl",
        "x": x,
        "y": y,
        "customdata": rows,
        "name": name,
        "mode": "markers",
        "marker": marker,
        "hoverinfo": "none",  # the event still fires: the item itself is shown beside the cursor
        "showlegend": bool(name),
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 0.25}},
    }


_MARKER = {"size": 5, "opacity": 0.65}
_MISTAKE = {"size": 9, "opacity": 0.95, "line": {"color": "#ffffff", "width": 1}}
