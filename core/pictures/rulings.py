"""Ruled and squared paper: its lines found, followed and taken out of the coverage."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from core.pictures.straight_lines import PARALLEL, REACH, Line, find_lines

PROXY_SIDE = 800
LEAST_PART = 0.4
ALIKE = 1.6
FEWEST = 3
LEAST_SIDE = 100
BLACK = 0.5
AS_DARK = 0.6
AT_EDGE = 0.03


def without_rulings(covered: np.ndarray) -> np.ndarray:
    """Coverage float32 (H, W) with long, thin, straight lines set to 0; strokes are bridged."""
    if min(covered.shape) < LEAST_SIDE:
        return covered
    lines = find_rulings(covered)
    if not lines or _are_a_form(lines, covered):
        return covered
    template = _template(lines, covered.shape)
    width = max(line.width for line in lines)
    broad = cv2.morphologyEx(covered, cv2.MORPH_OPEN, _disc(1.8 * width + 2)) > 0.6 * covered
    left = np.where((template > 0) & (covered < 1.6 * template) & ~broad, 0, covered)
    bridged = cv2.morphologyEx(left, cv2.MORPH_CLOSE, _disc(2.2 * width + 3))
    return np.where(template > 0, bridged, left)


def _are_a_form(lines: list[Line], covered: np.ndarray) -> bool:
    """Whether lines are a form's or a table's: black, or as dark as ink and ending on the paper.

    Those are ink like the digits among them, and are told from these by their shape.
    """
    level = float(np.median([line.level for line in lines]))
    if level > BLACK:
        return True
    ink = covered[covered > level / 2]
    inner = [min(line.first, 1 - line.last) > AT_EDGE for line in lines if line.is_whole]
    return level > AS_DARK * float(np.percentile(ink, 90)) and float(np.mean(inner)) > AS_DARK


def _template(lines: list[Line], shape: tuple[int, ...]) -> np.ndarray:
    """The coverage float32 (H, W) of the lines alone; where two cross, both hold light back."""
    through = np.ones(shape, np.float32)
    for steep in (False, True):
        one_way = np.zeros(shape, np.float32)
        for line in sorted(lines, key=lambda line: line.level):
            if (abs(np.sin(line.angle)) > 0.5**0.5) == steep:
                points = np.rint(line.points).astype(np.int32)
                thickness = round(1.8 * line.width) + 3
                cv2.polylines(one_way, [points], False, float(line.level), thickness)
        through *= 1 - one_way
    return 1 - through


def _disc(diameter: float) -> np.ndarray:
    size = round(diameter) | 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))


def find_rulings(covered: np.ndarray) -> list[Line]:
    """The printed lines of a coverage float32 (H, W).

    A line that crosses the picture from edge to edge is printed, and so is a part of one that
    is parallel to such a line, as wide and as dark: a digit's straight stroke stays. So does
    what is no more than a digit cut out along its strokes could have.
    """
    scale = min(1.0, PROXY_SIDE / max(covered.shape))
    small = cv2.resize(covered, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lines = find_lines(small)
    crossing = [line for line in lines if line.is_whole]
    whole = [line for line in crossing if _has_sister(line, crossing)]
    if len(whole) < FEWEST:
        return []
    return [
        replace(line, points=(line.points + 0.5) / scale - 0.5, width=line.width / scale)
        for line in lines
        if line in whole or any(_is_part(line, other) for other in whole)
    ]


def _has_sister(line: Line, lines: list[Line]) -> bool:
    """Whether another line runs as it does, or square to it, as far as perspective allows."""
    turned = [_apart(2 * line.angle, 2 * other.angle) for other in lines if other is not line]
    return any(turn < 4 * PARALLEL for turn in turned)


def _is_part(line: Line, whole: Line) -> bool:
    return (
        line.last - line.first > LEAST_PART
        and min(line.first, 1 - line.last) < REACH / 2
        and _apart(line.angle, whole.angle) < PARALLEL
        and line.level < ALIKE * whole.level
        and line.width < ALIKE * whole.width
    )


def _apart(one: float, other: float) -> float:
    """The angle between two lines; twice an angle makes square ones alike."""
    return abs((one - other + np.pi / 2) % np.pi - np.pi / 2)
