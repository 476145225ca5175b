"""The sides and corners of a frame, told from a round digit's."""

from __future__ import annotations

import cv2
import numpy as np

from core.pictures.long_runs import Rule
from core.pictures.pieces import Piece

SIDE = 0.72
CORNERS = 3
WHOLE = 0.85


def has_corners(own: np.ndarray, level: list[Rule], upright: list[Rule]) -> bool:
    """Whether rules meet in inked corners, as a frame's do and a round digit's sides do not."""
    long = [rule for rule in level if rule.length > WHOLE * own.shape[1]]
    tall = [rule for rule in upright if rule.length > WHOLE * own.shape[0]]
    if len(long) < 2 or len(tall) < 2:
        return False
    levels = (min(long, key=lambda rule: rule.off), max(long, key=lambda rule: rule.off))
    uprights = (min(tall, key=lambda rule: rule.off), max(tall, key=lambda rule: rule.off))
    thick = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8))
    inked = 0
    for one in levels:
        for other in uprights:
            y = one.off + one.slope * (other.off - (one.start[0] + one.end[0]) / 2)
            x = other.off + other.slope * (y - (other.start[1] + other.end[1]) / 2)
            row, column = (
                int(np.clip(round(v), 0, n - 1)) for v, n in zip((y, x), own.shape, strict=True)
            )
            inked += int(thick[row, column])
    return inked >= CORNERS


def sides_of(piece: Piece, level: list[Rule], upright: list[Rule]) -> set[str]:
    """The sides of a piece's box along which a rule runs for most of the way."""
    found = set()
    wide, high = piece.width, piece.height
    for rule in level:
        if rule.length > SIDE * wide:
            y = (rule.start[1] + rule.end[1]) / 2
            found |= {"top"} if y < 0.25 * high else {"bottom"} if y > 0.75 * high else set()
    for rule in upright:
        if rule.length > SIDE * high:
            x = (rule.start[0] + rule.end[0]) / 2
            found |= {"left"} if x < 0.25 * wide else {"right"} if x > 0.75 * wide else set()
    return found
