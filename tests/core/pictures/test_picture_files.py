import io
import tracemalloc
import zlib

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.pictures.picture_files import (
    FORMATS,
    LONGEST_SIDE,
    PictureError,
    read_picture,
    shown_name,
)


def corner_picture(height: int = 60, width: int = 40) -> np.ndarray:
    """White, its top left quarter black: shows every turn and mirroring."""
    picture = np.full((height, width, 3), 255, np.uint8)
    picture[: height // 2, : width // 2] = 0
    return picture


def encoded(image: Image.Image | np.ndarray, kind: str = "PNG", **options) -> bytes:
    image = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def sentence(raw: bytes, name: str = "seven.png") -> str:
    with pytest.raises(PictureError) as caught:
        read_picture(raw, name)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "HEIF"])
def test_every_format_gives_the_picture_back(kind):
    picture = corner_picture()
    read = read_picture(encoded(picture, kind, quality=95), f"a.{kind}")
    assert read.dtype == np.uint8
    assert read.shape == picture.shape
    assert np.abs(read.astype(int) - picture).mean() < 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(orientation):
    picture = corner_picture()
    turned = {
        1: picture,
        2: picture[:, ::-1],
        3: picture[::-1, ::-1],
        4: picture[::-1],
        5: picture.transpose(1, 0, 2),
        6: np.rot90(picture, 1),
        7: picture[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(picture, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    raw = encoded(np.ascontiguousarray(turned), "PNG", exif=exif)
    np.testing.assert_array_equal(read_picture(raw, "a.png"), picture)


def test_dark_ink_on_nothing_is_laid_on_white_and_light_ink_on_black():
    for tone, paper in ((0, 255), (255, 0)):
        drawing = np.zeros((30, 30, 4), np.uint8)
        drawing[10:20, 10:20] = (tone, tone, tone, 255)
        read = read_picture(encoded(drawing), "drawing.png")
        assert (read[15, 15] == tone).all()
        assert (read[0, 0] == paper).all()


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "PA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_every_colour_mode_keeps_dark_dark_and_light_light(mode):
    grey = corner_picture()[..., 0]
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    elif mode in ("I", "F"):
        image = Image.fromarray(grey).convert(mode)
    elif mode == "PA":
        image = Image.fromarray(grey).convert("P").convert("PA")
    else:
        image = Image.fromarray(corner_picture()).convert(mode)
    kind = "PNG" if mode in ("1", "L", "P", "LA", "I;16") else "TIFF"
    kind = "JPEG" if mode == "YCbCr" else kind
    read = read_picture(encoded(image, kind), "a")
    assert read[5, 5].max() < 20
    assert read[50, 30].min() > 235


def test_a_palette_with_a_transparent_colour_shows_paper_there():
    image = Image.fromarray(corner_picture()).convert("P", palette=Image.Palette.ADAPTIVE)
    white = image.getpixel((39, 59))
    read = read_picture(encoded(image, "GIF", transparency=white), "a.gif")
    assert read[50, 30].min() == 255
    assert read[5, 5].max() < 20


def test_an_animation_gives_its_first_frame():
    first, second = corner_picture(), corner_picture()[::-1].copy()
    raw = encoded(
        Image.fromarray(first), "GIF", save_all=True, append_images=[Image.fromarray(second)]
    )
    np.testing.assert_array_equal(read_picture(raw, "a.gif"), first)


def test_a_large_photograph_is_reduced_as_it_is_decoded():
    raw = encoded(np.full((3000, 4000, 3), 200, np.uint8) - corner_picture(3000, 4000) // 2, "JPEG")
    assert read_picture(raw, "a.jpg").shape == (1200, LONGEST_SIDE, 3)


def test_a_long_queue_of_photographs_needs_the_memory_of_one():
    raw = encoded(corner_picture(3000, 4000), "JPEG")
    tracemalloc.start()
    for _ in range(5):
        read_picture(raw, "a.jpg")
    assert tracemalloc.get_traced_memory()[1] < 100_000_000
    tracemalloc.stop()


def png_of_declared_size(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + crc

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0" * 99)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "is empty"),
        (b"just some text", "is not a picture"),
        (encoded(corner_picture(400, 400), "GIF")[:40], "is damaged"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing"),
        (encoded(corner_picture(400, 400), "JPEG")[:900], "damaged or cut off"),
        (encoded(corner_picture(400, 400))[:-60], "damaged or cut off"),
        (png_of_declared_size(50_000, 50_000), "is too large"),
        (png_of_declared_size(10_000, 10_000), "is too large"),
        (encoded(np.zeros((1, 1, 3), np.uint8)), "is 1 × 1 pixels"),
        (encoded(corner_picture(8, 8000)), "is too narrow"),
        (encoded(np.zeros((50, 50, 3), np.uint8)), "is black all over"),
        (encoded(np.full((50, 50, 3), 255, np.uint8)), "is white all over"),
        (encoded(np.zeros((50, 50, 4), np.uint8)), "is fully transparent"),
    ],
)
def test_every_bad_file_has_its_own_sentence_with_its_name(raw, expected):
    message = sentence(raw, "../../etc/se\x1b[31mven\u202e.png")
    assert expected in message
    assert message.startswith("se [31mven .png is")
    assert message.endswith(".")


def test_a_picture_with_broken_exif_is_read_as_it_stands():
    raw = encoded(corner_picture(), "JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff\x01")
    assert read_picture(raw, "a.jpg").shape == corner_picture().shape


def test_shown_names_are_short_and_never_empty():
    assert shown_name("C:\\photos\\7.png") == "7.png"
    assert shown_name("\x00\n") == "The file"
    assert shown_name("") == "The file"
    long = shown_name("x" * 500 + ".jpeg")
    assert len(long) == 60
    assert long.endswith(".jpeg")


@settings(max_examples=150, deadline=None)
@given(
    start=st.sampled_from(
        [
            b"",
            *(encoded(corner_picture(), kind)[:64] for kind in FORMATS if kind != "MPO"),
            *(encoded(corner_picture(), kind) for kind in ("PNG", "JPEG", "GIF", "TIFF", "WEBP")),
        ]
    ),
    noise=st.binary(max_size=200),
    at=st.integers(0, 400),
)
def test_random_bytes_give_a_picture_or_a_sentence(start, noise, at):
    raw = start[:at] + noise + start[at + len(noise) :]
    try:
        picture = read_picture(raw, "noise")
    except PictureError as error:
        assert str(error).startswith("noise is")
    else:
        assert picture.dtype == np.uint8
        assert picture.ndim == 3
        assert picture.shape[2] == 3


@settings(max_examples=100, deadline=None)
@given(name=st.text(max_size=300))
def test_any_name_is_shown_without_control_characters(name):
    shown = shown_name(name)
    assert 0 < len(shown) <= 60
    assert shown.isprintable() or " " in shown
    assert "/" not in shown


def test_heic_of_a_telephone_is_read_upright():
    file = io.BytesIO()
    heif = pillow_heif.from_pillow(Image.fromarray(corner_picture(256, 128)))
    heif.save(file, quality=90)
    read = read_picture(file.getvalue(), "IMG_0001.HEIC")
    assert read.shape == (256, 128, 3)
    assert read[20, 20].max() < 40
