"""Strokes that lie apart and belong to one digit: a 5's bar, an open 4, a dotted line."""

from __future__ import annotations

import numpy as np

from core.pictures.pieces import Piece, gap, overlap, united

NEAR = 0.14
TOUCHING = 0.4
SMALL = 0.06
DOT = 0.15
LONE = 1.5
DOTS_APART = 1.5
AROUND = 0.3
STACKED = 0.5
TALLEST = 2.0
BROKEN = 1.3
MOST_NEAR = 12
MANY = 500
_ROWS_AT_ONCE = 500


def join(pieces: list[Piece], marks: np.ndarray, stroke: float) -> list[Piece]:
    """Unite pieces until no two belong to one digit; the tallest gathers its own first.

    Args:
        pieces: Of one picture.
        marks: The numbers of their pixels (h, w).
        stroke: The usual width of a stroke, in pixels.
    """
    ordered = sorted(pieces, key=lambda piece: -piece.height)
    usual = _usual_height(ordered)
    near = _neighbours(ordered, stroke)
    if sum(map(len, near)) > MOST_NEAR * max(len(ordered), MANY):
        return ordered  # crumbs all over, of no digit
    waiting = set(range(len(ordered)))
    joined = []
    for start in range(len(ordered)):
        if start not in waiting:
            continue
        waiting.discard(start)
        one, members, around = ordered[start], {start}, near[start] & waiting
        while own := {
            i for i in around - members if _one_digit(one, ordered[i], marks, stroke, usual)
        }:
            members |= own
            one = united([ordered[i] for i in sorted(members)])
            around = set().union(around, *(near[i] for i in own)) & waiting
        members -= _lone_dot(members, ordered, one, stroke)
        waiting -= members
        joined.append(united([ordered[i] for i in sorted(members)]))
    return joined


def _lone_dot(members: set[int], pieces: list[Piece], one: Piece, stroke: float) -> set[int]:
    """The one dot among a digit's pieces: a speck, where several would make a dotted stroke."""
    most = min(SMALL * one.area, LONE * stroke * stroke)
    dots = {i for i in members if pieces[i].area < most}
    return dots if len(dots) == 1 and len(members) > 1 else set()


def _usual_height(pieces: list[Piece]) -> float:
    """The median height, each piece counted by its own: crumbs hardly count."""
    heights = np.sort([piece.height for piece in pieces])
    return float(heights[np.searchsorted(np.cumsum(heights), heights.sum() / 2)])


def _neighbours(pieces: list[Piece], stroke: float) -> list[set[int]]:
    """For each piece the others whose boxes lie near enough to belong to it."""
    boxes = np.array([(p.left, p.top, p.right, p.bottom) for p in pieces])
    sides = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    near: list[set[int]] = []
    for start in range(0, len(boxes), _ROWS_AT_ONCE):
        part = boxes[start : start + _ROWS_AT_ONCE, None]
        largest = np.maximum(sides[start : start + _ROWS_AT_ONCE, None], sides)
        reach = np.maximum(AROUND * largest, DOTS_APART * stroke)
        across = np.minimum(part[..., 2], boxes[:, 2]) - np.maximum(part[..., 0], boxes[:, 0])
        down = np.minimum(part[..., 3], boxes[:, 3]) - np.maximum(part[..., 1], boxes[:, 1])
        close = np.minimum(across, down) >= -reach
        near += [set(np.flatnonzero(row).tolist()) for row in close]
    return near


def _one_digit(one: Piece, other: Piece, marks: np.ndarray, stroke: float, usual: float) -> bool:
    """Whether the shorter piece `other` is a stroke of `one`: near it, and small or above it."""
    reach = NEAR * max(one.height, one.width, other.width)
    across, down = overlap(one, other)
    if min(across, down) < -reach or _are_two(one, other, stroke, usual):
        return False
    if other.area < SMALL * one.area and other.area < DOT * stroke * stroke:
        return False
    apart = gap(one, other, marks)
    if apart <= TOUCHING * reach:
        return True
    small = other.height < 0.55 * one.height and other.area < 0.6 * one.area
    over = across > 0.4 * min(one.width, other.width)
    return apart <= reach and (small or over)


def _are_two(one: Piece, other: Piece, stroke: float, usual: float) -> bool:
    """Whether two pieces, one above the other, are too tall together to be one digit."""
    _, down = overlap(one, other)
    low, high = sorted((one.height, other.height))
    if down > 0.15 * low or low < STACKED * high:
        return False
    both = united([one, other])
    if high > 0.75 * usual and both.height > 1.6 * usual:
        return True
    wide = min(one.width, other.width) > 2 * stroke
    tall = both.height > TALLEST * max(one.width, other.width)
    return wide and tall and min(one.height / one.width, other.height / other.width) > 0.7
