"""Lighter, flatter, foggy, partly inverted: what changes the strength of the ink and not its place.

Shapes and ranges as in `core.corruptions.geometry`; what goes beyond [0, 1] is clipped later.
"""

from __future__ import annotations

import numpy as np

from core.corruptions.draws import Draws
from core.corruptions.fractals import fractal_tiles

Array = np.ndarray


def brightness(x: Array, amounts: Array, draws: Draws) -> Array:
    """`amounts` of full ink added everywhere: a lifted background."""
    return x + spread(amounts)


def contrast(x: Array, amounts: Array, draws: Draws) -> Array:
    """Every value at `amounts` of its distance from the image's mean."""
    mean = x.mean(axis=(1, 2, 3), keepdims=True)
    return mean + (x - mean) * spread(amounts)


def stripe(x: Array, amounts: Array, draws: Draws) -> Array:
    """The left and the right `amounts` of the width inverted, in whole columns."""
    width = x.shape[3]
    reach = np.rint(spread(amounts) * width)
    columns = np.arange(width)
    inverted = (columns < reach) | (columns >= width - reach)
    return np.where(inverted, 1 - x, x)


def fog(x: Array, amounts: Array, draws: Draws) -> Array:
    """`amounts` times as much of a fractal added as there is ink, and all of it made paler again.

    As strong as the strongest value was before: fog on a blank image stays invisible.
    """
    most = x.max(axis=(1, 2, 3), keepdims=True)
    thick = spread(amounts)
    count = 1 if draws.shared else len(x)
    tiles = fractal_tiles((count, *x.shape[2:]), draws)[:, None]
    return (x + thick * tiles) * most / np.maximum(most + thick, 1e-9)


def spread(amounts: Array) -> Array:
    """Amounts (N,) against images (N, C, H, W)."""
    return amounts.astype(np.float32)[:, None, None, None]
