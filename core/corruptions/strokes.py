"""Lines across, a patch over it, other pens, outlines alone: what changes the strokes.

Shapes and ranges as in `core.corruptions.geometry`; lengths are shares of the longer side.
"""

from __future__ import annotations

import cv2
import numpy as np

from core.corruptions.blur import SIDE, blurred
from core.corruptions.draws import Draws
from core.corruptions.light import spread

FADE = 2.3
"""Pixels from the middle of a line, at MNIST-C's size, at which its formula gives nothing left."""
CANNY = (0.1, 0.2)
Array = np.ndarray


def dotted_line(x: Array, amounts: Array, draws: Draws) -> Array:
    """`amounts` lines from side to side, two columns on and two off; a part of one is paler."""
    height, width = x.shape[2:]
    unit = max(height, width) / SIDE
    dots = np.arange(width) // max(1, round(2 * unit)) % 2
    for number in range(int(np.ceil(amounts.max(initial=0)))):
        left, right = draws.integers(max(height - 1, 1), 2).T
        line = _line((height, width), 0 * left, left, 0 * right + width - 1, right)
        x = (x + spread((amounts - number).clip(0, 1)) * (line * dots)[:, None]).clip(0, 1)
    return x


def zigzag(x: Array, amounts: Array, draws: Draws) -> Array:
    """`amounts` zigzags from side to side, 4 pixels a turn and 2 up and down at MNIST-C's size."""
    for number in range(int(np.ceil(amounts.max(initial=0)))):
        drawn = _zigzag(x.shape[2:], draws)[:, None]
        x = (x + spread((amounts - number).clip(0, 1)) * drawn).clip(0, 1)
    return x


def _zigzag(shape: tuple[int, ...], draws: Draws) -> Array:
    """The ink of one zigzag for each image, float64 (N, H, W)."""
    height, width = shape
    unit = max(shape) / SIDE
    run = max(width - 5 * unit, 2 * unit)
    start, rise = draws.integers(max(height - 1, 1)), draws.integers(5, low=-5)
    slope = np.arctan(rise * unit / run)
    length = run / np.cos(slope)
    turns = int((run - 2 * unit) // (4 * unit)) + 1
    ends = unit * np.where(np.arange(turns) % 2, -2.0, 2.0)
    along = [0 * length, *(0 * length + unit * (4 * turn + 2) for turn in range(turns)), length]
    last = ends[-1] * (1 - (length - along[-2]) / (2 * unit))  # as far as the wave has come
    aside = [0 * length, *(0 * length + end for end in ends), last]
    cos, sin = np.cos(slope), np.sin(slope)
    columns = [2 * unit + cos * a - sin * b for a, b in zip(along, aside, strict=True)]
    rows = [start + sin * a + cos * b for a, b in zip(along, aside, strict=True)]
    total = np.zeros((len(length), height, width))
    for i in range(turns + 1):
        total += _line(shape, columns[i], rows[i], columns[i + 1], rows[i + 1])
    return total.clip(0, 1)


def occlusion(x: Array, amounts: Array, draws: Draws) -> Array:
    """A square of `amounts` of the longer side at the image's median; shared draws: in the middle.

    The median is the paper of a drawing and a middle tone of a photograph.
    """
    height, width = x.shape[2:]
    side = amounts * max(height, width)
    share = draws.places(2)
    rows = _covered(height, side, share[:, 0])
    columns = _covered(width, side, share[:, 1])
    covered = (rows[:, :, None] & columns[:, None])[:, None]
    return np.where(covered, np.median(x, axis=(2, 3), keepdims=True), x)


def _covered(size: int, side: Array, share: Array) -> Array:
    """Which pixels of a side lie under the square, bool (N, size)."""
    long = np.minimum(side, size)
    first = np.rint(share * (size - long))
    at = np.arange(size)
    return (at >= first[:, None]) & (at < (first + np.rint(long))[:, None])


def stroke(x: Array, amounts: Array, draws: Draws) -> Array:
    """Bright strokes wider by `amounts` of the longer side at each edge; below 0, thinner.

    Grey dilation or erosion with a disc, mixed where its radius lies between two whole pixels.
    """
    radius = amounts * max(x.shape[2:])
    low = np.floor(np.abs(radius)).astype(int)
    rest = np.abs(radius) - low
    found = np.empty_like(x)
    for number, image in enumerate(x):
        sides = [_pen(image, np.sign(radius[number]), low[number] + more) for more in (0, 1)]
        found[number] = (1 - rest[number]) * sides[0] + rest[number] * sides[1]
    return found


def _pen(image: Array, sign: float, radius: int) -> Array:
    if radius == 0:
        return image
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    change = cv2.dilate if sign > 0 else cv2.erode
    return np.stack([change(channel, disc) for channel in image])


def canny_edges(x: Array, amounts: Array, draws: Draws) -> Array:
    """`amounts` of the way to Canny's edges after a blur of 1 pixel at MNIST-C's size.

    Thresholds 0.1 and 0.2 of full ink on the Sobel gradient of the channels' mean.
    """
    unit = max(x.shape[2:]) / SIDE
    frame = max(1, round(5 * unit))
    framed = np.pad(x.mean(1, keepdims=True), ((0, 0), (0, 0), (frame, frame), (frame, frame)))
    soft = np.rint(255 * blurred(framed, np.full(len(x), unit))).astype(np.uint8)
    low, high = (255 * threshold / unit for threshold in CANNY)
    edges = np.stack([cv2.Canny(image[0], low, high, L2gradient=True) for image in soft])
    inside = edges[:, None, frame:-frame, frame:-frame] / np.float32(255)
    share = spread(amounts)
    return (1 - share) * x + share * inside


def _line(shape: tuple[int, ...], x0: Array, y0: Array, x1: Array, y1: Array) -> Array:
    """Strokes (N, H, W) from (x0, y0) to (x1, y1), fading to nothing 1.5 pixels above and below.

    The pixels are those of MNIST-C's size.
    """
    unit = max(shape) / SIDE
    x0, y0, x1, y1 = (np.asarray(end, float)[:, None, None] for end in (x0, y0, x1, y1))
    rows, columns = np.arange(shape[0])[:, None], np.arange(shape[1])[None]
    run = x1 - x0
    slope = (y1 - y0) / np.where(np.abs(run) < 1e-6, np.inf, run)
    distance = np.abs(rows - slope * (columns - x0) - y0).clip(0, (FADE - 0.01) * unit)
    ink = (np.log(1 - distance / (FADE * unit)) + 1).clip(0, 1)
    return ink * ((columns >= np.floor(x0)) & (columns < np.ceil(x1)))
