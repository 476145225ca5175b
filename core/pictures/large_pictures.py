"""Large pictures within little memory: refused by their header, reduced strip by strip."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock

import numpy as np
from PIL import Image

from core.pictures.colour_modes import Bounds, eight_bit, is_deep, value_range

MOST_PIXELS = {"WEBP": 30_000_000, "HEIF": 50_000_000, "AVIF": 50_000_000}
"""What a decoder that gives whole pictures only may be asked for; others read 89 million."""
MOST_SIXTEEN_BIT = 45_000_000
"""Of several channels: a decoder holds them whole before they become eight bits."""
MOST_LONG = 400
"""Times that a picture may be longer than it is wide: reduced, there would be no width left."""
MOST_PROGRESSIVE = 50_000_000
MOST_BETWEEN = 12_000_000
"""Pixels between the two steps of reducing: the second one holds them twice."""
MOST_SEEN_THROUGH = 40_000_000
STRIP = 2_000_000
LARGE = 16_000_000
one_large_picture = Lock()
"""Held while a picture of more than `LARGE` pixels is decoded: one at a time in a process."""


def most_pixels(image: Image.Image) -> int:
    """How many pixels a picture of this format and coding may have; decoded, it takes 500 MB.

    Args:
        image: As opened, before it is decoded.
    """
    most = Image.MAX_IMAGE_PIXELS or 2**31
    if image.format in ("JPEG", "MPO") and "progressive" in image.info:
        most = min(most, MOST_PROGRESSIVE)
    most = min(most, MOST_PIXELS.get(image.format or "", most))
    if image.format in ("PNG", "TIFF") and any(
        ";16" in str(tile.args) for tile in getattr(image, "tile", ())
    ):
        most = most if is_deep(image) else min(most, MOST_SIXTEEN_BIT)
    seen_through = image.format == "HEIF" and "A" in image.getbands()
    return min(most, MOST_SEEN_THROUGH) if seen_through else most


def reduced(image: Image.Image, side: int) -> Image.Image:
    """The picture as RGB or RGBA with 8 bits, its longest side at most `side` pixels.

    It is decoded in its own mode; only strips of it are ever held in a larger one.
    """
    factor = max(1, max(image.size) // (2 * side))
    while image.width * image.height > MOST_BETWEEN * factor**2:
        factor += 1
    is_small = image.width * image.height <= STRIP
    small = eight_bit(image) if is_small else _joined(image, factor)
    small.thumbnail((side, side))
    return small


def _joined(image: Image.Image, factor: int) -> Image.Image:
    """Strips of the picture, each reduced by a whole factor, one under another."""
    bounds = _bounds(image, factor)
    whole, top = Image.new("L", (1, 1)), 0
    for strip in strips(image, factor):
        part = eight_bit(strip, bounds).reduce(factor)  # a factor of 1 gives a copy
        if not top:
            whole = Image.new(part.mode, (part.width, -(-image.height // factor)))
        whole.paste(part, (0, top))
        top += part.height
    return whole


def strips(image: Image.Image, factor: int) -> Iterator[Image.Image]:
    """Strips from the top, each of rows in multiples of the factor."""
    height = max(1, STRIP // image.width // factor) * factor
    for top in range(0, image.height, height):
        yield image.crop((0, top, image.width, min(top + height, image.height)))


def _bounds(image: Image.Image, factor: int) -> Bounds | None:
    if not is_deep(image):
        return None
    return value_range(np.asarray(strip) for strip in strips(image, factor))
