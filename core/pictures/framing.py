"""A digit's ink, of any size, to one image framed as the training digits are."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

FILL = 5 / 7
"""How much of the frame the ink takes by its longest side, as in the training digits."""
FINE_SIDE = 160
STROKE = (0.105, 0.125, 0.200, 0.185)


def frame_digit(ink: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """One image uint8 `shape`, from the ink float32 (H, W) in [0, 1] of one digit.

    As the training digits were made: the ink's box to 5/7 of the frame by its longest side, with
    antialiasing; its centre of mass to the frame's centre; full ink to 255. Strokes much thinner
    or thicker than those are brought to that range first. No ink gives zeros.
    """
    cropped = crop(ink)
    if cropped is None:
        return np.zeros(shape, np.uint8)
    fine = crop(_usual_stroke(_at_fine_size(cropped)))
    target = max(1, round(FILL * min(shape)))
    small = _shrink_to(fine if fine is not None else cropped, target)
    small *= 255 / max(float(small.max()), 1e-6)
    return _centred(np.clip(np.rint(small), 0, 255).astype(np.uint8), shape)


def crop(ink: np.ndarray, least: float = 0.25) -> np.ndarray | None:
    """The rectangle that holds every value above `least`, or None where there is none."""
    rows = np.flatnonzero((ink > least).any(1))
    columns = np.flatnonzero((ink > least).any(0))
    if not rows.size:
        return None
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def stroke_width(solid: np.ndarray) -> float:
    """Mean width of the strokes of a mask, in pixels.

    Across a stroke of width w the distance to the edge runs from 0 to w/2 and back: its mean is
    w/4.
    """
    padded = np.pad(solid.astype(np.uint8), 1)
    distance = cv2.distanceTransform(padded, cv2.DIST_L2, 5)
    return 4 * float(distance[padded > 0].mean()) if padded.any() else 0.0


def _at_fine_size(cropped: np.ndarray) -> np.ndarray:
    """At about 160 px by the longest side, with room around it: finer than the frame."""
    side = max(cropped.shape)
    padded = np.pad(cropped, max(2, side // 6)).astype(np.float32)
    scale = FINE_SIDE / side
    if scale <= 1:
        return cv2.resize(padded, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    large = cv2.resize(padded, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.clip(large, 0, 1)


def _usual_stroke(fine: np.ndarray) -> np.ndarray:
    """Thicken thin strokes and thin thick ones, to the ends of the training digits' usual range."""
    width = stroke_width(fine > 0.5) / FINE_SIDE
    thin, thin_to, thick, thick_to = STROKE
    if 0 < width < thin:
        return _morph(cv2.dilate, fine, thin_to - width)
    if width > thick:
        return _morph(cv2.erode, fine, min(width - thick_to, 0.3 * width))
    return fine


def _morph(operation: Callable[..., np.ndarray], fine: np.ndarray, change: float) -> np.ndarray:
    size = max(1, round(change * FINE_SIDE)) | 1
    return operation(fine, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))


def _shrink_to(fine: np.ndarray, side: int) -> np.ndarray:
    scale = side / max(fine.shape)
    size = (max(1, round(fine.shape[1] * scale)), max(1, round(fine.shape[0] * scale)))
    return cv2.resize(fine, size, interpolation=cv2.INTER_AREA)


def _centred(small: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    frame = np.zeros(shape, np.uint8)
    top, left = (
        _offset(small.sum(1 - axis, dtype=np.float64), shape[axis], small.shape[axis])
        for axis in (0, 1)
    )
    frame[top : top + small.shape[0], left : left + small.shape[1]] = small
    return frame


def _offset(weights: np.ndarray, frame: int, size: int) -> int:
    centre = float((weights * np.arange(size)).sum() / weights.sum())
    return int(np.clip(round(frame / 2 - centre), 0, frame - size))
