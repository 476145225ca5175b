"""Fog: tiles of diamond-square fractals."""

from __future__ import annotations

import numpy as np

from core.corruptions.draws import Draws

LEAST_SIDE = 256
"""Of a map; small images are cut from one map side by side."""
DECAY = 1.4
"""By how much displacements shrink from scale to scale: MNIST-C's at its severity."""


def fractal_tiles(shape: tuple[int, int, int], draws: Draws) -> np.ndarray:
    """Tiles float32 (N, H, W) in [0, 1], cut from maps that each reach from 0 to 1."""
    count, height, width = shape
    size = max(LEAST_SIDE, 1 << (max(height, width) - 1).bit_length())
    down, across = size // height, size // width
    maps = _diamond_square(-(-count // (down * across)), size, draws.generator())
    maps -= maps.min(axis=(1, 2), keepdims=True)
    maps /= maps.max(axis=(1, 2), keepdims=True)
    tiles = maps[:, : down * height, : across * width].reshape(-1, down, height, across, width)
    # Neighbouring tiles go on into one another: shuffled, no image tells of the next.
    tiles = tiles.transpose(0, 1, 3, 2, 4).reshape(-1, height, width)
    return draws.shuffled(tiles)[:count].astype(np.float32)


def _diamond_square(count: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Fractal maps (count, size, size): midpoints displaced by ever less, edges wrapping."""
    maps = np.zeros((count, size, size))
    step, wobble = size, 100.0

    def displaced(total: np.ndarray) -> np.ndarray:
        return total / 4 + wobble * rng.uniform(-wobble, wobble, total.shape)

    while step >= 2:
        half = step // 2
        corners = maps[:, ::step, ::step]
        pairs = corners + np.roll(corners, -1, axis=1)
        maps[:, half::step, half::step] = displaced(pairs + np.roll(pairs, -1, axis=2))
        middles, corners = maps[:, half::step, half::step], maps[:, ::step, ::step]
        beside = middles + np.roll(middles, 1, axis=1) + corners + np.roll(corners, -1, axis=2)
        maps[:, ::step, half::step] = displaced(beside)
        above = middles + np.roll(middles, 1, axis=2) + corners + np.roll(corners, -1, axis=1)
        maps[:, half::step, ::step] = displaced(above)
        step, wobble = half, wobble / DECAY
    return maps
