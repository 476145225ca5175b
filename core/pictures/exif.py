"""Which way up a picture was taken."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image

_BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError),
    *(struct.error, OverflowError, MemoryError, RuntimeError, AttributeError),
)
"""What Pillow raises on a broken EXIF block."""
_ORIENTATION = 0x0112

UPRIGHT: Mapping[int, Callable[[np.ndarray], np.ndarray]] = {
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.swapaxes(0, 1),
    6: lambda pixels: np.rot90(pixels, -1),
    7: lambda pixels: pixels[::-1, ::-1].swapaxes(0, 1),
    8: np.rot90,
}
"""EXIF's orientations, each with what turns pixels (H, W) or (H, W, C) upright; 1 is upright."""


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 (upright) where the EXIF block is missing or broken."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        return 1
