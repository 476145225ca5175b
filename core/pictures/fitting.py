"""Images of another size than a network's: framed as pictures are."""

from __future__ import annotations

import numpy as np

from core.pictures.ink import find_ink
from core.pictures.segments import find_digits


def fitted(images: np.ndarray, shape: tuple[int, int]) -> tuple[np.ndarray, str]:
    """Images uint8 (N, H, W) as (N, *shape), and in a few words what was done; empty if nothing.

    Each is read as a picture of one digit, whichever of ink and paper is brighter; one without
    ink becomes 0 all over.
    """
    if images.shape[1:] == shape:
        return images, ""
    framed = np.stack([_framed(image, shape) for image in images])
    height, width = images.shape[1:]
    return framed, f"each framed from {height} x {width} to {shape[0]} x {shape[1]}"


def _framed(image: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    if image.min() == image.max():
        return np.zeros(shape, np.uint8)
    digits = find_digits(find_ink(np.repeat(image[..., None], 3, axis=2)), shape, several=False)
    return digits[0].image if digits else np.zeros(shape, np.uint8)
