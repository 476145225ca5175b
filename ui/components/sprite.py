"""Where the browser finds an image: a tile of one sheet, fetched once or sent along."""

from __future__ import annotations

import base64
import math

import numpy as np

from core.study.pngs import png, sheet_columns, tile_sheet

URL = "/app/static/mnist-test.webp"


def sprite(num_images: int, image_shape: tuple[int, int]) -> dict:
    """What a component needs to cut image `index` out of the sheet."""
    return {"url": URL} | _cut(num_images, image_shape)


def own_sprite(images: np.ndarray) -> dict:
    """A sheet of images uint8 (N >= 1, H, W) that travels with the component's data."""
    return {"url": data_url(png(tile_sheet(images)))} | _cut(len(images), images.shape[1:])


def _cut(num_images: int, image_shape: tuple[int, ...]) -> dict:
    columns, (height, width) = sheet_columns(num_images), image_shape
    rows = math.ceil(num_images / columns)
    return {"columns": columns, "rows": rows, "width": width, "height": height}


def data_url(picture: bytes) -> str:
    """A PNG or JPEG as an address that holds it."""
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"
