"""Where the browser finds pictures: tiles of one sheet, fetched once or sent along."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.study.dataset import Dataset
from core.study.pngs import png, sheet_columns, tile_sheet
from ui.base_path import below_base

THUMBNAIL = 56
"""Pixels of a picture that travels with a component's data."""


def sprite(dataset: Dataset) -> dict[str, Any] | None:
    """What a component needs to cut any item out of the sheet that ships; None without one."""
    if dataset.sheet is None:
        return None
    file, width, height = dataset.sheet
    return {"url": below_base(f"/app/static/{file}")} | _cut(len(dataset), (height, width))


def some_sprites(
    dataset: Dataset, rows: Sequence[int]
) -> tuple[dict[str, Any] | None, Sequence[int]]:
    """A sheet that holds some items, and each one's place in it; None where they have no pictures.

    Args:
        dataset: The items.
        rows: Row numbers of a few of them.
    """
    if (whole := sprite(dataset)) is not None:
        return whole, rows
    if dataset.images is None or not len(rows):
        return None, range(len(rows))
    return own_sprite(dataset.images.thumbnails(rows, THUMBNAIL)), range(len(rows))


def own_sprite(images: np.ndarray) -> dict[str, Any]:
    """A sheet of images uint8 (N >= 1, H, W) or (N, H, W, 3), sent with the component's data."""
    return {"url": data_url(png(tile_sheet(images)))} | _cut(len(images), images.shape[1:3])


def _cut(num_images: int, image_shape: tuple[int, ...]) -> dict[str, Any]:
    columns, (height, width) = sheet_columns(num_images), image_shape
    rows = math.ceil(num_images / columns)
    return {"columns": columns, "rows": rows, "width": width, "height": height}


def data_url(picture: bytes) -> str:
    """A PNG or JPEG as an address that holds it."""
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"
