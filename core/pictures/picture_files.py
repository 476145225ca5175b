"""Picture files: bytes to RGB, one plain sentence for each file that cannot be read."""

from __future__ import annotations

import io
import struct
import unicodedata
import zlib

import numpy as np
import pillow_heif
from PIL import Image, UnidentifiedImageError

from core.pictures.colour_modes import on_paper
from core.pictures.exif import UPRIGHT, orientation
from core.pictures.large_pictures import LARGE, MOST_LONG, most_pixels, one_large_picture, reduced

pillow_heif.register_heif_opener()
Image.init()  # loads every decoder, so that FORMATS can name them

LONGEST_SIDE = 1600
LEAST_SIDE = 4
_WANTED = ("PNG", "JPEG", "MPO", "WEBP", "BMP", "GIF", "TIFF", "HEIF", "AVIF")
FORMATS = tuple(kind for kind in _WANTED if kind in Image.OPEN)
SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"),
    *(".tif", ".tiff", ".heic", ".heif", ".avif"),
)
READABLE = "PNG, JPEG, WebP, BMP, GIF, TIFF and HEIC pictures can be read"
_NAME_LENGTH = 60
_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_HEIF_STARTS = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
# What Pillow's decoders raise on broken files.
_BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError),
    *(struct.error, zlib.error, OverflowError, MemoryError, RuntimeError, AttributeError),
)


class PictureError(ValueError):
    """A file that holds no digit to read; its message is one sentence with the file's name."""


def read_picture(raw: bytes, name: str) -> np.ndarray:
    """A picture file's first image, upright, as RGB uint8 (H, W, 3).

    The longest side is at most 1600 pixels; a larger picture is reduced while it is decoded,
    where the format allows. Transparency is laid on paper.

    Args:
        raw: The file's bytes; nothing is written to disk.
        name: The file's name, for messages.

    Raises:
        PictureError: The bytes are no picture, or a picture with nothing on it.
    """
    shown = shown_name(name)
    _refuse_other_kinds(raw, shown)
    with _opened(raw, shown) as image:
        _refuse_size(image, shown)
        try:
            picture = _decoded(image, shown)
        except PictureError:
            raise
        except _BROKEN as error:
            raise PictureError(f"{shown} is damaged or cut off and cannot be decoded.") from error
    if min(picture.shape[:2]) < LEAST_SIDE:
        raise PictureError(f"{shown} is too narrow to hold a digit.")
    if (picture == picture[0, 0]).all():
        raise PictureError(f"{shown} is {_tone(picture[0, 0])} all over: there is no ink on it.")
    return picture


def shown_name(name: str) -> str:
    """A file's name fit to be shown: no folders, no control characters, at most 60 characters."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in last)
    plain = " ".join(plain.split())
    if len(plain) > _NAME_LENGTH:
        plain = f"{plain[: _NAME_LENGTH - 12]}…{plain[-11:]}"
    return plain or "The file"


def looks_like_picture(start: bytes) -> bool:
    """Whether a file that begins with these 16 bytes or more is a picture, by its content."""
    is_webp = start[:4] == b"RIFF" and start[8:12] == b"WEBP"
    return start.startswith(_STARTS) or start[4:12] in _HEIF_STARTS or is_webp


def _refuse_other_kinds(raw: bytes, shown: str) -> None:
    if not raw:
        raise PictureError(f"{shown} is empty.")
    start = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf"):
        raise PictureError(f"{shown} is a PDF; {READABLE}.")
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")) and b"<svg" in raw[:8192].lower():
        raise PictureError(f"{shown} is an SVG drawing; {READABLE}.")


def _opened(raw: bytes, shown: str) -> Image.Image:
    try:
        return Image.open(io.BytesIO(raw), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise PictureError(_too_large(shown)) from error
    except UnidentifiedImageError as error:
        if looks_like_picture(raw):
            raise PictureError(f"{shown} is damaged and cannot be opened.") from error
        raise PictureError(f"{shown} is not a picture; {READABLE}.") from error
    except _BROKEN as error:
        raise PictureError(f"{shown} is damaged and cannot be opened.") from error


def _too_large(shown: str, most: int | None = None, kind: str = "") -> str:
    millions = (most or Image.MAX_IMAGE_PIXELS or 0) // 1_000_000
    return f"{shown} is too large: at most {millions} million pixels{kind} can be read."


def _refuse_size(image: Image.Image, shown: str) -> None:
    width, height = image.size
    most = most_pixels(image)
    if width * height > most:
        is_usual = most == Image.MAX_IMAGE_PIXELS
        raise PictureError(_too_large(shown, most, "" if is_usual else f" of a {image.format}"))
    if min(image.size) < LEAST_SIDE:
        raise PictureError(f"{shown} is {width} × {height} pixels: too small to hold a digit.")
    if max(image.size) > MOST_LONG * min(image.size):
        raise PictureError(f"{shown} is too narrow to hold a digit.")


def _decoded(image: Image.Image, shown: str) -> np.ndarray:
    """The picture upright, one large one after another: each takes memory as it is decoded."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    if image.width * image.height <= LARGE:
        return _upright_rgb(image, shown)
    with one_large_picture:
        return _upright_rgb(image, shown)


def _upright_rgb(image: Image.Image, shown: str) -> np.ndarray:
    turned = UPRIGHT.get(orientation(image))
    small = reduced(image, LONGEST_SIDE)
    if "A" in small.getbands():
        if small.getextrema()[-1] == (0, 0):
            raise PictureError(f"{shown} is fully transparent: there is no ink on it.")
        small = on_paper(small)
    pixels = np.array(small.convert("RGB"))
    return pixels if turned is None else np.ascontiguousarray(turned(pixels))


def _tone(pixel: np.ndarray) -> str:
    if pixel.max() < 32:
        return "black"
    return "white" if pixel.min() > 223 else "one colour"
