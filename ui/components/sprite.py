"""Where the browser finds an image: a tile of one sheet, fetched once or sent along."""

from __future__ import annotations

import base64

import numpy as np

from core.pngs import png, sheet_columns, tile_sheet

URL = "/app/static/mnist-test.webp"


def sprite(num_images: int, image_shape: tuple[int, int]) -> dict:
    """What a component needs to cut image `index` out of the sheet."""
    height, width = image_shape
    columns = sheet_columns(num_images)
    return {"url": URL, "columns": columns, "width": width, "height": height}


def own_sprite(images: np.ndarray) -> dict:
    """A sheet of images uint8 (N >= 1, H, W) that travels with the component's data."""
    where = {"url": data_url(png(tile_sheet(images))), "columns": sheet_columns(len(images))}
    return where | {"height": images.shape[1], "width": images.shape[2]}


def data_url(picture: bytes) -> str:
    """A PNG or JPEG as an address that holds it."""
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"
