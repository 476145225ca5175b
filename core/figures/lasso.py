"""Which items lie inside what was drawn around them, whether they are drawn themselves or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.figures.positions import Positions
from core.measures.selection import Selection

Outline = tuple[Sequence[float], Sequence[float]]
"""The corners of a polygon, in the values of the axes: x, y. Its last corner joins its first."""


def inside_outlines(
    selection: Selection,
    places: Positions,
    outlines: Sequence[Outline],
    log: tuple[bool, bool] = (False, False),
) -> Selection:
    """The items inside any of some outlines.

    Args:
        selection: The items that are looked at.
        places: Where all items of the table lie.
        outlines: Of at least three corners; others hold nothing.
        log: Whether each axis, across and up, is logarithmic: its lines are straight on it.
    """
    x, y = selection.of(places.x), selection.of(places.y)
    keep = np.zeros(len(selection), bool)
    for outline in outlines:
        corners = [np.asarray(ends, np.float64) for ends in outline]
        corners = [_straight(ends, is_log) for ends, is_log in zip(corners, log, strict=True)]
        if len(corners[0]) >= 3 and all(np.isfinite(ends).all() for ends in corners):
            near = _near(x, y, *outline)
            px, py = (_straight(v[near], is_log) for v, is_log in zip((x, y), log, strict=True))
            keep[near[_inside(px, py, *corners)]] = True
    return selection.only(keep)


def box(x: Sequence[float], y: Sequence[float]) -> Outline:
    """The outline of a box, given by two opposite corners."""
    return [x[0], x[1], x[1], x[0]], [y[0], y[0], y[1], y[1]]


def _straight(values: np.ndarray, logarithmic: bool) -> np.ndarray:
    if not logarithmic:
        return values
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.log10(values)


def _near(x: np.ndarray, y: np.ndarray, xs: Sequence[float], ys: Sequence[float]) -> np.ndarray:
    """The positions of the points inside an outline's frame."""
    framed = (x >= min(xs)) & (x <= max(xs)) & (y >= min(ys)) & (y <= max(ys))
    return np.flatnonzero(framed)


def _inside(x: np.ndarray, y: np.ndarray, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """Whether points (n,) lie inside a polygon: a ray from each to the left crosses it oddly often.

    With the points in the order of their height each side of the polygon concerns a run of them, so
    that a lasso of hundreds of corners costs little more than a box.
    """
    order = np.argsort(y, kind="stable")
    x, y = x[order], y[order]
    crossed = np.zeros(len(x), bool)
    for k in range(len(xs)):
        low, high = sorted(((ys[k - 1], xs[k - 1]), (ys[k], xs[k])))
        start, end = np.searchsorted(y, (low[0], high[0]), side="right")
        if start < end:
            share = (y[start:end] - low[0]) / (high[0] - low[0])
            crossed[start:end] ^= x[start:end] > low[1] + share * (high[1] - low[1])
    found = np.empty(len(x), bool)
    found[order] = crossed
    return found
