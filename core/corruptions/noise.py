"""Grain, counted photons, dead pixels and drops of mud.

Shapes and ranges as in `core.corruptions.geometry`.
"""

from __future__ import annotations

import numpy as np

from core.corruptions.blur import SIDE, blurred
from core.corruptions.draws import Draws
from core.corruptions.light import spread

MUD = 63 / 255
Array = np.ndarray


def gaussian_noise(x: Array, amounts: Array, draws: Draws) -> Array:
    """Normal noise added to every value, its standard deviation `amounts` of full ink."""
    return x + spread(amounts) * draws.normal(*x.shape[1:])


def shot_noise(x: Array, amounts: Array, draws: Draws) -> Array:
    """Photon counts, whose standard deviation at full ink is `amounts`: 1 / amounts**2 photons."""
    photons = 1 / np.maximum(spread(amounts).astype(float) ** 2, 1e-9)
    return draws.poisson(photons * x) / photons


def impulse_noise(x: Array, amounts: Array, draws: Draws) -> Array:
    """Salt and pepper on `amounts` of the pixels."""
    struck = draws.uniform(1, *x.shape[2:]) < spread(amounts)
    return np.where(struck, draws.integers(2, 1, *x.shape[2:]), x)


def spatter(x: Array, amounts: Array, draws: Draws) -> Array:
    """Drops of mud, a quarter as dark as ink; 0.5 covers about an eighth of the image, 0 nothing.

    Where blurred noise, its mean 0.65, exceeds 0.95 - 0.6 * amounts.
    """
    unit = max(x.shape[2:]) / SIDE
    noise = 0.65 + 0.3 * draws.normal(1, *x.shape[2:])
    # The mean of more pixels varies less: a larger image is given as much more to begin with.
    liquid = 0.65 + unit * (blurred(noise, np.full(len(noise), unit)) - 0.65)
    wet = (liquid > 0.95 - 0.6 * spread(amounts)).astype(np.float32)
    mud = blurred(wet, np.full(len(wet), 1.5 * unit))
    mud[mud < 0.8] = 0
    return x * (1 - mud) + MUD * mud
