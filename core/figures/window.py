"""What of many items a scatter draws one by one, and what it shows as density.

In each window of the axes the same holds: every item that has a place there is drawn or counted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.figures.positions import Positions
from core.measures.score_arrays import ScoreArrays
from core.measures.selection import Selection

MOST_IN_FULL = 50_000
"""Up to so many items a scatter draws them all at once; of more it shows a density."""
MOST_IN_WINDOW = 20_000
"""Up to so many items a window shows without a density: as many as a browser redraws at once."""
MOST_OVER_DENSITY = 10_000
"""Items that are drawn one by one over a density, at most half of them the surest mistakes."""
NUM_BINS = (240, 160)
"""Cells of a density, across and up."""


class Window(NamedTuple):
    """A part of the axes, in their values: x0 <= x1 and y0 <= y1."""

    x0: float
    x1: float
    y0: float
    y1: float


class Density(NamedTuple):
    """How many of the items that are not drawn lie in each cell.

    Attributes:
        counts: int64 (rows, columns), upwards and to the right.
        x_edges, y_edges: float64 (columns + 1,) and (rows + 1,), in the values of the axes.
    """

    counts: np.ndarray
    x_edges: np.ndarray
    y_edges: np.ndarray


class Seen(NamedTuple):
    """What a window shows.

    Attributes:
        drawn: Rows of the items drawn one by one, int (n,), the surest first, so that the unsure
            ones end on top.
        density: Of the others; None where all are drawn.
        num_inside: Items with a place in the window.
        num_mistakes, mistakes_drawn: Those among them whose label is known and not predicted.
        unplaced: Items without a value on an axis, which lie nowhere; 0 for a part of the axes.
        page, num_pages: Which share of the items is drawn, from 0, and how many there are: each
            item is drawn in one of them.
    """

    drawn: np.ndarray
    density: Density | None
    num_inside: int
    num_mistakes: int
    mistakes_drawn: int
    unplaced: int
    page: int
    num_pages: int


def whole_window(selection: Selection, places: Positions, log: tuple[bool, bool]) -> Window:
    """The smallest window that holds all of the selection's items, a little wider than they lie."""
    return Window(*_ends(selection.of(places.x), log[0]), *_ends(selection.of(places.y), log[1]))


def look(
    selection: Selection,
    places: Positions,
    log: tuple[bool, bool],
    window: Window | None = None,
    page: int = 0,
    most: int = MOST_IN_WINDOW,
    most_over: int = MOST_OVER_DENSITY,
) -> Seen:
    """What a window of a scatter shows.

    Args:
        selection: The items.
        places: Where all items of the table lie.
        log: Whether each axis, across and up, is logarithmic: its cells are equally wide on it.
        window: None: all there is.
        page: Which share of the items is drawn over a density; beyond the last it is the last.
        most: Items that are drawn without a density.
        most_over: Items in a share.
    """
    inside = _rows_inside(selection, places, window)
    arrays, doubt = selection.arrays, selection.arrays.place("confidence")
    mistakes = inside[arrays.correct[inside] == 0]
    if len(inside) <= most:
        drawn, page, num_pages = inside, 0, 1
    else:
        num_pages = -(-len(inside) // most_over)
        page = min(max(page, 0), num_pages - 1)
        drawn = _share(inside, mistakes, arrays, page, most_over)
    drawn = drawn[np.argsort(-doubt[drawn], kind="stable")]
    density = None
    if len(drawn) < len(inside):
        frame = window or whole_window(selection, places, log)
        density = _others(places, inside, drawn, frame, log)
    counted = (len(inside), len(mistakes), int(np.count_nonzero(arrays.correct[drawn] == 0)))
    unplaced = 0 if window else len(selection) - len(inside)
    return Seen(drawn, density, *counted, unplaced, page, num_pages)


def bin_points(x: np.ndarray, y: np.ndarray, window: Window, log: tuple[bool, bool]) -> Density:
    """How many of some points, all of them inside a window, lie in each of its cells."""
    across, up = NUM_BINS
    i = _bins(x, window.x0, window.x1, across, log[0])
    j = _bins(y, window.y0, window.y1, up, log[1])
    counts = np.bincount(j * across + i, minlength=across * up).reshape(up, across)
    edges_x = _edges(window.x0, window.x1, across, log[0])
    return Density(counts, edges_x, _edges(window.y0, window.y1, up, log[1]))


def _rows_inside(selection: Selection, places: Positions, window: Window | None) -> np.ndarray:
    x, y = selection.of(places.x), selection.of(places.y)
    if window is None:
        keep = np.isfinite(x) & np.isfinite(y)
    else:
        keep = (x >= window.x0) & (x <= window.x1) & (y >= window.y0) & (y <= window.y1)
    return selection.rows[keep]


def _others(
    places: Positions, inside: np.ndarray, drawn: np.ndarray, frame: Window, log: tuple[bool, bool]
) -> Density:
    """The density of those inside that are not drawn: of all, less the few that are."""
    found, less = (
        bin_points(places.x[rows], places.y[rows], frame, log) for rows in (inside, drawn)
    )
    return found._replace(counts=found.counts - less.counts)


def _share(
    inside: np.ndarray, mistakes: np.ndarray, arrays: ScoreArrays, page: int, most: int
) -> np.ndarray:
    """The rows of the items that are drawn, int (most,) or fewer.

    First the surest mistakes and the least sure items, then the others, the least sure first.

    Args:
        inside: The rows of all items, more than `most`.
        mistakes: Those of the mistakes among them.
        arrays: The table.
        page: Which share.
        most: Items in one.
    """
    surest = -arrays.place("confidence")[mistakes]
    first = mistakes[_smallest(surest, most // 2)]
    waiting = np.zeros(len(arrays), bool)
    waiting[inside] = True
    waiting[first] = False
    order, left = arrays.order("confidence"), most - len(first)
    if page == 0:
        return np.concatenate([first, _first_waiting(order, waiting, left)])
    start = left + (page - 1) * most
    return order[waiting[order]][start : start + most]


def _first_waiting(order: np.ndarray, waiting: np.ndarray, count: int) -> np.ndarray:
    """The first rows of an order that wait, without looking at more of it than need be."""
    found: list[np.ndarray] = []
    for start in range(0, len(order), size := max(4 * count, 1 << 16)):
        if count <= 0:
            break
        rows = order[start : start + size]
        found.append(rows[waiting[rows]][:count])
        count -= len(found[-1])
    return np.concatenate(found) if found else order[:0]


def _smallest(values: np.ndarray, count: int) -> np.ndarray:
    """The positions of the smallest values, in no order."""
    if count >= len(values):
        return np.arange(len(values))
    return np.argpartition(values, count)[:count] if count > 0 else np.zeros(0, np.int64)


def _ends(values: np.ndarray, logarithmic: bool) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not len(known):
        return (1.0, 10.0) if logarithmic else (0.0, 1.0)
    low, high = float(known.min()), float(known.max())
    if logarithmic:
        room = max(high / low, 1.0001) ** 0.01
        return low / room, high * room
    room = 0.01 * (high - low) or max(abs(high), 1.0) * 1e-4
    return low - room, high + room


def _bins(values: np.ndarray, low: float, high: float, count: int, logarithmic: bool) -> np.ndarray:
    """The cell of each value, 0 to count - 1: int32 (n,)."""
    if logarithmic:
        values, low, high = np.log10(values), np.log10(low), np.log10(high)
    if not high > low:
        return np.zeros(len(values), np.int32)
    # In a narrow window 32 bits would shift the cells; in a wide one they take half the time.
    wide = high - low > 1e-3 * max(abs(low), abs(high))
    shift, scale = np.array([low, count / (high - low)], np.float32 if wide else np.float64)
    scaled = (values - shift) * scale
    return np.clip(scaled, 0, count - 1, out=scaled).astype(np.int32)


def _edges(low: float, high: float, count: int, logarithmic: bool) -> np.ndarray:
    if logarithmic:
        return np.logspace(np.log10(low), np.log10(high), count + 1)
    return np.linspace(low, high, count + 1)
