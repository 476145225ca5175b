"""From one image to another: over honestly ambiguous shapes, or by fading one into the other.

S steps, H x W pixels.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from core.corruptions.blur import blurred

MOST_POINTS = 300
"""Inked pixels that are moved one by one; of more, as many are drawn evenly."""
SOFT = 0.6
"""Sigma of the blur half way, in pixels: what moves apart leaves no holes."""
FAINT = 8


class _Moves(NamedTuple):
    """Ink `amounts` (M,) that goes from places (M, 2) to places (M, 2), row and column."""

    start: np.ndarray
    end: np.ndarray
    amounts: np.ndarray


def crossfade(first: np.ndarray, second: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The mean of two images of one shape, weighted by `shares` (S,) in [0, 1] of the second.

    Returns:
        uint8 (S, H, W) or (S, H, W, 3).
    """
    weights = np.asarray(shares, np.float32).reshape(-1, *(1,) * first.ndim)
    mixed = (1 - weights) * first.astype(np.float32) + weights * second.astype(np.float32)
    return np.rint(mixed).astype(np.uint8)


def transport(first: np.ndarray, second: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Ink that moves from one image's places to the other's along the cheapest ways.

    Displacement interpolation of optimal transport with the squared distance as its cost
    (R. McCann (1997), "A Convexity Principle for Interacting Gases", Advances in Mathematics 128,
    section 1), between both inks at the same total; the total itself goes from one to the other.
    What whole pixels cannot hold is softened by a blur that is 0 at both ends.

    Args:
        first: uint8 (H, W), bright ink on black.
        second: Likewise.
        shares: (S,) in [0, 1], how far on the way.

    Returns:
        uint8 (S, H, W); exactly `first` at 0 and `second` at 1. Without ink in one of them, a
        cross-fade.

    Raises:
        ValueError: two shapes, or colour.
    """
    if first.shape != second.shape or first.ndim != 2:
        raise ValueError(f"two grey images of one size, got {first.shape} and {second.shape}")
    moves = _cheapest_moves(first, second)
    if moves is None:
        return crossfade(first, second, shares)
    shares = np.asarray(shares, float)
    moved = np.stack([_dropped(moves, share, first.shape) for share in shares])
    soft = blurred(moved[:, None].astype(np.float32), SOFT * 4 * shares * (1 - shares))[:, 0]
    found = np.rint(255 * _as_dark(soft, first, second, shares)).astype(np.uint8)
    found[shares <= 0], found[shares >= 1] = first, second
    return found


def _cheapest_moves(first: np.ndarray, second: np.ndarray) -> _Moves | None:
    inks = [_points(image) for image in (first, second)]
    if any(not len(places) for places, _ in inks):
        return None
    (start, of_start), (end, of_end) = inks
    cost = ((start[:, None] - end) ** 2).sum(-1).astype(np.float32)
    _, _, flow = cv2.EMD(of_start, of_end, cv2.DIST_USER, cost)
    at, to = np.nonzero(flow > 0)
    return _Moves(start[at], end[to], flow[at, to].astype(float))


def _points(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places float (M, 2) of ink and each one's share of it, float32 (M, 1)."""
    ink = np.where(image > FAINT, image, 0).astype(float)
    places = np.argwhere(ink > 0)
    weights = ink[ink > 0]
    if len(places) > MOST_POINTS:
        steps = (np.arange(MOST_POINTS) + 0.5) / MOST_POINTS
        drawn = np.searchsorted(np.cumsum(weights) / weights.sum(), steps)
        places, weights = places[drawn], np.ones(MOST_POINTS)
    return places.astype(float), (weights / max(weights.sum(), 1)).astype(np.float32)[:, None]


def _dropped(moves: _Moves, share: float, shape: tuple[int, ...]) -> np.ndarray:
    """The moving ink dropped on the four pixels about where it has come, float64 (H, W)."""
    at = (1 - share) * moves.start + share * moves.end
    corner = np.floor(at).astype(int)
    part = at - corner
    total = np.zeros(shape[0] * shape[1])
    for down in (0, 1):
        for right in (0, 1):
            weight = np.abs(1 - down - part[:, 0]) * np.abs(1 - right - part[:, 1])
            row = (corner[:, 0] + down).clip(0, shape[0] - 1)
            column = (corner[:, 1] + right).clip(0, shape[1] - 1)
            total += np.bincount(row * shape[1] + column, weight * moves.amounts, len(total))
    return total.reshape(shape)


def _as_dark(
    ink: np.ndarray, first: np.ndarray, second: np.ndarray, shares: np.ndarray
) -> np.ndarray:
    """Moved ink (S, H, W) with as much in all as lies between both images' totals, in [0, 1].

    What exceeds full ink where ways cross is cut off and given to the other pixels, so that strokes
    stay as strong as they are in the images.
    """
    totals = (1 - shares) * first.sum() / 255 + shares * second.sum() / 255
    scaled = ink * (totals / ink.sum((1, 2)))[:, None, None]
    for _ in range(4):
        scaled = scaled.clip(0, 1)
        scaled *= (totals / scaled.sum((1, 2)))[:, None, None]
    return scaled.clip(0, 1)
