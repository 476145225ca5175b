"""Where the browser finds the picture of a test image: a tile of one sheet it fetches once."""

from __future__ import annotations

from core.pngs import sheet_columns

URL = "/app/static/mnist-test.webp"


def sprite(num_images: int, image_shape: tuple[int, int]) -> dict:
    """What a component needs to cut image `index` out of the sheet."""
    height, width = image_shape
    columns = sheet_columns(num_images)
    return {"url": URL, "columns": columns, "width": width, "height": height}
