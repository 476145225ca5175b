"""Turned, sheared, scaled and shifted: what moves the ink and leaves its strength.

Images x are float32 (N, C, H, W) in [0, 1], amounts float (N,); so are all results. What comes in
from outside is black.
"""

from __future__ import annotations

import numpy as np

from core.corruptions.draws import Draws
from core.pictures.warp import affine


def rotate(x: np.ndarray, amounts: np.ndarray, draws: Draws) -> np.ndarray:
    """Turned counter-clockwise about the centre by `amounts` degrees."""
    angle = np.deg2rad(amounts)
    cos, sin = np.cos(angle), np.sin(angle)
    return _moved(x, np.array([[cos, -sin], [sin, cos]]))


def shear(x: np.ndarray, amounts: np.ndarray, draws: Draws) -> np.ndarray:
    """Leaning by `amounts` degrees as scikit-image's `AffineTransform(shear=...)` does.

    Rows slide by sin of the angle and the height shrinks by its cosine: a positive angle leans
    the top to the right.
    """
    lean = np.deg2rad(amounts)
    one = np.ones_like(lean)
    return _moved(x, np.array([[one, np.sin(lean)], [0 * one, np.cos(lean)]]))


def scale(x: np.ndarray, amounts: np.ndarray, draws: Draws) -> np.ndarray:
    """Enlarged about the centre to `amounts` of the size, over 0."""
    return _moved(x, np.array([[1 / amounts, 0 * amounts], [0 * amounts, 1 / amounts]]))


def translate(x: np.ndarray, amounts: np.ndarray, draws: Draws) -> np.ndarray:
    """Moved to a corner by `amounts` of the longer side, each axis to a side of its own."""
    sides = draws.sides(2) * amounts[:, None]
    return _shifted(x, sides[:, 0], sides[:, 1])


def shift_right(x: np.ndarray, amounts: np.ndarray, draws: Draws) -> np.ndarray:
    """Moved to the right by `amounts` of the longer side."""
    return _shifted(x, amounts, 0 * amounts)


def shift_down(x: np.ndarray, amounts: np.ndarray, draws: Draws) -> np.ndarray:
    """Moved down by `amounts` of the longer side."""
    return _shifted(x, 0 * amounts, amounts)


def _shifted(x: np.ndarray, right: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Moved by shares of the longer side."""
    one = np.ones_like(right)
    pixels = -max(x.shape[2:]) * np.stack([right, down], 1)
    return _moved(x, np.array([[one, 0 * one], [0 * one, one]]), pixels)


def _moved(x: np.ndarray, matrices: np.ndarray, shifts: np.ndarray | None = None) -> np.ndarray:
    """Every image read at `matrices` (2, 2, N) times a place plus `shifts` (N, 2), in pixels."""
    num_channels = x.shape[1]
    by_image = matrices.transpose(2, 0, 1)
    moved = np.zeros((len(by_image), 2)) if shifts is None else shifts
    planes = x.reshape(-1, *x.shape[2:])
    each = by_image.repeat(num_channels, 0), moved.repeat(num_channels, 0)
    return affine(planes, *each).reshape(x.shape)
