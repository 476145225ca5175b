"""Frames, combs and table rules around digits: told from digits, and taken out of the ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.pictures.long_runs import Rule, find_rules, without_rules
from core.pictures.pieces import Piece, find_pieces, overlap, own_pixels

MOST_LOOKED_AT = 40
PART = 0.6
BETWEEN = 0.85
SIDE = 0.72
PURE = 0.85
LEAST_INSIDE = 0.18
LONGER = 1.5
LONG = 2.2
TEETH = 3
CORNERS = 3
WHOLE = 0.85


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
    marks, pieces = find_pieces(solid)
    if not pieces:
        return solid, Lines()
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
    if not rules or not _holds_a_digit(left, solid):
        return solid, Lines()
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
    rules = [*level[0], *upright[0]]
    if not rules:
        return None
    covered = level[1] | upright[1]
    others = [other for other in pieces if other is not piece]
    if covered.sum() > PURE * piece.area and len(rules) == 1:
        return (own, own & False, rules) if _is_line(piece, rules[0], others, shape) else None
    rest = without_rules(own, level, upright)
    cell = min(piece.width / max(1, len(upright[0]) - 1), piece.height / max(1, len(level[0]) - 1))
    rest_pieces = _large(find_pieces(rest)[1], cell)
    inside = _inside(piece, others, LEAST_INSIDE * cell)
    if not inside and (_has_peers(piece, others) or not _has_corners(own, level[0], upright[0])):
        return None
    if not _is_frame(piece, level[0], upright[0], shape, inside, rest_pieces):
        return None
    rest = _without_teeth(rest, level[0], upright[0])
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


def _is_line(piece: Piece, rule: Rule, others: list[Piece], shape: tuple[int, ...]) -> bool:
    """Whether a piece that is one straight line is a printed one rather than a 1 or a bar."""
    if not others:
        return False
    tallest = max(max(other.height, min(other.width, 2 * other.height)) for other in others)
    whole = shape[0] if rule.steep else shape[1]
    if rule.length >= 0.97 * whole:
        return tallest < 0.93 * rule.length and tallest > 0.25 * min(shape)
    at_edge = (
        min(piece.left, shape[1] - piece.right) <= 2
        if rule.steep
        else min(piece.top, shape[0] - piece.bottom) <= 2
    )
    if at_edge and rule.length > 0.6 * whole and rule.length > 1.1 * tallest:
        return True
    least = (0.3 if rule.steep else 0.05) * rule.length
    near = [other for other in others if other.height > least and _is_near(piece, other)]
    if not near:
        return False
    return rule.length > LONGER * max(other.height for other in near)


def _is_near(line: Piece, other: Piece) -> bool:
    across, down = overlap(line, other)
    reach = 2 * other.height
    return min(across, down) > -reach


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
    sides, edges = _sides(piece, level, upright), _edges(piece, shape)
    if len(sides) >= 3:
        return bool(inside) or len(sides | edges) == 4
    if len(sides) == 2 and len(edges) >= 3:
        return bool(inside)
    tallest = max(each.height for each in (*inside, *rest))
    is_long = len(level) == 1 and level[0].length > LONG * tallest
    return len(sides) >= 1 and is_long and (bool(inside) or not upright)


def _edges(piece: Piece, shape: tuple[int, ...]) -> set[str]:
    """The sides of the picture that a piece touches."""
    touched = {
        "top": piece.top <= 2,
        "bottom": piece.bottom >= shape[0] - 2,
        "left": piece.left <= 2,
        "right": piece.right >= shape[1] - 2,
    }
    return {name for name, touches in touched.items() if touches}


def _has_corners(own: np.ndarray, level: list[Rule], upright: list[Rule]) -> bool:
    """Whether rules meet in inked corners, as a frame's do and a round digit's sides do not."""
    long = [rule for rule in level if rule.length > WHOLE * own.shape[1]]
    tall = [rule for rule in upright if rule.length > WHOLE * own.shape[0]]
    if len(long) < 2 or len(tall) < 2:
        return False
    levels = (min(long, key=_off), max(long, key=_off))
    uprights = (min(tall, key=_off), max(tall, key=_off))
    thick = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8))
    inked = 0
    for one in levels:
        for other in uprights:
            y = _off(one) + one.slope * (_off(other) - (one.start[0] + one.end[0]) / 2)
            x = _off(other) + other.slope * (y - (other.start[1] + other.end[1]) / 2)
            row, column = (
                int(np.clip(round(v), 0, n - 1)) for v, n in zip((y, x), own.shape, strict=True)
            )
            inked += int(thick[row, column])
    return inked >= CORNERS


def _off(rule: Rule) -> float:
    """Where a rule's middle lies square to its direction."""
    axis = 0 if rule.steep else 1
    return (rule.start[axis] + rule.end[axis]) / 2


def _sides(piece: Piece, level: list[Rule], upright: list[Rule]) -> set[str]:
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


def _without_teeth(rest: np.ndarray, level: list[Rule], upright: list[Rule]) -> np.ndarray:
    """Without short straight parts that stand on the rules and are as thin as they are."""
    marks, pieces = find_pieces(rest)
    thick = max([rule.thick for rule in (*level, *upright)])
    thin = [
        piece
        for piece in pieces
        if piece.width <= 1.8 * thick + 2
        and piece.height >= 2 * piece.width
        and _on_a_rule(piece, level, thick)
    ]
    if not thin:
        return rest
    usual = float(np.median([piece.height for piece in thin]))
    alike = [piece for piece in thin if 0.75 * usual < piece.height < 1.33 * usual]
    if len(alike) < TEETH:
        return rest
    left = rest.copy()
    for piece in alike:
        left[piece.window][own_pixels(piece, marks)] = False
    return left


def _on_a_rule(piece: Piece, rules: list[Rule], thick: float) -> bool:
    x = piece.middle[0]
    for rule in rules:
        y = rule.start[1] + rule.slope * (x - rule.start[0])
        if min(abs(piece.bottom - y), abs(piece.top - y)) <= thick + 3:
            return True
    return False


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
