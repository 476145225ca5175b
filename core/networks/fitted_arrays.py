"""Arrays fitted to a network's features, read from an archive and held to their shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from core.study.broken_arrays import BROKEN
from core.study.tight_arrays import load_tight

Further = Callable[[dict[str, np.ndarray], dict[str, int]], None]
"""Raises ValueError unless arrays, whose axes have these lengths, fit one another further."""


def load_fitted(
    path: Path, axes: Mapping[str, str], what: str, further: Further = lambda arrays, sizes: None
) -> dict[str, np.ndarray]:
    """The arrays of an archive by name.

    Args:
        path: What `save_tight` wrote.
        axes: Array -> a letter for each of its axes; axes of one letter are of one length, those of
            a digit of that. An array `reference` rises.
        what: What the archive holds, for a message.
        further: What else must hold.

    Raises:
        FileNotFoundError: `path` is not there.
        ValueError: it is no such archive.
    """
    try:
        arrays = load_tight(path, *axes)
        further(arrays, _lengths(arrays, axes))
    except BROKEN as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise ValueError(f"{path} is not an archive of {what}: {error}") from error
    return arrays


def _lengths(arrays: dict[str, np.ndarray], axes: Mapping[str, str]) -> dict[str, int]:
    """Raises ValueError unless all are finite numbers whose shapes fit one another."""
    sizes = {digit: int(digit) for digit in "".join(axes.values()) if digit.isdigit()}
    for name, letters in axes.items():
        array = arrays[name]
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f" or not array.size:
            raise ValueError(f"{name} holds no numbers")
        if array.ndim != len(letters) or not np.isfinite(array).all():
            raise ValueError(f"{name} has the shape {array.shape}, or is not finite")
        for letter, length in zip(letters, array.shape, strict=True):
            if sizes.setdefault(letter, length) != length:
                raise ValueError(f"{name} has the shape {array.shape}, which fits no other's")
    if (np.diff(arrays["reference"]) < 0).any():
        raise ValueError("reference does not rise")
    return sizes
