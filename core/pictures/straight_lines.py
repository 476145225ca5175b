"""Long straight lines of a picture: found by voting, then followed as the paper shows them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

BAND = 9
WIDEST = 13
LEAST_CHORD = 0.3
LEAST_SEEN = 0.6
REACH = 0.08
PARALLEL = np.deg2rad(4)
MOST_TRIED = 250

Chord = tuple[np.ndarray, np.ndarray]
"""Where a straight line enters and leaves the picture, each as x, y."""


@dataclass(frozen=True, eq=False)
class Line:
    """A printed line: its points (P, 2) as x, y, its angle, width in pixels and coverage.

    `first` and `last` say where it shows, as fractions of its way across the picture.
    """

    points: np.ndarray
    angle: float
    width: float
    level: float
    first: float
    last: float

    @property
    def is_whole(self) -> bool:
        """Whether it crosses the picture from edge to edge, as no stroke does."""
        return self.first < REACH and self.last > 1 - REACH


def _thin_parts(small: np.ndarray) -> np.ndarray:
    """Mask of dark structures at most about a sixtieth of the side wide, grain left out."""
    width = max(3, max(small.shape) // 60)
    kernel = np.ones((width | 1, width | 1), np.uint8)
    hat = cv2.morphologyEx(small, cv2.MORPH_TOPHAT, kernel)
    thin = (hat > max(0.02, 0.2 * float(np.percentile(hat, 99)))).astype(np.uint8)
    _, marks, stats, _ = cv2.connectedComponentsWithStats(thin, connectivity=8)
    long = stats[:, 2:4].max(1) >= max(small.shape) / 25
    long[0] = False
    return long[marks].astype(np.uint8)


def _hough(thin: np.ndarray) -> np.ndarray:
    """Straight lines (M, 2) as distance and angle of their normal, strongest first."""
    votes = round(LEAST_CHORD * min(thin.shape))
    found = cv2.HoughLines(thin, 1, np.pi / 360, votes)
    return np.empty((0, 2)) if found is None else found.reshape(-1, found.shape[-1])[:, :2]


def find_lines(small: np.ndarray) -> list[Line]:
    """The thin straight lines of a coverage (H, W), strongest first, none beside a stronger one."""
    thin = _thin_parts(small)
    lines: list[Line] = []
    taken: list[tuple[Chord, bool]] = []
    tried = 0
    for distance, angle in _hough(thin)[:4000]:
        ends = _chord(float(distance), float(angle), small.shape)
        if ends is None or any(_is_same(ends, *other) for other in taken):
            continue
        line = _followed(small, thin, ends)
        tried += 1
        if line is not None:
            taken.append((ends, line.is_whole))
            lines.append(line)
        if tried == MOST_TRIED:
            break
    return lines


def _is_same(one: Chord, other: Chord, is_whole: bool) -> bool:
    """Whether one line lies beside another, or crosses a whole one, as its parallels never do."""
    x, y = (float(value) for value in other[1] - other[0])
    length = math.hypot(x, y)
    off = [(x * (p[1] - other[0][1]) - y * (p[0] - other[0][0])) / length for p in one]
    near, far = sorted(abs(distance) for distance in off)
    if far < 2.5 * BAND and near < BAND:
        return True
    return is_whole and off[0] * off[1] < 0 and far < PARALLEL * math.dist(*one)


def _chord(distance: float, angle: float, shape: tuple[int, ...]) -> Chord | None:
    normal = np.array([np.cos(angle), np.sin(angle)])
    along = np.array([-normal[1], normal[0]])
    foot = distance * normal
    low, high = -np.inf, np.inf
    for axis, size in ((0, shape[1] - 1), (1, shape[0] - 1)):
        if abs(along[axis]) > 1e-6:
            bounds = sorted(((0 - foot[axis]) / along[axis], (size - foot[axis]) / along[axis]))
            low, high = max(low, bounds[0]), min(high, bounds[1])
    if high - low < LEAST_CHORD * min(shape):
        return None
    return foot + low * along, foot + high * along


def _followed(small: np.ndarray, thin: np.ndarray, chord: Chord) -> Line | None:
    """The line as the paper shows it, or None where it is no ruling.

    Its middle is followed along the chord, as paper curls. From its first to its last visible
    point it must be long and seen over most of the way.
    """
    grid, along = _band(*chord)
    x, y = grid[..., 0].astype(np.float32), grid[..., 1].astype(np.float32)
    band = cv2.remap(small, x, y, cv2.INTER_LINEAR)
    seen = cv2.remap(thin, x, y, cv2.INTER_NEAREST).astype(bool)
    middle = _smooth_middle(band, seen)
    near = np.abs(np.arange(2 * BAND + 1)[None] - middle[:, None]) <= 1.5
    shown = np.flatnonzero((seen & near).any(1))
    if len(shown) < LEAST_SEEN * LEAST_CHORD * min(small.shape) / 2:
        return None
    first, last = np.percentile(shown, [2, 98]).astype(int)
    rows = np.arange(first, last + 1)
    if len(shown) < LEAST_SEEN * len(rows) or len(rows) < LEAST_CHORD * min(small.shape) / 2:
        return None
    profile = np.median(_recentred(band, middle)[rows], axis=0)
    level, width = float(profile.max()), float((profile > profile.max() / 2).sum())
    if level < 0.015 or width > WIDEST or max(profile[0], profile[-1]) > 0.5 * level:
        return None
    points = grid[np.arange(len(middle)), np.rint(middle).astype(int)]
    angle = float(np.arctan2(along[1], along[0]))
    return Line(points, angle, width, level, first / len(middle), (last + 1) / len(middle))


def _band(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places (P, 2 BAND + 1, 2) beside a chord, every second pixel along it, and its direction."""
    length = float(np.linalg.norm(end - start))
    along = (end - start) / length
    steps = np.linspace(0, 1, max(8, int(length / 2)))[:, None, None]
    offsets = np.arange(-BAND, BAND + 1)[None, :, None]
    return start + steps * (end - start) + offsets * np.array([-along[1], along[0]]), along


def _smooth_middle(band: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Where in the band the line runs: a parabola through its darkest points, fitted twice."""
    offsets = np.arange(-BAND, BAND + 1)
    darkest = np.argmax(cv2.blur(band, (1, 5)) * (1 - 0.02 * np.abs(offsets)), axis=1) - BAND
    along = np.linspace(-1, 1, len(darkest))
    weights = seen.any(1) + 1e-3
    for _ in range(3):
        curve = np.polynomial.polynomial.polyfit(along, darkest, 2, w=weights)
        middle = np.polynomial.polynomial.polyval(along, curve)
        weights = (seen.any(1) + 1e-3) / (1 + (darkest - middle) ** 2)
    return np.clip(middle, -BAND, BAND) + BAND


def _recentred(band: np.ndarray, middle: np.ndarray) -> np.ndarray:
    columns = np.arange(2 * BAND + 1)[None] + np.rint(middle).astype(int)[:, None] - BAND
    return np.take_along_axis(band, np.clip(columns, 0, 2 * BAND), axis=1)
