"""What people draw that is no digit: letters, those like a digit too, scribbles and things.

Beside `models.outliers`, which leaves out every letter that somebody may take for a digit. What the
tests and `bench.own_digits` judge by is drawn elsewhere: by another font, and other things.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from core.pictures.framing import frame_digit
from models.augment import Rng
from models.drawn_shapes import LETTERS, THINGS, Strokes
from models.outliers import FONTS as FACES

SIDE = 200
FONTS = (
    *(cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX),
    *(cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX),
)
_FINE = 16  # parts of a pixel that OpenCV draws in


def draw_non_digits(source: str, count: int, shape: tuple[int, int], rng: Rng) -> np.ndarray:
    """Framed like a drawing of one's own, uint8 (count, H, W).

    Args:
        source: Of `SOURCES`.
        count: How many.
        shape: Their height and width.
        rng: Of the draw.
    """
    return np.stack([frame_digit(SOURCES[source](rng), shape) for _ in range(count)])


def draw_letter(rng: Rng) -> np.ndarray:
    """A letter, half of them printed and half by hand: ink float32 (SIDE, SIDE) in [0, 1]."""
    name = str(rng.choice(list(LETTERS)))
    if rng.random() < 0.5:
        return draw_strokes(LETTERS[name], rng, 0.07)
    matrix = np.zeros((2, 3))
    matrix[:, :2] = _lean(rng)
    matrix[:, 2] = SIDE / 2 - matrix[:, :2] @ (SIDE / 2, SIDE / 2)
    return cv2.warpAffine(_print(name, rng), matrix, (SIDE, SIDE)).astype(np.float32) / 255


def _print(name: str, rng: Rng) -> np.ndarray:
    """A letter in one of OpenCV's fonts: of lines, or of outlines."""
    canvas = np.zeros((SIDE, SIDE, 1), np.uint8)
    if rng.random() < 0.5:
        font, pen = int(rng.choice(FONTS)), int(rng.integers(4, 22))
        cv2.putText(canvas, name, (60, 140), font, 4, (255,), pen, cv2.LINE_AA)
    else:
        face, weight = FACES[int(rng.integers(len(FACES)))], int(rng.integers(100, 700))
        cv2.putText(canvas, name, (60, 130), (255,), face, 90, weight=weight)
    return canvas[..., 0]


def draw_thing(rng: Rng) -> np.ndarray:
    """One of `THINGS` by one pen: ink float32 (SIDE, SIDE) in [0, 1]."""
    return draw_strokes(THINGS[str(rng.choice(list(THINGS)))], rng, 0.03)


def draw_scribble(rng: Rng) -> np.ndarray:
    """One line there and back, a sum of three to six waves: ink float32 (SIDE, SIDE) in [0, 1]."""
    num_waves = int(rng.integers(3, 7))
    wave = np.arange(1, num_waves + 1)[:, None, None]
    size = rng.normal(0, 1, (num_waves, 1, 2)) / np.sqrt(wave)
    turns = rng.uniform(0.4, 1.3, (num_waves, 1, 2)) * wave
    along = np.linspace(0, 1, 500)[None, :, None] * turns + rng.random((num_waves, 1, 2))
    line = (size * np.sin(2 * np.pi * along)).sum(0)
    line = (line - line.min(0)) / np.maximum(np.ptp(line, axis=0), 1e-3)
    return _trace([(line - 0.5) * rng.uniform(90, 150, 2) + SIDE / 2], rng)


def draw_strokes(strokes: Strokes, rng: Rng, shake: float) -> np.ndarray:
    """Strokes with their points shaken by so much of their height, angular or rounded."""
    low, high = (end(np.concatenate(strokes), axis=0) for end in (np.min, np.max))
    tall, lean, width = (high - low).max(), _lean(rng), int(rng.choice([1, 9, 21]))
    lines = []
    for stroke in strokes:
        points = (np.array(stroke, float) - (low + high) / 2) / tall
        shaken = points + rng.normal(0, shake / 2, points.shape)
        lines.append(_rounded(shaken @ lean.T * 110 + SIDE / 2, width))
    return _trace(lines, rng)


def _lean(rng: Rng) -> np.ndarray:
    """A matrix (2, 2) that turns, slants and stretches a little."""
    angle, slant, stretch = (
        rng.uniform(-0.12, 0.12),
        rng.uniform(-0.12, 0.3),
        np.exp(rng.uniform(-0.2, 0.2, 2)),
    )
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return stretch[:, None] * turn @ np.array([[1, -slant], [0, 1]])


def _rounded(points: np.ndarray, width: int) -> np.ndarray:
    """Points along straight lines between points (n, 2), each the mean of `width` neighbours."""
    places = np.linspace(0, len(points) - 1, 40 * len(points))
    fine = [np.interp(places, np.arange(len(points)), axis) for axis in points.T]
    padded = [np.pad(axis, width // 2, mode="edge") for axis in fine]
    return np.stack([np.convolve(axis, np.ones(width) / width, "valid") for axis in padded], 1)


def _trace(lines: list[np.ndarray], rng: Rng) -> np.ndarray:
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    fine = [np.rint(line * _FINE).astype(np.int32) for line in lines]
    cv2.polylines(canvas, fine, False, (255,), int(rng.integers(6, 18)), cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / 255


SOURCES: dict[str, Callable[[Rng], np.ndarray]] = {
    "letters": draw_letter,
    "scribbles": draw_scribble,
    "things": draw_thing,
}
