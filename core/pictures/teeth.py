"""What stands on a printed line: a comb's teeth and a frame's sides, but no digit's stem."""

from __future__ import annotations

import cv2
import numpy as np

from core.pictures.long_runs import Rule
from core.pictures.pieces import Piece, find_pieces, own_pixels

TEETH = 3
THICKER = 1.6
EVEN = 0.25
END = 0.1
SLIM = 8
SIDE_LEANS = 0.06


def standing(
    line: Rule, upright: tuple[list[Rule], np.ndarray], own: np.ndarray
) -> tuple[list[Rule], np.ndarray]:
    """The upright lines that belong to one level line: a comb's teeth, or corners at its ends.

    Stems of digits that stand on a line are thicker than it and stand anywhere.
    """
    rules, covered = upright
    thin = [rule for rule in rules if rule.thick <= THICKER * line.thick + 1]
    if len(thin) < TEETH or not _evenly_apart(thin):
        reach = END * line.length
        thin = [r for r in thin if r.off < line.start[0] + reach or r.off > line.end[0] - reach]
    if len(thin) == len(rules):
        return upright
    number, marks = cv2.connectedComponents(covered.astype(np.uint8), connectivity=8)
    kept = np.zeros(number, bool)
    for rule in thin:
        x, y = (round((a + b) / 2) for a, b in zip(rule.start, rule.end, strict=True))
        kept[marks[max(y - 1, 0) : y + 2, max(x - 2, 0) : x + 3]] = True
    kept[0] = False
    return thin, kept[marks] & own


def _evenly_apart(rules: list[Rule]) -> bool:
    apart = np.diff(sorted(rule.off for rule in rules))
    return float(apart.std()) < EVEN * float(apart.mean())


def without_teeth(rest: np.ndarray, level: list[Rule], upright: list[Rule]) -> np.ndarray:
    """Without straight parts as thin as the rules that stand on them or were a side of them."""
    marks, pieces = find_pieces(rest)
    thick = max([rule.thick for rule in (*level, *upright)])
    thin = [
        piece
        for piece in pieces
        if piece.width <= 1.8 * thick + 2 and piece.height >= 2 * piece.width
    ]
    at_side = [piece for piece in thin if _at_side(piece, rest.shape, thick)]
    thin = [piece for piece in thin if _on_a_rule(piece, level, thick)]
    usual = float(np.median([piece.height for piece in thin])) if thin else 0.0
    alike = [piece for piece in thin if 0.75 * usual < piece.height < 1.33 * usual]
    alike = (alike if len(alike) >= TEETH else []) + at_side
    left = rest.copy()
    for piece in alike:
        left[piece.window][own_pixels(piece, marks)] = False
    return left


def _at_side(piece: Piece, shape: tuple[int, ...], thick: float) -> bool:
    """Whether a piece is what is left of a frame's side: slim, and where the side was."""
    reach = thick + 3 + SIDE_LEANS * shape[0]
    slim = piece.height >= SLIM * piece.width
    return slim and (piece.right <= reach or piece.left >= shape[1] - reach)


def _on_a_rule(piece: Piece, rules: list[Rule], thick: float) -> bool:
    x = piece.middle[0]
    for rule in rules:
        y = rule.start[1] + rule.slope * (x - rule.start[0])
        if min(abs(piece.bottom - y), abs(piece.top - y)) <= thick + 3:
            return True
    return False
