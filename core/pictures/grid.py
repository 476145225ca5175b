"""The grid that rules make: in which of its rows and cells a digit lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.pictures.long_runs import Rule

FEWEST = 2


@dataclass(frozen=True)
class Grid:
    """Where rules run, in pixels along axes that lie along them.

    Attributes:
        slope: Of the level rules, pixels down a pixel to the right.
        lean: Of the upright rules, pixels to the right a pixel down.
        levels: Of the level rules, from the top; empty for a comb.
        uprights: Of the upright rules, from the left.
    """

    slope: float
    lean: float
    levels: tuple[float, ...]
    uprights: tuple[float, ...]

    def place(self, x: float, y: float) -> tuple[int, int]:
        """Row and cell of a point: how many rules lie above it, and how many to its left."""
        row = int(np.searchsorted(self.levels, y - self.slope * x))
        cell = int(np.searchsorted(self.uprights, x - self.lean * y))
        return row, cell

    def places(
        self, points: Sequence[tuple[float, float]], rows: Sequence[int]
    ) -> list[tuple[int, int]]:
        """Row and cell of many points.

        Of a comb, rows are those of the reading order. So they are beyond a grid's first and last
        rule: it may have been found in part.

        Args:
            points: Their x and y.
            rows: In which row of the reading order each of them lies.
        """
        cells = [self.place(*point) for point in points]
        if not self.levels:
            return [(row, cell) for row, (_, cell) in zip(rows, cells, strict=True)]
        last = len(self.levels)
        above, below = (
            sorted({row for row, (at, _) in zip(rows, cells, strict=True) if at == end})
            for end in (0, last)
        )
        more = max(len(above) - 1, 0)
        found = []
        for row, (at, cell) in zip(rows, cells, strict=True):
            beyond = above.index(row) if at == 0 else more
            beyond += below.index(row) if at == last else 0
            found.append((at + beyond, cell))
        return found


def find_grid(rules: Sequence[Rule]) -> Grid | None:
    """The grid of some rules; None where they part nothing: a frame alone is none."""
    level = [rule for rule in rules if not rule.steep]
    upright = [rule for rule in rules if rule.steep]
    if len(upright) < FEWEST:
        return None
    slope, lean = _median_slope(level), _median_slope(upright)
    levels = _places(level, slope)
    uprights = _places(upright, lean)
    if len(uprights) - 1 < FEWEST and len(levels) - 1 < FEWEST:
        return None
    return Grid(slope, lean, levels, uprights)


def _median_slope(rules: list[Rule]) -> float:
    """Weighted by length: a long rule knows its slope better."""
    if not rules:
        return 0.0
    longest = max(rule.length for rule in rules)
    return float(np.median([rule.slope for rule in rules if rule.length > 0.5 * longest]))


def _places(rules: list[Rule], slope: float) -> tuple[float, ...]:
    """Where rules run, parts of one rule counted once."""
    found: list[float] = []
    thick = max((rule.thick for rule in rules), default=0.0)
    for place in sorted(_place(rule, slope) for rule in rules):
        if not found or place - found[-1] > 3 * thick + 4:
            found.append(place)
    return tuple(found)


def _place(rule: Rule, slope: float) -> float:
    along, off = (1, 0) if rule.steep else (0, 1)
    middle = [(rule.start[axis] + rule.end[axis]) / 2 for axis in (along, off)]
    return middle[1] - slope * middle[0]
