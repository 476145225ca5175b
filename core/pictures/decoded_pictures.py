"""Encoded pictures of other people -> arrays; what is none is said in one sentence."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

from core.pictures.exif import UPRIGHT, orientation
from core.pictures.large_pictures import most_pixels, strips

FORMATS = ("PNG", "JPEG", "MPO", "WEBP", "BMP", "GIF", "TIFF", "PPM", "AVIF")
"""Decoders that run no other program; Pillow's EPS, for one, calls Ghostscript."""
MOST_PIXELS = 50_000_000
MOST_BYTES = 100_000_000
# What Pillow's decoders raise on broken files.
_BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError),
    *(struct.error, zlib.error, OverflowError, MemoryError, RuntimeError, AttributeError),
)
_SIXTEEN_BIT = ("I;16", "I;16B", "I;16L", "I")


def decode_picture(content: bytes, name: str, longest: int | None = None) -> np.ndarray:
    """A picture's first frame, upright, uint8 (H, W) if it is grey, else RGB (H, W, 3).

    Transparency is laid on white.

    Args:
        content: The file's bytes.
        name: What the message calls it.
        longest: A side in pixels that is enough; JPEG is then decoded smaller.

    Raises:
        ValueError: it is no picture, damaged or too large.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(f"{name} has more than {MOST_BYTES // 1_000_000} million bytes.")
    most = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            most = min(MOST_PIXELS, most_pixels(picture))
            if picture.width * picture.height > most:
                raise Image.DecompressionBombError
            if longest is not None:
                picture.draft(None, (longest, longest))
            found, turned = _array(picture), UPRIGHT.get(orientation(picture))
    except Image.DecompressionBombError as error:
        raise ValueError(f"{name} has more than {most // 1_000_000} million pixels.") from error
    except _BROKEN as error:
        raise ValueError(f"{name} is no picture, or damaged or cut off.") from error
    return found if turned is None else np.ascontiguousarray(turned(found))


def _array(picture: Image.Image) -> np.ndarray:
    """The picture as an array; only strips of it are ever held a second time."""
    found, top = np.empty(0, np.uint8), 0
    for strip in strips(picture, 1):
        part = np.asarray(_plain(strip))
        if not top:
            found = np.empty((picture.height, *part.shape[1:]), np.uint8)
        found[top : top + len(part)] = part
        top += len(part)
    return found


def _plain(picture: Image.Image) -> Image.Image:
    """As L or RGB."""
    if picture.mode in _SIXTEEN_BIT:
        # Pillow's own way to 8 bits clips at 255 in place of dividing.
        return Image.fromarray(
            (np.asarray(picture).astype(np.int64) >> 8).clip(0, 255).astype("u1")
        )
    if picture.mode in {"1", "L"} and "transparency" not in picture.info:
        return picture.convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    grey, picture = picture.mode == "LA", picture.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("L" if grey else "RGB")
