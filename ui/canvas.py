"""What has been drawn on the canvas?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import streamlit as st
from streamlit_drawable_canvas import CanvasResult, st_canvas

from core.networks.own_pictures import CANVAS_SIDE, canvas_picture
from core.networks.whole_pictures import whole_canvas
from core.study.dataset import Dataset
from ui.components.canvas_alone import canvas_alone
from ui.components.kept_drawing import kept_drawing
from ui.components.sprite import data_url
from ui.picked import Picked
from ui.readers import one_of, whole
from ui.state import Field, value, widget, write
from ui.words import plain

PAPER, INK = "#ffffff", "#000000"
MOST_STEPS = 100
TOOLS = {"pen": ":material/edit: Pen", "eraser": ":material/ink_eraser: Eraser"}
TOOL = Field("tool", "pen", one_of(TOOLS))
PEN = Field("pen", 22, whole(8, 40))


@dataclass(frozen=True)
class Step:
    """The canvas after one stroke: what lies on it, and how it looks as PNG."""

    objects: list[dict[str, Any]]
    picture: bytes | None


class Drawing(NamedTuple):
    """What lies on the canvas: as PNG, and the row of the item if it is that item alone."""

    picture: bytes
    item: int | None


@dataclass
class Canvas:
    """One person's canvas: kept in the session, so that it outlives a visit to another page.

    Attributes:
        version: Part of the component's key: another one is another, empty canvas.
        start: The row of the item it began with.
        initial: What the component is told to show; it redraws when that changes.
        steps: One a stroke, the last one as it is now.
        seen: The last picture that came from the browser.
        taken_back: Whether the next picture shows an undone state, not a new stroke.
        gone: The shapes of undone states: a picture of one was only late, after a second undo.
    """

    version: int = 0
    start: int | None = None
    initial: dict[str, Any] | None = None
    steps: list[Step] = field(default_factory=lambda: [Step([], None)])
    seen: bytes | None = None
    taken_back: bool = False
    gone: list[list[Any]] = field(default_factory=list)

    def begin(self, start: int | None, picked: Picked) -> None:
        """A new canvas, empty or with a picture of the data set on it, named by its row."""
        self.version += 1
        self.start, self.initial, self.seen, self.taken_back = start, None, None, False
        self.gone = []
        self.steps = [Step([], None)]
        picture = None if start is None else _lying(start, picked)
        if picture is not None:
            self.steps = [Step([_image_object(picture)], picture)]
            self.initial = {"objects": self.steps[0].objects}

    def bring_back(self, strokes: list[dict[str, Any]]) -> None:
        """Strokes from before a reload, each to be undone by itself, on a canvas without any."""
        if len(self.steps) > 1 or not strokes:
            return
        below = self.steps[0].objects
        counts = range(max(1, len(strokes) - MOST_STEPS + 2), len(strokes) + 1)
        self.steps += [Step([*below, *strokes[:count]], None) for count in counts]
        # As after an undo: the component redraws, and sends how that looks. A slow browser may
        # first send the canvas as the page opened with it.
        self.taken_back, self.gone = True, [_shapes(below)]
        self.initial = {"objects": self.steps[-1].objects, "brought back": len(self.steps)}

    def strokes(self) -> list[dict[str, Any]]:
        """What was drawn, without the item that it may be drawn on."""
        return [thing for thing in self.steps[-1].objects if thing.get("type") != "Image"]

    def undo(self) -> None:
        """The canvas as it was one stroke before."""
        if len(self.steps) > 1:
            self.gone.append(_shapes(self.steps.pop().objects))
            back = _shapes(self.steps[-1].objects)
            self.gone = [shapes for shapes in self.gone if shapes != back]
            self.taken_back = True
            # The number makes the component redraw, even where the drawing is one it began with.
            self.initial = {"objects": self.steps[-1].objects, "undone": len(self.steps)}

    def clear(self) -> None:
        """An empty canvas; undo brings back what was on it."""
        self.steps = [*self.steps, Step([], None)]
        self.start, self.taken_back, self.gone = None, True, []
        self.initial = {"objects": [], "cleared": len(self.steps)}

    def take(self, result: CanvasResult) -> None:
        """Note what came from the browser, if it is new."""
        picture = result.image_bytes
        if picture is None or picture == self.seen:
            return
        objects = (result.json_data or {}).get("objects", [])
        step = Step(objects, picture)
        if self.taken_back and _shapes(objects) in self.gone:
            return
        self.seen = picture
        if self.taken_back or _shapes(objects) == _shapes(self.steps[-1].objects):
            self.steps[-1], self.taken_back = step, False
        else:
            # Fast strokes arrive together; each can be undone, its picture comes when it is.
            missed = range(len(self.steps[-1].objects) + 1, len(objects))
            between = [Step(objects[:count], None) for count in missed]
            self.steps = [*self.steps, *between, step][-MOST_STEPS:]
            self.gone = []

    def drawing(self) -> Drawing | None:
        """What lies on it now, or None while it is empty."""
        last = self.steps[-1]
        picture = last.picture or self.seen
        if not last.objects or picture is None:
            return None
        begun = [thing.get("type") for thing in last.objects] == ["Image"]
        return Drawing(picture, self.start if begun else None)


def start_field(dataset: Dataset) -> Field:
    """The row of the item the canvas begins with."""
    return Field("start", None, whole(0, len(dataset) - 1))


def canvas(picked: Picked) -> Drawing | None:
    """Show the canvas with its tools; what is on it, or None while it is empty."""
    kept, start = _kept(), start_field(picked.dataset)
    if value(start) != kept.start:
        kept.begin(value(start), picked)
    key = f"canvas {kept.version}"
    if key not in st.session_state:  # back from another page, or a new one
        kept.initial = {"objects": kept.steps[-1].objects}
    tool, width = value(TOOL), value(PEN)
    result = st_canvas(
        stroke_color=PAPER if tool == "eraser" else INK,
        stroke_width=width,
        background_color=PAPER,
        width=CANVAS_SIDE,
        height=CANVAS_SIDE,
        initial_drawing=kept.initial,
        return_image_data=True,
        key=key,
    )
    canvas_alone()
    kept.take(result)
    kept_drawing(kept.start, kept.strokes(), kept.bring_back)
    _tools(kept, picked)
    return kept.drawing()


def begin_with(row: int) -> None:
    """Put an item's picture on a new canvas."""
    write("start", [str(row)])


def _lying(row: int, picked: Picked) -> bytes | None:
    """An item's picture as it fills the canvas; None where it has none."""
    images, network = picked.dataset.images, picked.network
    if images is None or network is None:
        return None
    if network.finds_ink:
        return canvas_picture(images.image(row))
    return whole_canvas(images.image(row), network)


def _kept() -> Canvas:
    return st.session_state.setdefault("_canvas", Canvas())


def _tools(kept: Canvas, picked: Picked) -> None:
    """The page's own tools, the only ones."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="tools"):
        st.segmented_control(
            "Tool",
            list(TOOLS),
            format_func=TOOLS.__getitem__,
            required=True,
            label_visibility="collapsed",
            **widget(TOOL),
        )
        st.button(
            "Undo",
            key="undo stroke",
            disabled=len(kept.steps) < 2,
            on_click=kept.undo,
        )
        st.button(
            "Clear",
            key="clear",
            disabled=not kept.steps[-1].objects,
            on_click=_clear,
            args=(kept,),
        )
    with st.container(horizontal=True, vertical_alignment="bottom", key="beginning"):
        st.slider("Pen width", 8, 40, width=130, **widget(PEN))
        st.number_input(
            f"Begin with {picked.noun.with_article}",
            min_value=0,
            max_value=len(picked.dataset) - 1,
            placeholder=f"0–{len(picked.dataset) - 1:,}",
            width=150,
            help=f"Puts {picked.noun.with_article} of {plain(picked.study.title)} on the canvas for"
            " you to change. + and − step through them, so this works without a mouse.",
            **widget(start_field(picked.dataset)),
        )


def _clear(kept: Canvas) -> None:
    write("start", [])
    kept.clear()


def _shapes(objects: list[dict[str, Any]]) -> list[Any]:
    return [thing.get("path") or thing.get("src") for thing in objects]


def _image_object(picture: bytes) -> dict[str, Any]:
    """As the canvas's own library writes an image that fills it."""
    return {
        "type": "Image",
        "src": data_url(picture),
        "left": 0,
        "top": 0,
        "originX": "left",
        "originY": "top",
        "width": CANVAS_SIDE,
        "height": CANVAS_SIDE,
    }
