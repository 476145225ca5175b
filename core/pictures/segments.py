"""The digits of one picture: found, pieces joined, in reading order, framed as MNIST's are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.pictures.framing import frame_digit
from core.pictures.ink import Ink

SPECK = 0.06
LEAST_SIDE = 0.02
FRAMED_SIDE = 200
MOST_PIECES = 100
FRAGMENT = 0.3
NEAR = 0.14


@dataclass(frozen=True)
class Box:
    """A rectangle of the picture, in its pixels: right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    def __str__(self) -> str:
        """As tables hold it."""
        return f"{self.left},{self.top},{self.right},{self.bottom}"


@dataclass(frozen=True)
class Digit:
    """One digit of a picture: where it is, its ink (h, w) and its image uint8 (H, W)."""

    box: Box
    ink: np.ndarray
    image: np.ndarray


@dataclass(frozen=True)
class _Piece:
    """Some connected strokes: their numbers in the marks, their box and their pixels."""

    marks: tuple[int, ...]
    left: int
    top: int
    right: int
    bottom: int
    area: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def find_digits(ink: Ink, shape: tuple[int, int], several: bool = True) -> tuple[Digit, ...]:
    """The digits of a picture in reading order: rows from the top, each from the left.

    Args:
        ink: The picture's ink.
        shape: Of the images to make.
        several: False takes all the ink for one digit.
    """
    marks, pieces = _pieces(ink.ink > 0.25)
    pieces = _without_specks(pieces, ink.ink.shape)
    if not pieces:
        return ()
    pieces = _join(pieces, marks) if several or ink.on_paper else [_united(pieces)]
    if max(ink.ink.shape) > FRAMED_SIDE:
        pieces = _inside(pieces, ink.ink.shape)
    tall = max(max(piece.width, piece.height) for piece in pieces)
    lengths = [piece.height if several else max(piece.width, piece.height) for piece in pieces]
    long = [length >= FRAGMENT * tall for length in lengths]
    pieces = [piece for piece, kept in zip(pieces, long, strict=True) if kept] or pieces
    rows = _rows(pieces) if several else [_united(pieces)]
    return tuple(_digit(ink, marks, piece, shape) for piece in rows)


def _pieces(solid: np.ndarray) -> tuple[np.ndarray, list[_Piece]]:
    number, marks, stats, _ = cv2.connectedComponentsWithStats(
        solid.astype(np.uint8), connectivity=8
    )
    return marks, [
        _Piece((mark,), int(x), int(y), int(x + w), int(y + h), int(area))
        for mark, (x, y, w, h, area) in enumerate(stats[1:number], start=1)
    ]


def _without_specks(pieces: list[_Piece], shape: tuple[int, ...]) -> list[_Piece]:
    """The largest pieces, without those under `SPECK` of the largest or `LEAST_SIDE` long."""
    if not pieces:
        return []
    ordered = sorted(pieces, key=lambda piece: -piece.area)[:MOST_PIECES]
    least = LEAST_SIDE * max(shape)
    kept = [piece for piece in ordered if piece.area >= SPECK * ordered[0].area]
    return [piece for piece in kept if max(piece.width, piece.height) >= least]


def _inside(pieces: list[_Piece], shape: tuple[int, ...]) -> list[_Piece]:
    """Without what the picture's border cuts (a page's edge, a shadow).

    Kept are a border piece as large as the others, and all of them where nothing else is there.
    """
    inside = [piece for piece in pieces if not _at_border(piece, shape)]
    if not inside:
        return pieces
    height = float(np.median([piece.height for piece in inside]))
    area = float(np.median([piece.area for piece in inside]))
    return [
        piece
        for piece in pieces
        if not _at_border(piece, shape)
        or (len(inside) > 1 and 0.7 < piece.height / height < 1.4 and 0.3 < piece.area / area < 3)
    ]


def _at_border(piece: _Piece, shape: tuple[int, ...]) -> bool:
    inner = min(piece.left, piece.top) > 1
    return not (inner and piece.right < shape[1] - 1 and piece.bottom < shape[0] - 1)


def _united(pieces: list[_Piece]) -> _Piece:
    return _Piece(
        tuple(mark for piece in pieces for mark in piece.marks),
        min(piece.left for piece in pieces),
        min(piece.top for piece in pieces),
        max(piece.right for piece in pieces),
        max(piece.bottom for piece in pieces),
        sum(piece.area for piece in pieces),
    )


def _join(pieces: list[_Piece], marks: np.ndarray) -> list[_Piece]:
    """Unite pieces until no two belong to one digit; the largest gathers its own first."""
    joined: list[_Piece] = []
    waiting = sorted(pieces, key=lambda piece: -piece.height)
    while waiting:
        one = waiting.pop(0)
        own = [other for other in waiting if _one_digit(one, other, marks)]
        if own:
            waiting = [_united([one, *own]), *(other for other in waiting if other not in own)]
        else:
            joined.append(one)
    return joined


def _one_digit(one: _Piece, other: _Piece, marks: np.ndarray) -> bool:
    """Whether the shorter piece `other` is a stroke of `one`: near it, and small or above it."""
    reach = NEAR * max(one.height, one.width, other.width)
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if min(across, down) < -reach:
        return False
    gap = _gap(one, other, marks)
    if gap <= 0.4 * reach:
        return True
    small = other.height < 0.55 * one.height and other.area < 0.6 * one.area
    over = across > 0.4 * min(one.width, other.width)
    return gap <= reach and (small or over)


def _gap(one: _Piece, other: _Piece, marks: np.ndarray) -> float:
    """The least distance between the pixels of two pieces."""
    both = _united([one, other])
    window = marks[both.top : both.bottom, both.left : both.right]
    distance = cv2.distanceTransform(
        (~np.isin(window, one.marks)).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE
    )
    return float(distance[np.isin(window, other.marks)].min())


def _rows(pieces: list[_Piece]) -> list[_Piece]:
    """Sorted as read: a piece belongs to the row whose last piece it overlaps by half."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.left):
        row = next((row for row in rows if _same_row(row[-1], piece)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    rows.sort(key=lambda row: np.mean([piece.top + piece.bottom for piece in row]))
    return [piece for row in rows for piece in row]


def _same_row(last: _Piece, piece: _Piece) -> bool:
    down = min(last.bottom, piece.bottom) - max(last.top, piece.top)
    return down > 0.4 * min(last.height, piece.height)


def _digit(ink: Ink, marks: np.ndarray, piece: _Piece, shape: tuple[int, int]) -> Digit:
    window = np.s_[piece.top : piece.bottom, piece.left : piece.right]
    own = np.where(np.isin(marks[window], piece.marks), ink.ink[window], 0)
    box = Box(*(round(v / ink.scale) for v in (piece.left, piece.top, piece.right, piece.bottom)))
    return Digit(box, own, frame_digit(own, shape))
