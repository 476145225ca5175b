"""Blurred, smeared, seen through glass, in coarse pixels: what mixes a pixel with its neighbours.

Shapes and ranges as in `core.corruptions.geometry`; lengths are shares of the longer side.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.corruptions.draws import Draws

SIDE = 28
"""Pixels a side of the images that MNIST-C's lengths are for."""
MOST_SMEARED = np.pi / 4
Array = np.ndarray


def gaussian_blur(x: Array, amounts: Array, draws: Draws) -> Array:
    """Gaussian blur, its sigma `amounts` of the longer side."""
    return blurred(x, amounts * max(x.shape[2:]))


def motion_blur(x: Array, amounts: Array, draws: Draws) -> Array:
    """Smeared backwards along a line within 45 degrees of level, with Gaussian weights.

    Their sigma is `amounts` of the longer side, cut off where a third more than three sigma is
    behind; shared draws smear level.
    """
    height, width = x.shape[2:]
    sigmas = amounts * max(height, width)
    shares = draws.places()
    angles = np.broadcast_to(MOST_SMEARED * (2 * shares - 1), len(x))[:, None, None]
    rows, columns = np.arange(height)[:, None], np.arange(width)[None]
    image = np.arange(len(x))[:, None, None]
    steps = np.arange(int(np.ceil(10 / 3 * sigmas.max() - 1e-9)) + 1)
    weights = _weights(steps, sigmas)
    total = np.zeros((len(x), height, width, x.shape[1]), np.float32)
    for step, weight in zip(steps, weights, strict=True):
        down = np.rint(step * np.sin(angles)).astype(int)
        right = np.rint(step * np.cos(angles)).astype(int)
        at = (rows + down).clip(0, height - 1), (columns + right).clip(0, width - 1)
        total += weight[:, None, None, None] * x[image, :, *at]
    return total.transpose(0, 3, 1, 2)


def _weights(steps: Array, sigmas: Array) -> Array:
    """Of each step back and each image, float32 (steps, N); they sum to 1 over the steps."""
    safe = np.maximum(sigmas, 1e-9)
    raw = np.exp(-(steps[:, None] ** 2) / (2 * safe**2))
    raw *= steps[:, None] <= np.ceil(10 / 3 * sigmas - 1e-9)
    return (raw / raw.sum(0)).astype(np.float32)


def glass_blur(x: Array, amounts: Array, draws: Draws) -> Array:
    """Blurred, then `amounts` times every pixel swapped or not with a near one, then blurred again.

    Each blur has sigma 0.35 pixels a pass, at MNIST-C's size. Of a part of a pass only that share
    of the swaps is made.
    """
    unit = max(x.shape[2:]) / SIDE
    x = blurred(x, 0.35 * unit * amounts)
    for number in range(int(np.ceil(amounts.max(initial=0)))):
        x = _swapped(x, (amounts - number).clip(0, 1), max(1, round(unit)), draws)
    return blurred(x, 0.35 * unit * amounts)


def _swapped(x: Array, shares: Array, reach: int, draws: Draws) -> Array:
    """Half of all pixels but those at two edges swapped with one up to `reach` above or left."""
    height, width = x.shape[2:]
    moves = draws.integers(reach + 1, height, width, 2) * draws.integers(2, height, width, 1)
    done = draws.uniform(height, width) < shares[:, None, None]
    ups, lefts = (np.broadcast_to(moves[..., i] * done, done.shape) for i in (0, 1))
    x, image = x.copy(), np.arange(len(x))
    # Swaps run in order, each on the outcome of the one before: only images run together.
    for row in range(height - 1, reach, -1):
        for column in range(width - 1, reach, -1):
            above, beside = row - ups[:, row, column], column - lefts[:, row, column]
            here = x[:, :, row, column].copy()
            x[:, :, row, column] = x[image, :, above, beside]
            x[image, :, above, beside] = here
    return x


def pixelate(x: Array, amounts: Array, draws: Draws) -> Array:
    """Every block of `amounts` of the longer side at its mean; nothing where that is a pixel."""
    blocks = np.maximum(amounts * max(x.shape[2:]), 1)
    return _by_matrices(x, blocks, _block_matrix)


def blurred(x: Array, sigmas: Array) -> Array:
    """Gaussian blur by sigmas in pixels (N,), the edge repeated outward."""
    return _by_matrices(x, sigmas, _blur_matrix)


def _by_matrices(x: Array, amounts: Array, make: Callable[[int, float], Array]) -> Array:
    """Each image between two matrices `make(side, amount)`: one product a side."""
    kinds, which = np.unique(amounts, return_inverse=True)
    down, across = (
        np.stack([make(side, float(kind)) for kind in kinds])[which, None] for side in x.shape[2:]
    )
    return down @ x @ across.swapaxes(-1, -2)


def _blur_matrix(size: int, sigma: float) -> Array:
    if sigma <= 0:
        return np.eye(size, dtype=np.float32)
    reach = int(4 * sigma + 0.5)
    weights = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * sigma**2))
    weights /= weights.sum()
    matrix = np.zeros((size, size), np.float32)
    sources = (np.arange(size)[:, None] + np.arange(-reach, reach + 1)).clip(0, size - 1)
    np.add.at(matrix, (np.arange(size)[:, None], sources), weights)
    return matrix


def _block_matrix(size: int, block: float) -> Array:
    numbers = np.floor(np.arange(size) / block + 1e-9)
    same = numbers[:, None] == numbers
    return (same / same.sum(1, keepdims=True)).astype(np.float32)
