"""Pictures of two flat colours, as screens and scanners make them: which one is ink?"""

from __future__ import annotations

import numpy as np

from core.pictures.paper_and_ink import PROXY_SIDE, is_light_on_dark

STEP = 16
CELLS = 256 // STEP
APART = 40.0
NEAR = 26.0
EVEN = 4.0
LEAST_SHARE = 0.85
LEAST_INK = 0.004
MOST_GRAIN = 1.0
SMALL_SIDE = 96
TOLD_APART = 80.0


def two_colours(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The two colours float (3,) that nearly all of an RGB picture (H, W, 3) has, the usual first.

    None where light falls unevenly, or where there is one colour or there are many.
    """
    if _grain(picture) > MOST_GRAIN:
        return None
    step = max(1, max(picture.shape) // PROXY_SIDE)
    pixels = picture[::step, ::step].reshape(-1, 3)  # a mean would be of neither colour
    first = _most_frequent(pixels)
    others = pixels[_off(pixels, first) > APART]
    if len(others) < LEAST_INK * len(pixels):
        return None
    second = _most_frequent(others)
    near = [_off(pixels, colour) < NEAR for colour in (first, second)]
    if float((near[0] | near[1]).mean()) < LEAST_SHARE or near[1].mean() < LEAST_INK:
        return None
    if float(pixels[near[0]].std(0).max()) > EVEN:
        return None
    if max(picture.shape) < SMALL_SIDE and abs(luminance(first) - luminance(second)) > TOLD_APART:
        return None  # in a small picture greys are half-covered pixels, and are needed
    return first, second


def _grain(picture: np.ndarray) -> float:
    """The usual step between neighbouring pixels: 0 on a screen, more where a camera looked."""
    green = picture[::2, :, 1].astype(np.int16)
    return float(np.median(np.abs(green[:, 1:] - green[:, :-1]))) if green.shape[1] > 1 else 0.0


def _most_frequent(pixels: np.ndarray) -> np.ndarray:
    """The mean of the fullest cell of colours, and of its neighbours."""
    red, green, blue = (pixels // STEP).astype(np.int64).T
    counts = np.bincount((red * CELLS + green) * CELLS + blue, minlength=CELLS**3)
    cell = np.unravel_index(int(counts.argmax()), (CELLS, CELLS, CELLS))
    middle = np.array(cell) * STEP + STEP / 2
    return pixels[_off(pixels, middle) <= STEP].mean(0)


def _off(pixels: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """How far each pixel (N, 3) is off a colour in its worst channel, float (N,).

    Channel by channel: along an axis of three, NumPy takes many times as long.
    """
    red, green, blue = (np.abs(pixels[:, n] - colour[n]) for n in range(3))
    return np.maximum(np.maximum(red, green), blue)


def coverage_of_colours(
    picture: np.ndarray, colours: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, bool]:
    """Coverage float32 (H, W), and whether ink is the brighter colour.

    How far each pixel lies on the way from paper's colour to ink's: two colours of equal
    luminance are told apart as well as black and white.
    """
    way = (colours[1] - colours[0]).astype(np.float32)
    along = picture.reshape(-1, 3).astype(np.float32) @ (way / float(way @ way))
    along -= float(colours[0] @ way) / float(way @ way)
    covered = np.clip(along.reshape(picture.shape[:2]), 0, 1)
    usual_is_ink = is_light_on_dark(np.rint(255 * (1 - covered)).astype(np.uint8))
    ink, paper = colours if usual_is_ink else colours[::-1]
    return (1 - covered if usual_is_ink else covered), luminance(ink) > luminance(paper)


def luminance(colour: np.ndarray) -> float:
    """Of an RGB colour (3,), in [0, 255], as Rec. 601 weighs the channels."""
    return float(colour @ [0.299, 0.587, 0.114])
