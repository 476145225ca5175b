"""A picture or a drawing of one's own -> its digits, and what is kept of it to be looked at."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from core.measures.verdict import PALE
from core.networks.likeness import Predict
from core.networks.touching import part_touching
from core.networks.turned_pages import quarter_turns as turns_of_page
from core.pictures.ink import Ink, find_ink
from core.pictures.picture_files import read_picture, shown_name
from core.pictures.segments import Box, Found, find_marks

EXAMPLE = Path(__file__).resolve().parents[2] / "static" / "example-number.jpg"
PREVIEW_SIDE = 480
CANVAS_SIDE = 300
FAINT, TALL = 64, 0.4
LEAST_SHAPE = 8
"""Of images that are only counted."""


@dataclass(frozen=True)
class OwnPicture:
    """The digits of one picture; small, so that a hundred may be kept.

    Attributes:
        name: Fit to be shown, not to be a path.
        preview: The picture as PNG, or reduced to 480 px by its longest side as JPEG.
        ink: What was taken for ink, as PNG of the preview's size; a drawing is its own ink.
        size: Width and height of the picture as it was read, in pixels.
        boxes: Of the digits in reading order, in pixels of the picture as it was read.
        images: uint8 (N, H, W), made like the training images; N is 0 where no ink was found. Of a
            network that reads colours (N, H, W, 3).
        places: Row and cell of each digit, from 1; the cell is 0 where there is no grid.
        doubts: Of each digit why it may be none, in a few words; empty where nothing says so.
        left_out: Boxes of marks that were taken for no digits.
        frames: Boxes of the frames, combs, tables and lines that were taken out.
        notes: What is to be said of the picture, a sentence each.
        quarter_turns: By how many quarters, counter-clockwise, it is probably to be turned.
        labels: Of each digit the class that the file or its folder states; empty where none does.
    """

    name: str
    preview: bytes
    ink: bytes
    size: tuple[int, int]
    boxes: tuple[Box, ...]
    images: np.ndarray
    places: tuple[tuple[int, int], ...] = ()
    doubts: tuple[str, ...] = ()
    left_out: tuple[Box, ...] = ()
    frames: tuple[Box, ...] = ()
    notes: tuple[str, ...] = ()
    quarter_turns: int = 0
    labels: tuple[int, ...] = ()


def read_digits(
    name: str,
    raw: bytes,
    shape: tuple[int, int],
    several: bool = True,
    predict: Predict | None = None,
    quarter_turns: int = 0,
) -> OwnPicture:
    """The digits of a picture file.

    Args:
        name: The file's, as it came.
        raw: Its bytes; nothing is written to disk.
        shape: Of the images to make.
        several: False takes all the ink for one digit.
        predict: What parts touching digits and notices a page on its side; None does neither.
        quarter_turns: By how many quarters, counter-clockwise, the picture is turned first.

    Raises:
        PictureError: One sentence with the file's name: the bytes hold no picture.
    """
    ink = find_ink(np.ascontiguousarray(np.rot90(read_picture(raw, name), quarter_turns)))
    found = find_marks(ink, shape, several)
    if predict is not None:
        found = replace(found, digits=part_touching(predict, found.digits))
    own = _own_picture(
        shown_name(name), ink, shape, found, small_preview(ink.picture), _drawn(ink.ink)
    )
    if predict is None:
        return own
    return replace(own, quarter_turns=turns_of_page(predict, own.images))


def read_drawing(raw: bytes, shape: tuple[int, int], several: bool = False) -> OwnPicture:
    """The digits of a canvas's PNG: dark strokes on its white paper.

    Paper is white by definition here, so nothing has to be guessed: darkness is ink.
    """
    with Image.open(io.BytesIO(raw), formats=["PNG"]) as image:
        grey = np.array(image.convert("L"))
    covered = (255 - grey).astype(np.float32) / 255
    picture = cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)
    ink = Ink(picture, grey, covered, covered, light_on_dark=False, scale=1.0, on_paper=False)
    return _own_picture("Drawing", ink, shape, find_marks(ink, shape, several), raw, raw)


def read_item(image: np.ndarray) -> OwnPicture:
    """An item's own image uint8 (H, W) as it lies on a canvas, before anything is drawn on it.

    The network reads the image itself: to find it again in its enlargement would change it.
    """
    raw = canvas_picture(image)
    lying = read_drawing(raw, image.shape[:2])
    boxes = lying.boxes or (Box(0, 0, *lying.size),)
    return replace(lying, images=image[None], boxes=boxes, places=((1, 0),), doubts=("",))


def parts_of_drawing(raw: bytes, image: np.ndarray) -> int:
    """How many digits a canvas's PNG shows if it is read as several.

    Args:
        raw: The PNG.
        image: What it was read as, uint8 (H, W): only where tall parts of it lie apart is the
            drawing looked at again, so that most strokes cost no more.
    """
    if _tall_parts(image) < 2:
        return 1
    return len(read_drawing(raw, (LEAST_SHAPE, LEAST_SHAPE), several=True).images)


def _tall_parts(image: np.ndarray) -> int:
    """How many connected parts of an image are over two fifths as tall as its ink."""
    *_, stats, _ = cv2.connectedComponentsWithStats((image > FAINT).astype(np.uint8))
    ends = stats[1:, cv2.CC_STAT_TOP] + stats[1:, cv2.CC_STAT_HEIGHT]
    if not len(ends):
        return 0
    tall = ends.max() - stats[1:, cv2.CC_STAT_TOP].min()
    return int((stats[1:, cv2.CC_STAT_HEIGHT] > TALL * tall).sum())


def canvas_picture(image: np.ndarray, side: int = CANVAS_SIDE) -> bytes:
    """An image uint8 (H, W), ink 255, as dark ink on a white canvas, enlarged smoothly, as PNG."""
    large = cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC)
    return encoded(255 - large, "PNG")


def _own_picture(
    name: str, ink: Ink, shape: tuple[int, int], found: Found, preview: bytes, drawn: bytes
) -> OwnPicture:
    digits = found.digits
    images = [digit.image for digit in digits]
    height, width = ink.picture.shape[:2]
    return OwnPicture(
        name=name,
        preview=preview,
        ink=drawn,
        size=(width, height),
        boxes=tuple(digit.box for digit in digits),
        images=np.stack(images) if images else np.zeros((0, *shape), np.uint8),
        places=tuple((digit.row, digit.cell) for digit in digits),
        doubts=tuple(digit.doubt or PALE * digit.has_pale_part for digit in digits),
        left_out=found.left_out,
        frames=found.frames,
        notes=found.notes,
    )


def _drawn(ink: np.ndarray) -> bytes:
    """Ink float32 (h, w) in [0, 1], dark on white, as PNG."""
    return encoded(255 - np.rint(255 * _small(ink)).astype(np.uint8), "PNG")


def small_preview(picture: np.ndarray) -> bytes:
    """A picture, reduced to 480 px by its longest side, as PNG; a larger one as JPEG."""
    return encoded(_small(picture), "PNG" if max(picture.shape) <= PREVIEW_SIDE else "JPEG")


def _small(picture: np.ndarray) -> np.ndarray:
    """With its longest side at most `PREVIEW_SIDE`."""
    scale = PREVIEW_SIDE / max(picture.shape[:2])
    if scale >= 1:
        return picture
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def encoded(picture: np.ndarray, kind: str) -> bytes:
    """A picture as PNG or JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind)
    return buffer.getvalue()


def one_of_many(picture: OwnPicture, number: int) -> OwnPicture:
    """A picture with one of its digits alone, counted from 0."""
    here = slice(number, number + 1)
    return replace(
        picture,
        boxes=picture.boxes[here],
        images=picture.images[here],
        places=picture.places[here],
        doubts=picture.doubts[here],
        labels=picture.labels[here],
    )


def all_images(pictures: Sequence[OwnPicture]) -> np.ndarray:
    """The digits of some pictures, uint8 (N, H, W), in the pictures' order."""
    return np.concatenate([picture.images for picture in pictures])
