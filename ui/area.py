"""What was drawn around items on the scatter: a box or lasso, which lives in the link."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from core.figures.lasso import Outline, box
from core.figures.positions import View
from core.measures.filters import Filter
from core.measures.selection import Selection
from ui import cache
from ui.picked import Picked
from ui.scatter_address import read_view
from ui.state import Field, value, write

AREA = "area"
MOST_OUTLINES, MOST_CORNERS = 6, 40
"""That a link holds; of a lasso with more corners every second, third … is kept."""
RIGHT = "it must be two axes and, for each outline, the corners x y x y …"


class Area(NamedTuple):
    """Outlines on the axes that they were drawn on; on other axes they mean the same items.

    Attributes:
        view: The axes.
        outlines: At least one, each of 3 to `MOST_CORNERS` corners in the values of the axes.
    """

    view: View
    outlines: tuple[Outline, ...]

    def on(self, view: View) -> tuple[Outline, ...]:
        """Those that can be drawn on a view: none on other axes."""
        return self.outlines if view == self.view else ()


def area_of(picked: Picked) -> Area | None:
    """What the link says was drawn."""
    return value(Field(AREA, None, lambda texts: _read(texts, picked)))


def inside(picked: Picked, wanted: Filter) -> Selection | None:
    """The filtered items inside what was drawn; None where nothing is, or nothing lies in there."""
    area = area_of(picked)
    if area is None:
        return None
    found = cache.inside(picked.key, wanted, area.view, area.outlines)
    return found if len(found) else None


def write_drawn(chart: str, view: View) -> None:
    """Callback of a chart: what was drawn on it goes into the link, or out of it.

    Nothing was, where the chart is another by now: a filter was set just before.
    """
    if chart not in st.session_state:
        return
    drawn = st.session_state[chart]["selection"]
    boxes = [box(each["x"], each["y"]) for each in drawn.get("box", ())]
    lassos = [(each["x"], each["y"]) for each in drawn.get("lasso", ())]
    write(AREA, as_texts(view, [*boxes, *lassos]))


def as_texts(view: View, outlines: list[Outline]) -> list[str]:
    """An area as the link holds it: its axes, then the corners of each outline."""
    if not outlines:
        return []
    logs = "x" * view.log_x + "y" * view.log_y
    return [f"{view.x} {view.y} {logs}".strip(), *map(_corners, outlines[-MOST_OUTLINES:])]


def _corners(outline: Outline) -> str:
    every = -(-len(outline[0]) // MOST_CORNERS)
    corners = list(zip(*outline, strict=True))[::every]
    return " ".join(f"{number:.5g}" for corner in corners for number in corner)


def _read(texts: list[str], picked: Picked) -> Area:
    words = texts[0].split()
    if not 2 <= len(words) <= 3 or not 2 <= len(texts) <= MOST_OUTLINES + 1:
        raise ValueError(RIGHT)
    logs = {f"log_{axis}": axis in "".join(words[2:]) for axis in "xy"}
    view = read_view({"x": words[0], "y": words[1], **logs}, picked)
    return Area(view, tuple(map(_outline, texts[1:])))


def _outline(text: str) -> Outline:
    try:
        numbers = [float(word) for word in text.split()]
    except ValueError as error:
        raise ValueError(RIGHT) from error
    if len(numbers) % 2 or not 6 <= len(numbers) <= 2 * MOST_CORNERS:
        raise ValueError(RIGHT)
    return tuple(numbers[::2]), tuple(numbers[1::2])
