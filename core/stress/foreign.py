"""Pictures that belong to no class, for every measure to be tried on: what does it notice?

N pictures of H x W pixels, uint8, bright on black. All are drawn here, from a seed. Nothing was
chosen, fitted or tuned on them; only the ensemble's atypicality was ever taught outliers, and those
were curves and letters of other fonts (`models.outliers`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.pictures.framing import frame_digit

Rng = np.random.Generator
SIDE = 160
"""Pixels of the canvas on which shapes and letters are drawn before they are made smaller."""
LETTERS = "ACDEFGHJKMNPQRTUVWXYadefhjkmnprtuvwxy"
"""Without those that somebody may take for a digit."""
BLOCKS = 4
"""Of a side of a scrambled picture."""


@dataclass(frozen=True)
class Source:
    """Where foreign pictures come from.

    Attributes:
        name: In links.
        title: What a person reads.
        draw: How many, their (H, W), items of the data set (n, H, W), chance -> the pictures.
    """

    name: str
    title: str
    draw: Callable[[int, tuple[int, int], np.ndarray, Rng], np.ndarray]


def draw_foreign(
    source: str, count: int, shape: tuple[int, int], items: np.ndarray, seed: int = 0
) -> np.ndarray:
    """Pictures from a source, uint8 (count, H, W); equal seeds give equal ones.

    What is made of items has their colours, (count, H, W, 3).

    Args:
        source: A name in `SOURCES`.
        count: How many.
        shape: Their height and width.
        items: Of the data set, uint8 (n >= 1, H, W) or (n, H, W, 3), for what is made of them.
        seed: Of the draw.

    Raises:
        ValueError: no such source.
    """
    if source not in SOURCES:
        raise ValueError(f"source must be one of {', '.join(SOURCES)}, got {source!r}")
    return SOURCES[source].draw(count, shape, items, np.random.default_rng(seed))


def _noise(count: int, shape: tuple[int, int], items: np.ndarray, rng: Rng) -> np.ndarray:
    return rng.integers(256, size=(count, *shape), dtype=np.uint8)


def _blanks(count: int, shape: tuple[int, int], items: np.ndarray, rng: Rng) -> np.ndarray:
    """Even grey, from black to white."""
    greys = np.linspace(0, 255, count).round().astype(np.uint8)
    return np.broadcast_to(greys[:, None, None], (count, *shape)).copy()


def _scrambled(count: int, shape: tuple[int, int], items: np.ndarray, rng: Rng) -> np.ndarray:
    """Items cut into `BLOCKS` by `BLOCKS` rectangles, in another order."""
    height, width = (side // BLOCKS for side in shape)
    found = items[np.arange(count) % len(items)].copy()
    inner = found[:, : BLOCKS * height, : BLOCKS * width]
    colours = inner.shape[3:]
    parts = inner.reshape(count, BLOCKS, height, BLOCKS, width, *colours).swapaxes(2, 3)
    parts = parts.reshape(count, BLOCKS**2, height, width, *colours)
    orders = rng.permuted(np.tile(np.arange(BLOCKS**2), (count, 1)), axis=1)
    parts = parts[np.arange(count)[:, None], orders]
    parts = parts.reshape(count, BLOCKS, BLOCKS, height, width, *colours).swapaxes(2, 3)
    inner[:] = parts.reshape(inner.shape)
    return found


def _letters(count: int, shape: tuple[int, int], items: np.ndarray, rng: Rng) -> np.ndarray:
    """One letter each, slanted, stretched and by some pen, framed as one's own drawing is."""
    font = ImageFont.load_default(SIDE * 0.6)  # Aileron, which comes with Pillow
    return np.stack([frame_digit(_letter(font, rng), shape) for _ in range(count)])


def _letter(font: ImageFont.FreeTypeFont | ImageFont.ImageFont, rng: Rng) -> np.ndarray:
    canvas = Image.new("L", (SIDE, SIDE))
    ImageDraw.Draw(canvas).text(
        (SIDE / 2, SIDE / 2), str(rng.choice(list(LETTERS))), 255, font, anchor="mm"
    )
    slant, stretch = rng.uniform(-0.15, 0.35), np.exp(rng.uniform(-0.2, 0.2))
    lean = np.array([[stretch, -slant, (1 - stretch + slant) * SIDE / 2], [0, 1, 0]])
    drawn = cv2.warpAffine(np.asarray(canvas), lean, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    size = 2 * int(rng.integers(4)) + 1
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    change = cv2.erode if rng.random() < 0.5 else cv2.dilate
    thick = change(drawn, pen)
    return (thick if thick.max() > 200 else drawn).astype(np.float32) / 255


# Outlines on a canvas of 100 x 100, x then y; each garment is one filled shape.
_GARMENTS = {
    "shirt": [(30, 15), (42, 20), (58, 20), (70, 15), (95, 35), (82, 50), (72, 42), (72, 88),
              (28, 88), (28, 42), (18, 50), (5, 35)],
    "trousers": [(30, 8), (70, 8), (76, 94), (58, 94), (50, 34), (42, 94), (24, 94)],
    "dress": [(38, 6), (62, 6), (60, 38), (82, 94), (18, 94), (40, 38)],
    "coat": [(34, 8), (66, 8), (90, 60), (78, 66), (70, 40), (72, 94), (28, 94), (30, 40),
             (22, 66), (10, 60)],
    "shoe": [(8, 40), (30, 40), (48, 58), (88, 66), (95, 80), (8, 82)],
    "boot": [(30, 8), (58, 8), (58, 62), (90, 72), (92, 90), (30, 90)],
    "bag": [(12, 42), (32, 42), (36, 20), (64, 20), (68, 42), (88, 42), (92, 90), (8, 90)],
}  # fmt: skip


def _clothes(count: int, shape: tuple[int, int], items: np.ndarray, rng: Rng) -> np.ndarray:
    """Filled outlines of garments, shoes and bags, each bent a little and in a cloth of its own."""
    return np.stack([_garment(shape, rng) for _ in range(count)])


def _garment(shape: tuple[int, int], rng: Rng) -> np.ndarray:
    outline = np.array(_GARMENTS[str(rng.choice(list(_GARMENTS)))], float) - 50
    outline *= rng.uniform(0.8, 1.05, 2) * SIDE / 100
    outline += rng.normal(0, 2.5, outline.shape) + SIDE / 2
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], (255,), cv2.LINE_AA)
    cloth = _cloth(rng)
    small = cv2.resize(mask / 255 * cloth, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.rint(255 * small.clip(0, 1)).astype(np.uint8)


def _cloth(rng: Rng) -> np.ndarray:
    """Grey float (SIDE, SIDE): plain, striped or mottled, lit from one side."""
    x, y = np.meshgrid(np.linspace(0, 1, SIDE), np.linspace(0, 1, SIDE))
    light = rng.uniform(0.45, 0.95) + rng.uniform(-0.2, 0.2) * x + rng.uniform(-0.2, 0.2) * y
    pattern = rng.integers(3)
    if pattern == 1:
        along = x * np.cos(angle := rng.uniform(0, np.pi)) + y * np.sin(angle)
        return light * (1 - rng.uniform(0.2, 0.5) * (np.sin(along * rng.uniform(30, 70)) > 0))
    if pattern == 2:
        coarse = rng.normal(0, 0.12, (12, 12))
        return light + cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return light


_LIST = (
    Source("clothes", "clothing-like shapes", _clothes),
    Source("letters", "letters", _letters),
    Source("scrambled", "scrambled", _scrambled),
    Source("noise", "noise", _noise),
    Source("blanks", "blanks of any grey", _blanks),
)
SOURCES = {source.name: source for source in _LIST}
