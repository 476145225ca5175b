"""Is a straight piece of ink a printed line, rather than a 1 or a bar?"""

from __future__ import annotations

from collections.abc import Sequence

from core.pictures.long_runs import Rule
from core.pictures.pieces import Piece, overlap

LONGER = 1.5
BAR = 4
SLIM = 8


def is_line(piece: Piece, rule: Rule, others: list[Piece], shape: tuple[int, ...]) -> bool:
    """Whether a piece that is one straight line is a printed one rather than a 1 or a bar.

    Args:
        piece: The piece.
        rule: What runs along nearly all of it.
        others: The other pieces of the picture.
        shape: The picture's (h, w).
    """
    if not others:
        return False
    sizes = [max(other.height, min(other.width, 2 * other.height)) for other in others]
    whole = shape[0] if rule.steep else shape[1]
    if rule.length >= 0.97 * whole:
        return _crosses_all(rule, others, sizes, shape)
    near_edges = edges(piece, shape)
    at_edge = near_edges & ({"left", "right"} if rule.steep else {"top", "bottom"})
    if at_edge and rule.length > 0.6 * whole and rule.length > 1.1 * max(sizes):
        return True
    if rule.length <= SLIM * rule.thick:
        return False
    if len(near_edges) > 1:
        return True  # cut off by a corner, as no digit lies
    least = (0.3 if rule.steep else 0.05) * rule.length
    near = [other for other in others if other.height > least and _is_near(piece, other)]
    return bool(near) and rule.length > LONGER * max(other.height for other in near)


def _crosses_all(
    rule: Rule, others: list[Piece], sizes: Sequence[float], shape: tuple[int, ...]
) -> bool:
    """Whether a line from edge to edge has digits beside it that are not as tall as the picture."""
    tall = [size >= 0.93 * rule.length for size in sizes]
    bars = [other.height >= BAR * other.width for other in others]
    if any(high and not bar for high, bar in zip(tall, bars, strict=True)):
        return False
    among = [size for size, high in zip(sizes, tall, strict=True) if not high]
    return max(among, default=0) > 0.25 * min(shape)


def _is_near(line: Piece, other: Piece) -> bool:
    across, down = overlap(line, other)
    reach = 2 * other.height
    return min(across, down) > -reach


def edges(piece: Piece, shape: tuple[int, ...]) -> set[str]:
    """The sides of the picture that a piece touches."""
    touched = {
        "top": piece.top <= 2,
        "bottom": piece.bottom >= shape[0] - 2,
        "left": piece.left <= 2,
        "right": piece.right >= shape[1] - 2,
    }
    return {name for name, touches in touched.items() if touches}
