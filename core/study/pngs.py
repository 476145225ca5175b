"""Images as PNG, one or many, and as one sheet of tiles."""

from __future__ import annotations

import io
import math
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from core.study.images import Images
from core.study.spreadsheets import harmless_csv


def png(image: np.ndarray) -> bytes:
    """An image uint8 (H, W) or (H, W, 3) as a PNG of the same size."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def zip_of_pngs(images: Images, rows: np.ndarray, table: pd.DataFrame) -> bytes:
    """A ZIP with a table as `table.csv` and the pictures of its rows as `<row>.png`.

    No name in it comes from the data. A picture that cannot be read is left out: the table still
    has its row.

    Args:
        images: Of the whole data set.
        rows: Row numbers (n,) of the table's rows; the table in the ZIP has a column for them.
        table: Of those rows, in their order.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        text = harmless_csv(table.assign(picture=[f"{row}.png" for row in rows]))
        archive.writestr("table.csv", text, compress_type=zipfile.ZIP_DEFLATED)
        for row in rows:
            with suppress(ValueError):
                archive.writestr(f"{row}.png", png(images.image(int(row))))
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


def save_sheet(images: np.ndarray, path: Path) -> None:
    """The sheet of all images (N, H, W) as a lossless WebP."""
    aside = path.with_suffix(".partial")
    Image.fromarray(tile_sheet(images)).save(aside, "WEBP", lossless=True)
    aside.replace(path)
