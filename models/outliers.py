"""What is no digit, for a distance to be taught on: curves of a pen, and characters.

Hendrycks, Mazeika and Dietterich, "Deep Anomaly Detection with Outlier Exposure", ICLR 2019. Digits
go the same way as outliers, through the same pens, the same bends and the frame that people's own
drawings are put in: what tells them apart is then their shape, and not how they were made.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from core.pictures.framing import frame_digit
from core.pictures.warp import sample
from models.augment import Rng, vary_stroke, warp

SIDE = 200
"""Pixels of the canvas that a character or a curve is drawn on before it is framed."""
FONTS = tuple(cv2.FontFace(name) for name in ("sans", "italic", "uni"))
"""The fonts inside OpenCV."""
SCRIPTS = (
    *("AZ", "az", "ΑΡ", "ΣΩ", "αω", "Ая", "あん", "アン", "ㄅㄩ", "ㄱㅎ"),
    *("\u05d0\u05ea", "\u0621\u063a", "\u0641\u064a"),  # Hebrew, Arabic: right to left
)
"""The first and the last character of each: letters and syllables, no script's digits."""
LOOK_ALIKES = (
    "OQDoIlijtSsZzBgqbGvVUuCcJLTyΟοσΙιΘθΦφОоЗзбノーへしレハロエコユてつくろるひとミㄱㄴㅁㅇㅅㄒㄈㄥㄑ"
    "\u05d4\u05d5\u05df\u05e1\u0627\u0629\u0647\u0648"
)
"""Those among them that somebody may take for a digit."""
CHARACTERS = tuple(
    chr(code)
    for script in SCRIPTS
    for code in range(ord(script[0]), ord(script[1]) + 1)
    if chr(code) not in LOOK_ALIKES
)
_STEPS = 40  # points along a curve
_CHUNK = 1_000


def draw_outliers(count: int, shape: tuple[int, int], rng: Rng) -> np.ndarray:
    """Curves and characters in turn, the latter upright or turned: uint8 (count, H, W)."""
    return np.stack(
        [
            frame_digit(draw_curves(rng) if row % 2 else _turn(draw_character(rng), rng), shape)
            for row in range(count)
        ]
    )


def draw_names(names: Sequence[str], count: int, shape: tuple[int, int], rng: Rng) -> np.ndarray:
    """The names of classes, written as the characters are: uint8 (count, H, W)."""
    return np.stack([frame_digit(draw_character(rng, names), shape) for _ in range(count)])


def draw_character(rng: Rng, characters: Sequence[str] = CHARACTERS) -> np.ndarray:
    """One of the characters by some font and pen, bent: ink float32 (SIDE, SIDE) in [0, 1]."""
    canvas = np.zeros((SIDE, SIDE, 1), np.uint8)
    character = characters[int(rng.integers(len(characters)))]
    font = FONTS[int(rng.integers(len(FONTS)))]
    cv2.putText(canvas, character, (60, 130), (255,), font, 80, weight=int(rng.integers(100, 400)))
    ink = _change_pen(canvas[..., 0].astype(np.float32) / 255, int(rng.integers(4)))
    return bend(ink, rng)


def draw_curves(rng: Rng) -> np.ndarray:
    """One to three strokes, most joined to one another: ink float32 (SIDE, SIDE) in [0, 1]."""
    strokes = [_stroke(rng)]
    for _ in range(rng.choice(3, p=[0.5, 0.35, 0.15])):
        base, stroke = strokes[rng.integers(len(strokes))], _stroke(rng) * rng.uniform(0.3, 1)
        joint = base[rng.choice([0, -1, int(rng.integers(_STEPS))])]
        strokes.append(stroke - stroke[rng.choice([0, _STEPS // 2])] + joint)
    return bend(_trace(np.stack(strokes), rng), rng)


def vary(images: np.ndarray, rng: Rng) -> np.ndarray:
    """Images uint8 (N, H, W): a third as they are, a third warped, a third drawn anew."""
    return np.concatenate(
        [_vary(images[start : start + _CHUNK], rng) for start in range(0, len(images), _CHUNK)]
    )


def redraw(image: np.ndarray, rng: Rng) -> np.ndarray:
    """An image uint8 (H, W) with another pen and a little bent, framed anew.

    Half of them keep the outline of their strokes, half the spine alone, drawn with a round pen.
    """
    large = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    soft = cv2.GaussianBlur(large, (0, 0), rng.uniform(1, 4))
    edge = (soft - rng.uniform(0.3, 0.6)) * rng.uniform(8, 40)
    ink = (1.1 / (1 + np.exp(-edge.clip(-50, 50))) - 0.1).clip(0)
    if rng.random() < 0.5:
        ink = _change_pen(_spine(ink > 0.5), int(rng.integers(4, 13)))
    else:
        ink = _change_pen(ink, int(rng.integers(-4, 6)))
    return frame_digit(bend(ink, rng), image.shape)


def bend(ink: np.ndarray, rng: Rng) -> np.ndarray:
    """Ink float32 (SIDE, SIDE) turned, slanted, stretched and bent by chance."""
    angle, slant = rng.uniform(-0.15, 0.15), rng.uniform(-0.15, 0.3)
    stretch = np.exp(rng.uniform(-0.25, 0.25, 2))
    x, y = np.meshgrid(*[np.arange(SIDE, dtype=np.float32) - SIDE / 2] * 2)
    coarse = rng.normal(0, 4, (5, 5, 2)).astype(np.float32)
    dx, dy = cv2.split(cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC))
    columns = (np.cos(angle) * x - np.sin(angle) * y + slant * y) / stretch[0] + SIDE / 2 + dx
    rows = (np.sin(angle) * x + np.cos(angle) * y) / stretch[1] + SIDE / 2 + dy
    return sample(ink[None], columns, rows)[0]


def _vary(images: np.ndarray, rng: Rng) -> np.ndarray:
    way = rng.integers(3, size=len(images))
    varied = images.copy()
    warped = warp(vary_stroke(images[way == 1].astype(np.float32) / 255, rng), rng)
    varied[way == 1] = np.rint(255 * warped.clip(0, 1))
    for row in np.flatnonzero(way == 2):
        varied[row] = redraw(images[row], rng)
    return varied


def _turn(ink: np.ndarray, rng: Rng) -> np.ndarray:
    """Half of them turned by quarters, mirrored, or both."""
    if rng.random() < 0.5:
        return ink
    turned = np.rot90(ink, int(rng.integers(4)))
    return np.ascontiguousarray(turned if rng.random() < 0.5 else turned[:, ::-1])


def _change_pen(ink: np.ndarray, radius: int) -> np.ndarray:
    """Ink with strokes wider by `radius` pixels at each edge, or narrower, if a quarter is left."""
    size = 2 * abs(radius) + 1
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    changed = (cv2.dilate if radius > 0 else cv2.erode)(ink, pen)
    return changed if changed.sum() > ink.sum() / 4 else ink


def _spine(solid: np.ndarray) -> np.ndarray:
    """The middle of the strokes of a mask, float32: Lantuejoul's skeleton by openings."""
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    left: np.ndarray = solid.astype(np.uint8)
    spine = np.zeros(solid.shape, bool)
    while left.any():
        spine |= left > cv2.morphologyEx(left, cv2.MORPH_OPEN, cross)
        left = cv2.erode(left, cross)
    return spine.astype(np.float32)


def _stroke(rng: Rng) -> np.ndarray:
    """Points (_STEPS, 2) of one stroke, 0.4 to 2.2 long, in any direction."""
    angle = rng.uniform(0, 2 * np.pi) + np.cumsum(_curvature(rng))
    path = np.cumsum(np.stack([np.cos(angle), np.sin(angle)], 1), 0)
    return path * rng.uniform(0.4, 2.2) / _STEPS


def _curvature(rng: Rng) -> np.ndarray:
    """Turns in radians (_STEPS,): nearly straight, arcs, a loop, corners, or a wave."""
    slight = np.full(_STEPS, rng.normal(0, 0.6) / _STEPS)
    kind = rng.choice(5, p=[0.25, 0.3, 0.2, 0.15, 0.1])
    if kind == 1:
        parts = np.sort(rng.integers(4, _STEPS - 4, rng.integers(1, 4)))
        arcs = rng.normal(0, 5, len(parts) + 1) / _STEPS
        return arcs[np.searchsorted(parts, np.arange(_STEPS))]
    if kind == 2:
        loop = np.full(_STEPS, rng.choice([-1, 1]) * rng.uniform(4, 8) / _STEPS)
        return np.where(np.arange(_STEPS) < rng.integers(25), slight, loop)
    if kind == 3:
        corners = rng.integers(5, _STEPS - 5, rng.integers(1, 4))
        slight[corners] = rng.uniform(0.8, 2.6, len(corners)) * rng.choice([-1, 1], len(corners))
    if kind == 4:
        phase = rng.uniform(0, 6) + np.linspace(0, rng.uniform(1, 3) * 2 * np.pi, _STEPS)
        return 9 / _STEPS * rng.uniform(0.6, 1.6) * np.sin(phase)
    return slight


def _trace(strokes: np.ndarray, rng: Rng) -> np.ndarray:
    """Strokes (S, _STEPS, 2) drawn in the middle of the canvas by one pen."""
    low, high = strokes.min((0, 1)), strokes.max((0, 1))
    places = (strokes - (low + high) / 2) / max((high - low).max(), 1e-6) * 120 + SIDE / 2
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    lines, width = list(np.rint(places * 16).astype(np.int32)), int(rng.integers(8, 26))
    cv2.polylines(canvas, lines, False, (255,), width, cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / 255
