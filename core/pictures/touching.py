"""Digits that touch: the places where one piece of ink could be cut in two."""

from __future__ import annotations

import numpy as np

from core.pictures.framing import frame_digit
from core.pictures.segments import Box, Digit

WIDE = 0.85
LEAST_PART = 0.2
LEANS = (-0.35, -0.18, 0.0, 0.18, 0.35)
MOST_CUTS = 12
APART = 0.06


def may_be_two(digit: Digit) -> bool:
    """Whether a digit's ink is as wide as two digits side by side can be."""
    height, width = digit.ink.shape
    return width > WIDE * height > 0


def cuts(digit: Digit) -> list[tuple[Digit, Digit]]:
    """The ways to cut a digit's ink in two from top to bottom that cross the least ink.

    Each cut is straight, upright or leaning; no two of them run close together. Either part holds
    at least a fifth of the width.
    """
    ink = digit.ink
    height, width = ink.shape
    if min(height, width) < 4:
        return []
    crossed = sorted(
        (cost, lean, place) for lean in LEANS for place, cost in _costs(ink, lean).items()
    )
    found: list[tuple[float, int]] = []
    for _, lean, place in crossed:
        if all(abs(place - other) > APART * width or lean != slant for slant, other in found):
            found.append((lean, place))
        if len(found) == MOST_CUTS:
            break
    return [_halves(digit, lean, place) for lean, place in found]


def _costs(ink: np.ndarray, lean: float) -> dict[int, float]:
    """How much ink a line of this lean crosses, by where it passes the middle row."""
    height, width = ink.shape
    offsets = np.rint(lean * (np.arange(height) - height / 2)).astype(int)
    first, last = round(LEAST_PART * width), round((1 - LEAST_PART) * width)
    costs = {}
    for place in range(first, last, max(1, width // 60)):
        columns = np.clip(place + offsets, 0, width - 1)
        costs[place] = float(ink[np.arange(height), columns].sum())
    return costs


def _halves(digit: Digit, lean: float, place: int) -> tuple[Digit, Digit]:
    height, width = digit.ink.shape
    line = place + lean * (np.arange(height)[:, None] - height / 2)
    is_left = np.arange(width)[None] < line
    first, second = (np.where(side, digit.ink, 0) for side in (is_left, ~is_left))
    return _part(digit, first), _part(digit, second)


def _part(digit: Digit, ink: np.ndarray) -> Digit:
    """A digit of a part of another's ink, in the same frame."""
    rows, columns = np.flatnonzero((ink > 0.25).any(1)), np.flatnonzero((ink > 0.25).any(0))
    box = digit.box
    if rows.size:
        scale = (box.right - box.left) / ink.shape[1]
        box = Box(
            round(box.left + scale * columns[0]),
            round(box.top + scale * rows[0]),
            round(box.left + scale * (columns[-1] + 1)),
            round(box.top + scale * (rows[-1] + 1)),
        )
    return Digit(box, ink, frame_digit(ink, digit.image.shape[:2]), digit.row, digit.cell)
