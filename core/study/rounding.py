"""Floats with no more digits than they mean, so that what ships takes little room."""

from __future__ import annotations

import numpy as np

_HALF_BITS = 11
"""What float16 holds of a number."""
_SMALLEST_HALF = -24
"""The power of two that its smallest number is."""


def to_grid(values: np.ndarray, step: float) -> np.ndarray:
    """The nearest multiples of a step, in the type of the values: off by half of it at most.

    Zero has no sign.
    """
    nearest = np.round(np.asarray(values, np.float64) / step) * step + 0.0
    return nearest.astype(values.dtype)


def to_bits(values: np.ndarray, bits: int) -> np.ndarray:
    """So many significant bits of each value, in its type: off by 2^-bits of its size at most."""
    mantissa, exponent = np.frexp(np.asarray(values, np.float64))
    return np.ldexp(np.round(np.ldexp(mantissa, bits)), exponent - bits).astype(values.dtype)


def half_step(values: np.ndarray) -> float:
    """The finest step, a power of two, whose multiples float16 holds as far as these values go."""
    largest = max(float(np.abs(values).max()), np.finfo(float).tiny)
    return float(2.0 ** max(np.ceil(np.log2(largest)) - _HALF_BITS, _SMALLEST_HALF))


def on_half_grid(values: np.ndarray) -> np.ndarray:
    """Values as float16, all on the grid of `half_step`: as near for small ones as for large ones.

    Where only distances matter, the further digits that float16 has for small values are noise.
    """
    return to_grid(values, half_step(values)).astype(np.float16)
