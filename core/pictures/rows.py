"""Pieces of ink in reading order, and those that are too small beside their neighbours."""

from __future__ import annotations

import numpy as np

from core.pictures.pieces import Piece

FRAGMENT = 0.3
LEAST_SHARED = 0.4
LAST = 2
NEIGHBOURS = 6
FEWEST = 3
ALIKE = 0.35
WIDEST = 2.5


def in_rows(pieces: list[Piece]) -> list[list[Piece]]:
    """Rows from the top, each from the left: a piece joins the row that it lies most beside.

    Beside a row lies what shares enough of its height with the taller of its last two pieces.
    """
    rows: list[list[Piece]] = []
    ends = np.zeros((len(pieces), 2))  # top and bottom of what each row is joined by
    for piece in sorted(pieces, key=lambda piece: piece.left):
        row = _row_beside(piece, ends[: len(rows)])
        if row is None:
            row = len(rows)
            rows.append([])
        rows[row].append(piece)
        taller = max(rows[row][-LAST:], key=lambda last: last.height)
        ends[row] = taller.top, taller.bottom
    rows.sort(key=lambda row: float(np.mean([piece.middle[1] for piece in row])))
    return rows


def _row_beside(piece: Piece, ends: np.ndarray) -> int | None:
    """The row that shares most of its or the piece's height, the shorter of both, if enough."""
    if not len(ends):
        return None
    down = np.minimum(ends[:, 1], piece.bottom) - np.maximum(ends[:, 0], piece.top)
    shared = down / np.minimum(ends[:, 1] - ends[:, 0], piece.height)
    best = int(np.argmax(shared))
    return best if shared[best] > LEAST_SHARED else None


def without_small(rows: list[list[Piece]]) -> tuple[list[list[Piece]], list[Piece]]:
    """Rows without what is no digit beside its neighbours, and what that is.

    A piece is judged by the digits of its own row; a row of its own by the whole picture.
    """
    tallest = max(piece.height for row in rows for piece in row)
    kept: list[list[Piece]] = []
    left_out: list[Piece] = []
    for row in rows:
        of_row = [piece for i, piece in enumerate(row) if not _is_small(i, row)]
        left_out += set(row).difference(of_row)
        if _is_row_of_digits(of_row, tallest):
            kept.append(of_row)
        else:
            left_out += of_row
    return kept, left_out


def _is_small(index: int, row: list[Piece]) -> bool:
    around = row[max(0, index - NEIGHBOURS) : index + NEIGHBOURS + 1]
    heights = np.sort([piece.height for piece in around])
    usual = float(heights[np.searchsorted(np.cumsum(heights), heights.sum() / 2)])
    return row[index].height < FRAGMENT * usual


def _is_row_of_digits(row: list[Piece], tallest: int) -> bool:
    """Whether a row is about as tall as the tallest digit, or several alike."""
    heights = [piece.height for piece in row]
    if not row or max(heights) >= FRAGMENT * tallest:
        return bool(row)
    alike = float(np.std(heights)) < ALIKE * float(np.mean(heights))
    return len(row) >= FEWEST and alike and min(heights) > 0.1 * tallest


def without_words(rows: list[list[Piece]]) -> tuple[list[list[Piece]], list[Piece]]:
    """Rows without pieces much wider than tall, where there are others: joined-up words."""
    wide = [piece for row in rows for piece in row if piece.width > WIDEST * piece.height]
    kept = [[piece for piece in row if piece.width <= WIDEST * piece.height] for row in rows]
    kept = [row for row in kept if row]
    return (kept, wide) if kept else (rows, [])
