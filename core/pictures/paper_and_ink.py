"""Paper under ink: which of the two is darker, and how bright the paper is at every pixel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

PROXY_SIDE = 400
"""Pixels of the reduced copy in which the paper is looked for."""
SMALL_SIDE = 64
"""Pixels of the shorter side up to which nothing is smoothed: a stroke is one or two wide."""
THIN_PARTS = (48, 32, 24, 16, 12, 8, 6, 4)
"""Widths of structures, as parts of the shorter side, from narrow to wide."""
NARROW = 5
"""The place among them of the widest that a stroke still has: an eighth of the side."""
THIN_LEAST = 0.001
"""Share of the picture's contrast and area under which thin structures tell nothing."""
NOT_ALL = 0.75
"""Share of the picture's whole contrast that strokes on an uneven ground stay under."""
CALM = 1.03
"""How much brighter than its darkest neighbour the paper may be taken to be."""
EDGE_LINE, EDGE_BESIDE = 0.8, 0.35
"""Shares of an outermost row that make it a scan's edge, and of a row beside it that is none."""


def grey(picture: np.ndarray) -> np.ndarray:
    """Luminance uint8 (H, W) of an RGB picture uint8 (H, W, 3)."""
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def falling_light(image: np.ndarray) -> np.ndarray:
    """The smooth fall of light over a grey image (H, W): float32 in (0, 1], 1 where brightest.

    A quadratic surface is fitted to log brightness, each pixel weighted down by its distance
    from it: ink and chalk, the minority, hardly bend it.
    """
    proxy = shrink(image.astype(np.float32), 64)
    terms = _quadratic(proxy.shape)
    light = np.log(proxy.ravel() + 8)
    weights = np.ones_like(light)
    small = 1e-6 * np.eye(terms.shape[1])  # a picture one pixel high determines no slope
    for _ in range(8):
        weighted = terms * weights[:, None] ** 2
        fitted = terms @ np.linalg.solve(terms.T @ weighted + small, light @ weighted)
        off = np.abs(light - fitted)
        weights = 1 / (1 + (off / max(float(np.median(off)), 1e-3)) ** 2)
    surface = np.exp(np.clip(fitted - fitted.max(), -1.5, 0)).reshape(proxy.shape)
    return cv2.resize(surface.astype(np.float32), image.shape[1::-1])


def _quadratic(shape: tuple[int, ...]) -> np.ndarray:
    y, x = (axis.ravel() for axis in np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j])
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


def is_light_on_dark(image: np.ndarray) -> bool:
    """Whether ink is lighter than paper in a grey image uint8 (H, W).

    Strokes are narrow, so the tone that clearly holds more of the narrow structures is ink: this
    survives shadows, squared paper and a table around the page. Where the narrowest and the
    wider structures disagree, either the light falls in steps wider than faint thin strokes,
    which then decide alone; or a digit fills the picture and its gaps are as narrow as its
    strokes: there paper is the tone that holds most of the border and most of the area.
    """
    small = shrink(image, PROXY_SIDE)
    if min(small.shape) > SMALL_SIDE:
        calm = cv2.GaussianBlur(small, (0, 0), 0.8)
        found = np.array(list(_thin_contrast(calm)))
        narrow, all_widths = _clearly_light(found[:NARROW]), _clearly_light(found)
        if narrow is not None and narrow == all_widths:
            return narrow
        if _is_faint_and_thin(calm):
            return bool(np.diff(found[:NARROW].sum(0)) > 0)
    return _paper_is_dark_by_border_and_area(small)


def _clearly_light(found: np.ndarray) -> bool | None:
    """Which of (dark, light) contrasts, shape (P, 2), is three times the other; or None."""
    dark, light = found.sum(0)
    if dark + light < THIN_LEAST or max(dark, light) < 3 * min(dark, light):
        return None
    return bool(light > dark)


def _is_faint_and_thin(small: np.ndarray) -> bool:
    """Whether the narrowest structures have much of the contrast of wider ones, but not all.

    Strokes that fill a picture hold its whole contrast, and lose it to the narrowest window.
    """
    low, high = np.percentile(small, [0.1, 99.9])
    thin, wide = (_most_contrast(small, parts) for parts in (THIN_PARTS[0], THIN_PARTS[NARROW]))
    return thin > 0.5 * wide and wide < NOT_ALL * float(high - low)


def _most_contrast(small: np.ndarray, parts: int) -> float:
    """The contrast of the strongest structures narrower than a part of the shorter side."""
    kernel = _square(max(3, min(small.shape) // parts))
    hats = (
        cv2.morphologyEx(small, kind, kernel) for kind in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT)
    )
    return max(float(np.percentile(hat, 99.9)) for hat in hats)


def _thin_contrast(small: np.ndarray) -> Iterator[tuple[float, float]]:
    """Contrast in narrow dark and in narrow light structures, from the narrowest on.

    Each as a fraction of the picture's contrast and area, above what noise holds. Only what
    stands out of its wider surroundings counts: the hole of a thick 8 is paper, not light ink.
    """
    low, high = np.percentile(small, [0.1, 99.9])
    beyond = small.astype(np.float32) - _usual_around(small)
    for parts in THIN_PARTS:
        kernel = _square(max(3, min(small.shape) // parts))
        found = []
        for sign, operation in ((-1, cv2.MORPH_BLACKHAT), (1, cv2.MORPH_TOPHAT)):
            narrow = cv2.morphologyEx(small, operation, kernel).astype(np.float32)
            found.append(np.where(sign * beyond > 0.5 * narrow, narrow, 0))
        floor = 0.35 * max(float(np.percentile(values, 99.9)) for values in found)
        dark, light = (float(np.maximum(values - floor, 0).mean()) for values in found)
        yield dark / max(float(high - low), 1.0), light / max(float(high - low), 1.0)


def _usual_around(small: np.ndarray) -> np.ndarray:
    """The median over about half the picture's side around each pixel, float32 (H, W)."""
    tiny = shrink(small, 96)
    usual = cv2.medianBlur(tiny, (max(3, min(tiny.shape) // 2)) | 1)
    return cv2.resize(usual, small.shape[1::-1]).astype(np.float32)


def _paper_is_dark_by_border_and_area(small: np.ndarray) -> bool:
    low, high = np.percentile(small, [1, 99])
    bright = _without_edge_lines(small > (float(low) + float(high)) / 2)
    border = np.concatenate([bright[0], bright[-1], bright[1:-1, 0], bright[1:-1, -1]])
    corners = bright[[0, 0, -1, -1], [0, -1, 0, -1]]
    votes = border.mean() + bright.mean() + 0.5 * corners.mean()
    return bool(votes < 1.25)


def _without_edge_lines(bright: np.ndarray) -> np.ndarray:
    """A mask without lines along its edges: a few rows of the rarer tone beside the other's."""
    line_is_bright = bool(bright.mean() < 0.5)
    for turn in range(4):
        turned = np.rot90(bright, turn)
        share = turned[: max(2, len(turned) // 6) + 1].mean(1)
        tone = share if line_is_bright else 1 - share
        inner = np.flatnonzero(tone[1:] < EDGE_BESIDE)
        if tone[0] > EDGE_LINE and inner.size and len(turned) > 8:
            turned = turned[inner[0] + 1 :]
        bright = np.rot90(turned, -turn)
    return bright


@dataclass(frozen=True)
class Window:
    """How paper is told from strokes: by a closing `width` of the shorter side wide.

    Attributes:
        width: A fraction of the shorter side; dark structures narrower than it are ink.
        even: Whether the smooth fall of light is divided out first.
    """

    width: float
    even: bool


def coverage(picture: np.ndarray, light_on_dark: bool, window: Window) -> np.ndarray:
    """How much of the paper's light each pixel lacks, mean over the channels, float32 (H, W).

    In [0, 1]. Uneven light is divided out by the paper's own brightness: a closing fills every
    dark structure narrower than the window, and leaves shadows, which are wider, as they are.

    Args:
        picture: uint8 (H, W, C).
        light_on_dark: Chalk on a board; coverage is then what a pixel has beyond the board.
        window: What is narrow enough to be ink.
    """
    bright = 255 - picture if light_on_dark else picture
    levels = _paper_brightness(bright, window)
    total = np.zeros(picture.shape[:2], np.float32)
    # One channel after the other and in place: a photograph's three together take 90 MB.
    for channel in range(picture.shape[2]):
        level = cv2.resize(levels[..., channel], total.shape[::-1], interpolation=cv2.INTER_LINEAR)
        lacking = level - bright[..., channel]
        lacking /= np.maximum(level, 128) if light_on_dark else level + 1
        total += np.clip(lacking, 0, 1, out=lacking)
    total /= picture.shape[2]
    return total


def _paper_brightness(bright: np.ndarray, window: Window) -> np.ndarray:
    """The paper's brightness under dark ink, float32 (h, w, C) of a reduced copy."""
    small: np.ndarray = shrink(bright, PROXY_SIDE).astype(np.float32)
    if min(small.shape[:2]) > SMALL_SIDE:
        small = cv2.GaussianBlur(cv2.medianBlur(small, 3), (0, 0), 1)
    light = falling_light(small.mean(2))[..., None] if window.even else 1.0
    width = max(3, round(window.width * min(small.shape[:2])))
    closed = cv2.morphologyEx(small / light, cv2.MORPH_CLOSE, _square(width))
    smooth: np.ndarray = cv2.blur(closed, (width // 4 + 1, width // 4 + 1))
    # A blur carries the light side of a shadow's edge into the dark side, where it would be ink.
    return np.minimum(smooth, CALM * cv2.erode(closed, _square(3))) * light


def shrink(image: np.ndarray, side: int) -> np.ndarray:
    """The image reduced to `side` pixels by its longer side; a smaller one as it is."""
    scale = side / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def _square(width: int) -> np.ndarray:
    return np.ones((width | 1, width | 1), np.uint8)
