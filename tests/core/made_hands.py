"""Digits as hands write them that MNIST hardly knows, drawn by one pen: uint8 RGB."""

from __future__ import annotations

import cv2
import numpy as np

from tests.core import made_forms as made

# Strokes on a square of 100, x then y, each smoothed; a corner is a point that comes twice.
HANDS = {
    "European 1": (1, (((12, 58), (62, 12), (62, 12), (62, 12), (60, 92)),)),
    "1 with a foot": (
        1,
        (((25, 38), (52, 10), (52, 10), (52, 10), (52, 90)), ((24, 90), (80, 90))),
    ),
    "7 with a bar": (
        7,
        (((15, 14), (84, 14), (84, 14), (84, 14), (42, 92)), ((32, 52), (78, 52))),
    ),
    "ψ-shaped 4": (
        4,
        (((20, 10), (18, 45), (45, 60), (78, 48), (80, 10)), ((50, 10), (50, 92))),
    ),
    "looped 4": (
        4,
        (
            (
                (28, 8),
                (18, 30),
                (26, 62),
                (50, 70),
                (76, 55),
                (80, 25),
                (62, 18),
                (48, 45),
                (46, 92),
            ),
        ),
    ),
    "hooked 9": (
        9,
        (
            ((76, 25), (50, 8), (24, 26), (34, 50), (60, 48), (76, 25)),
            ((76, 22), (74, 70), (56, 90), (28, 86), (20, 70)),
        ),
    ),
    "slanted 6": (
        6,
        (((92, 6), (52, 30), (22, 66), (26, 90), (50, 92), (60, 74), (46, 62), (26, 74)),),
    ),
}


def hand(name: str, rng: np.random.Generator) -> np.ndarray:
    """One digit by a hand of `HANDS`, a little different each time."""
    cover, thick = made.blank(280, 280), int(rng.integers(8, 22))
    lean = np.array([[rng.uniform(0.8, 1.15), rng.uniform(-0.15, 0.1)], [0, rng.uniform(0.9, 1.1)]])
    for line in HANDS[name][1]:
        points = np.array(line, float) + rng.normal(0, 2.5, (len(line), 2))
        placed = (points - 50) @ lean.T * rng.uniform(1.9, 2.1) + 140
        cv2.polylines(cover, [_smooth(placed)], False, 1.0, thick, cv2.LINE_AA)
    return made.picture(cover)


def _smooth(points: np.ndarray) -> np.ndarray:
    """A curve through points, rounded at each."""
    at = np.linspace(0, len(points) - 1, 40 * len(points))
    fine = np.stack([np.interp(at, np.arange(len(points)), axis) for axis in points.T], 1)
    ends = np.pad(fine, ((12, 12), (0, 0)), mode="edge")
    kernel = np.ones(25) / 25
    smooth = np.stack([np.convolve(axis, kernel, "valid") for axis in ends.T], 1)
    return np.rint(smooth).astype(np.int32)
