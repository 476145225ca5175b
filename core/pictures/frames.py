"""Frames, combs and table rules around digits: told from digits, and taken out of the ink."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.pictures.frame_sides import has_corners, sides_of
from core.pictures.long_runs import Rule, find_rules, without_rules
from core.pictures.pieces import Piece, find_pieces, overlap, own_pixels
from core.pictures.printed_line import edges, is_line
from core.pictures.teeth import TEETH, standing, without_teeth

MOST_LOOKED_AT = 40
MOST_PASSES = 3
PART = 0.6
BETWEEN = 0.85
PURE = 0.85
LEAST_INSIDE = 0.18
LONG = 2.2
THICK = 2


@dataclass(frozen=True)
class Lines:
    """What was taken out of the ink: its rules, and the box of each frame or line."""

    rules: tuple[Rule, ...] = ()
    boxes: tuple[tuple[int, int, int, int], ...] = ()


def without_frames(solid: np.ndarray, coarse: float = 1.0) -> tuple[np.ndarray, Lines]:
    """A mask of ink (h, w) without the lines around its digits, and those lines.

    Args:
        solid: The mask.
        coarse: How many of its pixels one of the picture's is.

    Only what is left when they are gone makes lines of them: a picture of nothing else is left
    as it is.
    """
    left = solid
    rules: list[Rule] = []
    boxes: list[tuple[int, int, int, int]] = []
    for _ in range(MOST_PASSES):  # a line that was broken shows once the others are gone
        left, found = _without_structures(left, coarse)
        rules += found.rules
        boxes += found.boxes
        if not found.rules:
            break
    if not rules or not _holds_a_digit(left, solid):
        return solid, Lines()
    return left, Lines(tuple(rules), tuple(boxes))


def _without_structures(solid: np.ndarray, coarse: float) -> tuple[np.ndarray, Lines]:
    """A mask without the frames and lines that its largest pieces make, and those."""
    marks, pieces = find_pieces(solid)
    left, rules, boxes = solid.copy(), [], []
    largest = sorted(pieces, key=lambda piece: -piece.width * piece.height)[:MOST_LOOKED_AT]
    for piece in largest:
        found = _structure(piece, marks, pieces, solid.shape, coarse)
        if found is not None:
            own, rest, its_rules = found
            window = left[piece.window]
            window[own & ~rest] = False
            rules += [_moved(rule, piece) for rule in its_rules]
            boxes.append((piece.left, piece.top, piece.right, piece.bottom))
    return left, Lines(tuple(rules), tuple(boxes))


def _structure(
    piece: Piece,
    marks: np.ndarray,
    pieces: list[Piece],
    shape: tuple[int, ...],
    coarse: float,
) -> tuple[np.ndarray, np.ndarray, list[Rule]] | None:
    """A piece's pixels, those that are no line, and its lines; None if it is a digit."""
    if max(piece.width, piece.height) < 12:
        return None
    own = own_pixels(piece, marks)
    level = find_rules(own, PART * piece.width, steep=False, coarse=coarse)
    tall = _height_along(own, level[0])
    part = BETWEEN if len(level[0]) == 2 else PART  # a 1 between two rules is no part of them
    upright = find_rules(own, part * tall, steep=True, coarse=coarse)
    if len(level[0]) == 1:
        upright = standing(level[0][0], upright, own)
    rules = [*level[0], *upright[0]]
    if not rules:
        return None
    covered = level[1] | upright[1]
    others = [other for other in pieces if other is not piece]
    if covered.sum() > PURE * piece.area and len(rules) == 1:
        return (own, own & False, rules) if is_line(piece, rules[0], others, shape) else None
    rest = without_rules(own, level, upright)
    cell = min(piece.width / max(1, len(upright[0]) - 1), piece.height / max(1, len(level[0]) - 1))
    rest_pieces = _large(find_pieces(rest)[1], cell)
    thick = max(rule.thick for rule in rules)
    inside = _inside(piece, others, max(LEAST_INSIDE * cell, THICK * thick))
    if not inside and (_has_peers(piece, others) or not has_corners(own, level[0], upright[0])):
        return None
    if not _is_frame(piece, level[0], upright[0], shape, inside, rest_pieces):
        return None
    rest = without_teeth(rest, level[0], upright[0])
    return own, rest, rules


def _height_along(own: np.ndarray, rules: list[Rule]) -> float:
    """The mask's height measured square to its level rules."""
    if not rules:
        return float(own.shape[0])
    slope = float(np.median([rule.slope for rule in rules]))
    y, x = np.nonzero(own)
    along = y - slope * x
    return float(along.max() - along.min()) + 1


def _inside(piece: Piece, others: list[Piece], least: float) -> list[Piece]:
    """Other pieces in a piece's box that are large enough to be digits there."""
    found = []
    for other in others:
        across, down = overlap(piece, other)
        most_of_it = min(across, down) > 0 and across * down > 0.5 * other.width * other.height
        if most_of_it and max(other.width, other.height) >= least:
            found.append(other)
    return found


def _has_peers(piece: Piece, others: list[Piece]) -> bool:
    """Whether other pieces are about as tall: then all of them are digits."""
    return any(0.6 < other.height / piece.height < 1.6 for other in others)


def _large(rest: list[Piece], cell: float) -> list[Piece]:
    least = 2 * LEAST_INSIDE * cell
    return [each for each in rest if max(each.width, each.height) >= least and each.area > least]


def _is_frame(
    piece: Piece,
    level: list[Rule],
    upright: list[Rule],
    shape: tuple[int, ...],
    inside: list[Piece],
    rest: list[Piece],
) -> bool:
    """Whether a piece's lines close a frame, or make a comb or a table, that holds a digit."""
    if not inside and not rest:
        return False
    fewest = 4 if inside else 5
    is_table = min(len(level), len(upright)) >= 2 and len(level) + len(upright) >= fewest
    if is_table or (level and len(upright) >= TEETH):
        return True
    sides, touched = sides_of(piece, level, upright), edges(piece, shape)
    if len(sides) >= 3:
        return bool(inside) or len(sides | touched) == 4
    if len(sides) == 2 and len(touched) >= 3:
        return bool(inside)
    tallest = max(each.height for each in (*inside, *rest))
    is_long = len(level) == 1 and level[0].length > LONG * tallest
    return len(sides) >= 1 and is_long and (bool(inside) or not upright)


def _holds_a_digit(left: np.ndarray, solid: np.ndarray) -> bool:
    """Whether what is left is more than crumbs."""
    pieces = find_pieces(left)[1]
    least = 0.12 * min(solid.shape)
    return any(max(p.width, p.height) >= min(least, 8 + 0.02 * max(solid.shape)) for p in pieces)


def _moved(rule: Rule, piece: Piece) -> Rule:
    """A rule found in a piece's box, placed in the picture."""
    (x0, y0), (x1, y1) = rule.start, rule.end
    return Rule(
        (x0 + piece.left, y0 + piece.top), (x1 + piece.left, y1 + piece.top), rule.thick, rule.steep
    )
