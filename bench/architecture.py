"""Who imports whom, drawn from the arrow test's own table: `python -m bench.architecture`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

from tests.test_arrows import ALLOWED, CORE

OUT = Path(__file__).resolve().parents[1] / "docs" / "architecture.svg"
_WIDE, _HIGH, _ACROSS, _DOWN, _MARGIN = 118, 40, 24, 54, 26
_STYLE = """
  text { font: 600 14px system-ui, sans-serif; fill: #1c1b29; text-anchor: middle }
  rect { fill: #ece9fb; stroke: #5b4bc4 } rect.core { fill: #f7f6fd; stroke-dasharray: 5 4 }
  path { fill: none; stroke: #5b4bc4; stroke-opacity: .55; stroke-width: 1.4 }
  text.core { text-anchor: start; fill: #5b4bc4 }
"""

Arrows = Mapping[str, set[str]]


def reduced(arrows: Arrows) -> dict[str, set[str]]:
    """Without arrows to oneself, to what is not listed, and those that longer ways imply."""
    named = {room.removesuffix(".py"): room for room in arrows}  # a file is imported by its stem
    plain = {
        room: {named[to] for to in tos if to in named and named[to] != room}
        for room, tos in arrows.items()
    }

    @cache
    def reached(room: str) -> frozenset[str]:
        return frozenset(plain[room]).union(*(reached(to) for to in plain[room]))

    return {
        room: {to for to in tos if not any(to in reached(other) for other in tos - {to})}
        for room, tos in plain.items()
    }


def levels(arrows: Arrows) -> list[list[str]]:
    """The rooms in rows: each above all that it imports, the lowest row last."""

    @cache
    def height(room: str) -> int:
        return 1 + max((height(to) for to in arrows[room]), default=-1)

    rows = [[room for room in sorted(arrows) if height(room) == h] for h in range(len(arrows))]
    return [row for row in reversed(rows) if row]


def picture() -> str:
    """The whole picture as SVG: the rooms of the program above, those of core in a frame below."""
    outer, inner = reduced(ALLOWED), reduced(CORE)
    rows_above = [[room for room in row if room != "core"] for row in levels(outer)]
    rows_above, rows_below = [row for row in rows_above if row], levels(inner)
    width = max(_row_width(row) for row in (*rows_above, *rows_below)) + 4 * _MARGIN
    places = _placed(rows_above, width, _MARGIN)
    top = _MARGIN + len(rows_above) * (_HIGH + _DOWN)
    places |= _placed(rows_below, width, top + 2 * _MARGIN, "core/")
    height = top + 3 * _MARGIN + len(rows_below) * (_HIGH + _DOWN) - _DOWN
    arrows = [(room, to) for room, tos in outer.items() for to in sorted(tos)]
    arrows += [(f"core/{room}", f"core/{to}") for room, tos in inner.items() for to in sorted(tos)]
    frame = (_MARGIN, top, width - 2 * _MARGIN, height - top - _MARGIN // 2)
    places["core"] = (width / 2, top)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        ' aria-label="Which room imports which">',
        f"<style>{_STYLE}</style>",
        '<marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
        ' orient="auto"><path d="M0 0 8 4 0 8z" style="fill: #5b4bc4; stroke: none"/></marker>',
        '<rect width="100%" height="100%" style="fill: #fff; stroke: none"/>',
        '<rect class="core" x="{}" y="{}" width="{}" height="{}" rx="14"/>'.format(*frame),
        f'<text class="core" x="{2 * _MARGIN}" y="{top + 24}">core/</text>',
        *(_arrow(places[room], places[to]) for room, to in sorted(arrows)),
        *(_box(room, at) for room, at in sorted(places.items()) if room != "core"),
        "</svg>\n",
    ])  # fmt: skip


def _row_width(row: list[str]) -> int:
    return len(row) * (_WIDE + _ACROSS) - _ACROSS


def _placed(
    rows: list[list[str]], width: int, top: int, prefix: str = ""
) -> dict[str, tuple[float, float]]:
    """The middle of each room's upper edge."""
    return {
        f"{prefix}{room}": (
            (width - _row_width(row)) / 2 + i * (_WIDE + _ACROSS) + _WIDE / 2,
            top + down * (_HIGH + _DOWN),
        )
        for down, row in enumerate(rows)
        for i, room in enumerate(row)
    }


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x0, y0), (x1, y1) = (start[0], start[1] + _HIGH), end
    bend = (y1 - y0) / 2
    return (
        f'<path d="M{x0:g} {y0:g} C{x0:g} {y0 + bend:g} {x1:g} {y1 - bend:g} {x1:g} {y1:g}"'
        ' marker-end="url(#end)"/>'
    )


def _box(room: str, at: tuple[float, float]) -> str:
    name = room.removeprefix("core/").removeprefix("penumbra/")
    return (
        f'<rect x="{at[0] - _WIDE / 2:g}" y="{at[1]:g}" width="{_WIDE}" height="{_HIGH}" rx="9"/>'
        f'<text x="{at[0]:g}" y="{at[1] + 25:g}">{escape(name)}</text>'
    )


if __name__ == "__main__":
    OUT.write_text(picture())
