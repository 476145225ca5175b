"""Floats that are all multiples of a power of two, as whole numbers: the same bits in less room."""

from __future__ import annotations

import numpy as np

BITS = 32
_MANTISSA = 53


def grid_exponent(values: np.ndarray) -> int | None:
    """The largest e for which every value is a multiple of 2^e that has a code.

    None where there is none: a value is not finite, is minus zero, or is 2^31 steps or more.
    """
    exact = np.asarray(values, np.float64)
    if not np.isfinite(exact).all() or np.signbit(exact[exact == 0]).any():
        return None
    mantissas, exponents = np.frexp(exact[exact != 0])
    if not len(mantissas):
        return 0
    whole = (mantissas * 2.0**_MANTISSA).astype(np.int64)
    zeros = np.log2((whole & -whole).astype(np.float64)).astype(np.int64)  # at the end of each
    found = int((exponents - _MANTISSA + zeros).min())
    fits = int(exponents.max()) - found < BITS
    return found if fits else None


def to_codes(values: np.ndarray, exponent: int) -> np.ndarray:
    """Steps of 2^exponent from zero as uint32: 0, -1, 1, -2, 2 ... are 0, 1, 2, 3, 4 ..."""
    steps = np.ldexp(np.asarray(values, np.float64), -exponent).astype(np.int64)
    return ((steps << 1) ^ (steps >> 63)).astype(np.uint32)


def from_codes(codes: np.ndarray, exponent: int, dtype: np.dtype) -> np.ndarray:
    """The floats again."""
    whole = codes.astype(np.int64)
    steps = (whole >> 1) ^ -(whole & 1)
    return np.ldexp(steps.astype(np.float64), exponent).astype(dtype)
