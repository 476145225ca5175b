"""The digits of one picture: found, pieces joined, in reading order, framed for a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.pictures.frames import Lines, without_frames
from core.pictures.framing import frame_digit, stroke_width
from core.pictures.grid import Grid, find_grid
from core.pictures.ink import Ink
from core.pictures.joining import join
from core.pictures.pale_parts import PaleParts, pale_parts
from core.pictures.pieces import Piece, find_pieces, own_pixels, united
from core.pictures.rows import FRAGMENT, in_rows, without_small, without_words

SPECK = 0.06
LEAST_SIDE = 0.02
DUST = 0.1
FRAMED_SIDE = 200
MOST_PIECES = 5_000


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
    """One digit of a picture.

    Attributes:
        box: Where it is.
        ink: Its ink float32 (h, w).
        image: uint8 (H, W), framed as the training digits are.
        row: Of the reading order or of the grid, from 1.
        cell: Of the grid's row, from 1; 0 where there is no grid.
        doubt: Why it may be no single digit, in a few words; empty where nothing speaks for that.
        has_pale_part: Whether a part that belongs to it was too pale to be taken for its ink.
    """

    box: Box
    ink: np.ndarray
    image: np.ndarray
    row: int = 1
    cell: int = 0
    doubt: str = ""
    has_pale_part: bool = False


@dataclass(frozen=True)
class Found:
    """What a picture holds.

    Attributes:
        digits: In reading order: rows from the top, each from the left.
        left_out: Boxes of marks that were taken for no digits; specks of dirt are not counted.
        grid: The rules that part the digits, in pixels of the ink; None where there are none.
        frames: Boxes of the frames, combs, tables and lines that were taken out.
        uncounted: How many marks were not even looked at, the smallest of more than 5,000.
    """

    digits: tuple[Digit, ...] = ()
    left_out: tuple[Box, ...] = ()
    grid: Grid | None = None
    frames: tuple[Box, ...] = ()
    uncounted: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of marks that are among no digits, a sentence each."""
        notes = []
        if self.left_out:
            marks = "1 mark" if len(self.left_out) == 1 else f"{len(self.left_out)} marks"
            notes.append(f"{marks} left out.")
        if self.uncounted:
            notes.append(
                f"There are over {MOST_PIECES} marks: the smallest {self.uncounted} were not read."
            )
        return tuple(notes)


def find_digits(ink: Ink, shape: tuple[int, int], several: bool = True) -> tuple[Digit, ...]:
    """The digits that `find_marks` finds."""
    return find_marks(ink, shape, several).digits


def find_marks(ink: Ink, shape: tuple[int, int], several: bool = True) -> Found:
    """The digits of a picture, what was left out, and the lines around them.

    Args:
        ink: The picture's ink.
        shape: Of the images to make.
        several: False takes all the ink for one digit.
    """
    solid, lines = ink.ink > 0.25, Lines()
    if ink.on_paper:
        solid, lines = without_frames(solid, ink.scale)
    marks, pieces = find_pieces(solid)
    if not pieces:
        return Found()
    pale = pale_parts(ink) if ink.on_paper else None
    if not several:
        kept = _of_one_digit(pieces, ink)
        return Found((_digit(ink, marks, pale, united(kept), shape),))
    pieces, uncounted = _largest(pieces)
    clean = _without_dust(pieces)
    if not clean:
        return Found(uncounted=uncounted)
    joined = join(clean, marks, stroke_width(solid))
    cut: list[Piece] = []
    if lines.boxes or max(ink.ink.shape) > FRAMED_SIDE:
        inside = _inside(joined, ink.ink.shape)
        cut = list(set(joined).difference(inside))
        joined = inside
    rows, words = without_words(in_rows(joined))
    rows, specks = without_small(rows)
    grid = find_grid(lines.rules)
    digits = _in_order(ink, marks, pale, rows, grid, shape)
    left_out = tuple(
        _box(piece, ink)
        for piece in sorted((*words, *specks, *cut), key=lambda piece: (piece.top, piece.left))
    )
    frames = tuple(_box(Piece((), *box, 0), ink) for box in lines.boxes)
    return Found(digits, left_out, grid, frames, uncounted)


def _largest(pieces: list[Piece]) -> tuple[list[Piece], int]:
    """As many as can be looked at in reasonable time, and how many more there are."""
    if len(pieces) <= MOST_PIECES:
        return pieces, 0
    ordered = sorted(pieces, key=lambda piece: -piece.area)
    return ordered[:MOST_PIECES], len(pieces) - MOST_PIECES


def _without_dust(pieces: list[Piece]) -> list[Piece]:
    """Pieces that may be a digit or a part of one beside the usual ones."""
    heights = np.sort([max(piece.width, piece.height) for piece in pieces])
    usual = float(heights[np.searchsorted(np.cumsum(heights), heights.sum() / 2)])
    least = max(2, DUST * usual)
    return [piece for piece in pieces if max(piece.width, piece.height) >= least]


def _of_one_digit(pieces: list[Piece], ink: Ink) -> list[Piece]:
    """All ink that is no speck, where a picture is known to hold one digit."""
    ordered = sorted(pieces, key=lambda piece: -piece.area)
    least = LEAST_SIDE * max(ink.ink.shape)
    pieces = [piece for piece in ordered if piece.area >= SPECK * ordered[0].area]
    pieces = [p for p in pieces if max(p.width, p.height) >= least] or pieces[:1]
    if max(ink.ink.shape) > FRAMED_SIDE:
        pieces = _inside(pieces, ink.ink.shape)
    if not ink.on_paper:
        return pieces
    tall = max(max(piece.width, piece.height) for piece in pieces)
    return [p for p in pieces if max(p.width, p.height) >= FRAGMENT * tall]


def _inside(pieces: list[Piece], shape: tuple[int, ...]) -> list[Piece]:
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


def _at_border(piece: Piece, shape: tuple[int, ...]) -> bool:
    inner = min(piece.left, piece.top) > 1
    return not (inner and piece.right < shape[1] - 1 and piece.bottom < shape[0] - 1)


def _in_order(
    ink: Ink,
    marks: np.ndarray,
    pale: PaleParts | None,
    rows: list[list[Piece]],
    grid: Grid | None,
    shape: tuple[int, int],
) -> tuple[Digit, ...]:
    """Digits row by row; in a grid cell by cell, and its rows are its own."""
    placed = [(row, 0, piece) for row, pieces in enumerate(rows, start=1) for piece in pieces]
    if grid is not None:
        places = grid.places([piece.middle for *_, piece in placed], [row for row, *_ in placed])
        placed = [(*at, piece) for at, (*_, piece) in zip(places, placed, strict=True)]
        first = min((row for row, _, _ in placed), default=1)
        placed = [(row - first + 1, cell, piece) for row, cell, piece in placed]
        placed.sort(key=lambda each: each[:2])  # stable: rows and columns within a cell stay
    return tuple(_digit(ink, marks, pale, piece, shape, row, cell) for row, cell, piece in placed)


def _box(piece: Piece, ink: Ink) -> Box:
    edges = (piece.left, piece.top, piece.right, piece.bottom)
    return Box(*(round(edge / ink.scale) for edge in edges))


def _digit(
    ink: Ink,
    marks: np.ndarray,
    pale: PaleParts | None,
    piece: Piece,
    shape: tuple[int, int],
    row: int = 1,
    cell: int = 0,
) -> Digit:
    mask = own_pixels(piece, marks)
    own = np.where(mask, ink.ink[piece.window], 0)
    has_pale_part = pale is not None and pale.belong_to(mask, piece.window)
    image = frame_digit(own, shape)
    return Digit(_box(piece, ink), own, image, row, cell, has_pale_part=has_pale_part)
