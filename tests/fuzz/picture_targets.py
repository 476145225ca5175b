"""Pictures: what people upload, what a study holds, and the one that travels in a link."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

from core.pictures.decoded_pictures import decode_picture
from core.pictures.picture_files import LONGEST_SIDE, PictureError, read_picture
from tests.fuzz.file_targets import sentence
from tests.fuzz.shapes import parted, with_right_sums

TIFF_KINDS = ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK", "YCbCr", "F", "I")


def pictures(_: Path, data: bytes) -> None:
    """A picture file through both of the doors for pictures."""
    head, content = parted(data)
    content = with_right_sums(content) if head[0] % 2 else content
    try:
        found = read_picture(content, "a\n.png")
    except PictureError as error:
        sentence(error)
    else:
        assert found.dtype == np.uint8 and found.ndim == 3 and max(found.shape) <= LONGEST_SIDE
    try:
        plain = decode_picture(content, "a.png", 96 if head[1] % 2 else None)
    except ValueError as error:
        sentence(error)
    else:
        assert plain.dtype == np.uint8 and plain.shape[2:] in ((), (3,))


def encoded() -> list[bytes]:
    """A small picture in every format and mode."""
    values = np.arange(20 * 24, dtype=np.uint8).reshape(20, 24)
    whole = Image.fromarray(np.stack([values, values.T.reshape(20, 24), 255 - values], 2))
    found = []
    for mode in MODES:
        picture = whole.convert("L").convert("I;16") if mode == "I;16" else whole.convert(mode)
        found += _written(picture)
    found += _special(whole)
    return [b"\1\0\0" + content for content in found]


def _written(picture: Image.Image) -> list[bytes]:
    kinds: list[tuple[str, dict]] = [
        ("PNG", {}), ("JPEG", {"quality": 30}), ("GIF", {}), ("BMP", {}), ("WEBP", {"quality": 5}),
    ]  # fmt: skip
    kinds += [("TIFF", {"compression": name}) for name in TIFF_KINDS]
    found = []
    for kind, options in kinds:
        buffer = io.BytesIO()
        try:
            picture.save(buffer, kind, **options)
        except (OSError, ValueError, KeyError):  # not every format knows every mode
            continue
        found.append(buffer.getvalue())
    return found


def _special(whole: Image.Image) -> list[bytes]:
    """Progressive, lossless, turned, of several frames, see-through, HEIF and AVIF."""
    exif = Image.Exif()
    exif[0x0112] = 6
    ways: list[tuple[Image.Image, str, dict]] = [
        (whole, "JPEG", {"progressive": True, "exif": exif}), (whole, "WEBP", {"lossless": True}),
        (whole, "GIF", {"save_all": True, "append_images": [whole.rotate(90)]}),
        (whole, "MPO", {"save_all": True, "append_images": [whole]}),
        (whole, "TIFF", {"save_all": True, "append_images": [whole], "tile": (16, 16)}),
        (whole.convert("P"), "PNG", {"transparency": 3}), (whole, "PNG", {"exif": exif}),
        (whole.convert("P"), "PNG", {"bits": 4}), (whole.convert("1"), "PNG", {}),
        (whole, "HEIF", {"quality": 5}), (whole.convert("RGBA"), "HEIF", {"quality": 5}),
        (whole, "AVIF", {"quality": 5}),
    ]  # fmt: skip
    pillow_heif.register_heif_opener()
    found = []
    for picture, kind, options in ways:
        if kind in Image.SAVE or kind in Image.SAVE_ALL:
            buffer = io.BytesIO()
            picture.save(buffer, kind, **options)
            found.append(buffer.getvalue())
    return found
