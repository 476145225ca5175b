"""Images as PNG, one or many, and as one sheet of tiles."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from core.study.packed import PackedImages


def png(image: np.ndarray) -> bytes:
    """A grey image uint8 (H, W), ink 255, as a PNG of the same size."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def zip_of_pngs(images: np.ndarray | PackedImages, table: pd.DataFrame) -> bytes:
    """A ZIP with the table as `table.csv` and each of its rows' image as `<index>.png`.

    Args:
        images: uint8 (N, H, W), the whole data set.
        table: Rows of its score table; the index counts into `images`.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("table.csv", table.to_csv(), compress_type=zipfile.ZIP_DEFLATED)
        for index in table.index:
            archive.writestr(f"{index}.png", png(images[index]))
    return buffer.getvalue()


def sheet_columns(num_images: int) -> int:
    """How many tiles a row of the sheet holds: the sheet is about square."""
    return math.ceil(math.sqrt(num_images))


def tile_sheet(images: np.ndarray) -> np.ndarray:
    """All images uint8 (N, H, W) side by side, row by row, `sheet_columns(N)` a row."""
    num_images, height, width = images.shape
    columns = sheet_columns(num_images)
    rows = math.ceil(num_images / columns)
    padded = np.zeros((rows * columns, height, width), np.uint8)
    padded[:num_images] = images
    tiles = padded.reshape(rows, columns, height, width).swapaxes(1, 2)
    return tiles.reshape(rows * height, columns * width)


def save_sheet(images: np.ndarray, path: Path) -> None:
    """The sheet of all images (N, H, W) as a lossless WebP."""
    aside = path.with_suffix(".partial")
    Image.fromarray(tile_sheet(images)).save(aside, "WEBP", lossless=True)
    aside.replace(path)
