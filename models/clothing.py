"""Silhouettes of clothing, drawn: filled shapes that are nothing like a stroke of a pen.

They stand for Fashion-MNIST (Xiao et al., arXiv:1708.07747), which does not ship: shirts,
pullovers, trousers, dresses, coats, shoes and bags, filling the frame, light on dark, with folds.
"""

from __future__ import annotations

import cv2
import numpy as np

from models.augment import Rng

SIDE = 112
_HALVES = {
    # Half outlines from the middle of the top to the middle of the bottom, in shares of the frame.
    "shirt": [(0, 12), (10, 8), (38, 18), (46, 40), (34, 46), (27, 36), (27, 92), (0, 92)],
    "pullover": [(0, 14), (11, 8), (34, 16), (46, 80), (35, 84), (28, 44), (28, 90), (0, 90)],
    "dress": [(0, 14), (10, 4), (16, 4), (20, 22), (14, 44), (30, 96), (0, 96)],
    "coat": [(0, 10), (12, 5), (34, 14), (42, 76), (33, 78), (29, 44), (30, 96), (2, 96)],
    "trousers": [(0, 5), (20, 5), (24, 95), (9, 95), (1, 36)],
}
_WHOLE = {
    "shoe": [(6, 40), (18, 34), (40, 52), (66, 58), (92, 64), (95, 76), (6, 76)],
    "boot": [(22, 8), (52, 8), (54, 52), (86, 68), (90, 88), (20, 88)],
    "bag": [(10, 40), (30, 40), (34, 20), (66, 20), (70, 40), (90, 40), (94, 88), (6, 88)],
}
KINDS = (*_HALVES, *_WHOLE)


def draw_clothing(count: int, shape: tuple[int, int], rng: Rng) -> np.ndarray:
    """So many pieces of all kinds in turn, uint8 (count, H, W)."""
    return np.stack([_piece(KINDS[row % len(KINDS)], shape, rng) for row in range(count)])


def _piece(kind: str, shape: tuple[int, int], rng: Rng) -> np.ndarray:
    points = np.array(_outline(kind), np.float32) / 100
    points = (points - 0.5) * rng.uniform(0.8, 1.08, 2) + 0.5 + rng.normal(0, 0.012, points.shape)
    if kind in _WHOLE and rng.random() < 0.5:
        points[:, 0] = 1 - points[:, 0]
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [np.rint(points * SIDE * 16).astype(np.int32)], (255,), cv2.LINE_AA, 4)
    small = cv2.resize(mask, shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.rint((small * _cloth(shape, rng)).clip(0, 255)).astype(np.uint8)


def _outline(kind: str) -> list[tuple[int, int]]:
    if kind in _WHOLE:
        return _WHOLE[kind]
    half = _HALVES[kind]
    right = [(50 + x, y) for x, y in half]
    return right + [(50 - x, y) for x, y in reversed(half)]


def _cloth(shape: tuple[int, int], rng: Rng) -> np.ndarray:
    """Its light, float32 (H, W) in 0 to 1: a shade, soft folds and, on a third, stripes."""
    coarse = rng.normal(0, 0.12, (4, 4)).astype(np.float32)
    light = rng.uniform(0.35, 0.95) + cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)
    light += rng.normal(0, 0.04, shape)
    if rng.random() < 1 / 3:
        along = np.arange(shape[0])[:, None] if rng.random() < 0.5 else np.arange(shape[1])[None]
        light = light * np.where(along // int(rng.integers(1, 4)) % 2, 1, rng.uniform(0.4, 0.8))
    return light.clip(0, 1).astype(np.float32)
