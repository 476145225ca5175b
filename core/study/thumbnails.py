"""Pictures of any size on small squares of one size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image


def on_squares(images: Sequence[np.ndarray], size: int) -> np.ndarray:
    """Pictures on squares, uint8 (n, size, size); with a last axis of 3 if any has colour.

    Args:
        images: Each uint8 (H, W) or (H, W, 3).
        size: Of the squares, in pixels.
    """
    colour = any(image.ndim == 3 for image in images)
    squares = np.zeros((len(images), size, size, *((3,) if colour else ())), np.uint8)
    for square, image in zip(squares, images, strict=True):
        fitted = fit_square(image, size)
        grey = colour and fitted.ndim == 2
        square[...] = fitted[..., None] if grey else fitted
    return squares


def fit_square(image: np.ndarray, size: int) -> np.ndarray:
    """One picture on a square, its longest side along it, centred on black.

    A larger picture is reduced by averaging; a smaller one is enlarged by a whole number, so that
    every pixel stays sharp.
    """
    height, width = image.shape[:2]
    longest = max(height, width)
    if longest > size:
        shape = (max(1, round(width * size / longest)), max(1, round(height * size / longest)))
        fitted = np.asarray(Image.fromarray(image).resize(shape, Image.Resampling.BOX))
    else:
        times = size // longest
        fitted = image.repeat(times, axis=0).repeat(times, axis=1)
    square = np.zeros((size, size, *image.shape[2:]), np.uint8)
    top, left = (size - fitted.shape[0]) // 2, (size - fitted.shape[1]) // 2
    square[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    return square
