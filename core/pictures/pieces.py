"""Connected pieces of ink: their boxes, and the distances between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True, eq=False)
class Piece:
    """Some connected strokes: their numbers in the marks, their box and their pixels.

    Told apart by identity, as two pieces are never the same.
    """

    marks: tuple[int, ...]
    left: int
    top: int
    right: int
    bottom: int
    area: int

    @property
    def width(self) -> int:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """In pixels."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """X and y of the box's middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def window(self) -> tuple[slice, slice]:
        """The box's place in an array."""
        return np.s_[self.top : self.bottom, self.left : self.right]


def find_pieces(solid: np.ndarray) -> tuple[np.ndarray, list[Piece]]:
    """The connected pieces of a mask (h, w), and the array int32 (h, w) of their numbers."""
    number, marks, stats, _ = cv2.connectedComponentsWithStats(
        solid.astype(np.uint8), connectivity=8
    )
    rows = stats[1:number].tolist()
    return marks, [
        Piece((mark,), x, y, x + w, y + h, area)
        for mark, (x, y, w, h, area) in enumerate(rows, start=1)
    ]


def united(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one."""
    return Piece(
        tuple(mark for piece in pieces for mark in piece.marks),
        min(piece.left for piece in pieces),
        min(piece.top for piece in pieces),
        max(piece.right for piece in pieces),
        max(piece.bottom for piece in pieces),
        sum(piece.area for piece in pieces),
    )


def own_pixels(piece: Piece, marks: np.ndarray) -> np.ndarray:
    """Mask of a piece's pixels within its box."""
    window = marks[piece.window]
    return window == piece.marks[0] if len(piece.marks) == 1 else np.isin(window, piece.marks)


def overlap(one: Piece, other: Piece) -> tuple[int, int]:
    """How many columns and rows two boxes share; below 0, how far apart they are."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across, down


def gap(one: Piece, other: Piece, marks: np.ndarray) -> float:
    """The least distance between the pixels of two pieces."""
    both = united([one, other])
    window = marks[both.window]
    distance = cv2.distanceTransform(
        (~np.isin(window, one.marks)).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE
    )
    return float(distance[np.isin(window, other.marks)].min())
