"""Images as PNG, one or many, and as one sheet of tiles."""

from __future__ import annotations

import io
import math

import numpy as np
from PIL import Image


def png(image: np.ndarray) -> bytes:
    """An image uint8 (H, W) or (H, W, 3) as a PNG of the same size."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def sheet_columns(num_images: int) -> int:
    """How many tiles a row of the sheet holds: the sheet is about square."""
    return math.ceil(math.sqrt(num_images))


def tile_sheet(images: np.ndarray) -> np.ndarray:
    """All images uint8 (N, H, W) or (N, H, W, 3) side by side, `sheet_columns(N)` a row."""
    num_images, height, width, *colours = images.shape
    columns = sheet_columns(num_images)
    rows = math.ceil(num_images / columns)
    padded = np.zeros((rows * columns, height, width, *colours), np.uint8)
    padded[:num_images] = images
    tiles = padded.reshape(rows, columns, height, width, *colours).swapaxes(1, 2)
    return tiles.reshape(rows * height, columns * width, *colours)
