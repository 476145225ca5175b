"""The scatter as a still picture: SVG that needs no script, no font and no network."""

from __future__ import annotations

import base64
import io
from html import escape
from typing import NamedTuple

import numpy as np
import pandas as pd
from PIL import Image, ImageColor

from core.figures import palette
from core.figures.positions import View, positions
from core.figures.scatter import describe_scatter
from core.figures.some_classes import cut
from core.measures.register import BY_COLUMN
from core.measures.score_arrays import ScoreArrays
from core.measures.selection import Selection
from core.study.dataset import Noun

WIDTH, HEIGHT = 860, 480
_LEFT, _TOP, _RIGHT, _BOTTOM = 70, 44, WIDTH - 20, HEIGHT - 64
_DOTS = 2  # a pixel, so that points stay round when the picture is enlarged
_RADIUS = 4  # in dots
_OPACITY = 0.55
_MOST_COUNTED = 20  # points in one place cover it
_COVERS = (1 - (1 - _OPACITY) ** np.arange(_MOST_COUNTED + 1)).astype(np.float32)
_MOST_TICKS, _MOST_LETTERS = 12, 9
_STEPS = np.array([1, 2, 5, 10])
_INK, _RULE = "#3A394A", "#DAD8E6"


class _Axes(NamedTuple):
    """What the frame spans: codes of classes across, values of a measure up."""

    first: float
    last: float
    low: float
    high: float

    def across(self, codes: np.ndarray) -> np.ndarray:
        """Pixels from the picture's left."""
        return _LEFT + (codes - self.first) / (self.last - self.first) * (_RIGHT - _LEFT)

    def down(self, values: np.ndarray) -> np.ndarray:
        """Pixels from the picture's top."""
        return _BOTTOM - (values - self.low) / (self.high - self.low) * (_BOTTOM - _TOP)


def still_svg(
    table: pd.DataFrame, class_names: tuple[str, ...], noun: Noun, measure: str = "confidence"
) -> str:
    """A measure against the label, or against the prediction where no label is known.

    Points are translucent, so that many in one place look darker; the wrong ones lie on top.

    Args:
        table: A score table with at least one row and the measure.
        class_names: The K names.
        noun: What an item is called.
        measure: A column of the register; its axis spans what is there.
    """
    arrays = ScoreArrays(table)
    view = View("label" if table["label"].notna().any() else "prediction", measure)
    x, y = positions(arrays, view)
    low, high = float(np.nanmin(y)), float(np.nanmax(y))
    room = 0.03 * (high - low) or 0.5
    first = -1 if table[view.x].isna().any() else 0  # there the items without a label lie
    axes = _Axes(first - 0.5, len(class_names) - 0.5, low - room, high + room)
    points = _points(axes.across(x), axes.down(y), table["correct"])
    text = escape(describe_scatter(Selection(arrays), view, "correct", noun))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' width="{WIDTH}" height="{HEIGHT}" font-family="system-ui, sans-serif" font-size="13"'
        f' fill="{_INK}"><title>{text}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>'
        f"{_values(axes)}{_classes(axes, class_names, bool(first))}"
        f'<image width="{WIDTH}" height="{HEIGHT}" href="{points}"/>'
        f"{_words(table, view, noun)}</svg>"
    )


def _points(x: np.ndarray, y: np.ndarray, correct: pd.Series) -> str:
    """All points on a transparent ground, as the address of a PNG."""
    right = correct.astype("float").to_numpy(na_value=np.nan)
    layers = (
        (np.isnan(right), palette.UNKNOWN), (right == 1, palette.CORRECT),
        (right == 0, palette.WRONG),
    )  # fmt: skip
    size = HEIGHT * _DOTS, WIDTH * _DOTS
    colour, cover = np.zeros((*size, 3), np.float32), np.zeros(size, np.float32)
    drawn = np.isfinite(y)
    for group, shade in layers:
        chosen = group & drawn
        if not chosen.any():
            continue
        counts = np.minimum(_counts(x[chosen], y[chosen], size), _MOST_COUNTED)
        layer = _COVERS[counts]
        colour += (np.array(ImageColor.getrgb(shade), np.float32) - colour) * layer[..., None]
        cover += (1 - cover) * layer
    colour /= np.where(cover > 0, cover, 1)[..., None]
    pixels = np.dstack([colour, cover * 255]).round().astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).quantize(64, Image.Quantize.FASTOCTREE).save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _counts(x: np.ndarray, y: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """How many discs cover each dot, (height, width)."""
    across, down = np.rint(x * _DOTS).astype(np.int64), np.rint(y * _DOTS).astype(np.int64)
    centres = np.bincount(down * size[1] + across, minlength=size[0] * size[1]).reshape(size)
    before = centres.cumsum(1, dtype=np.int32)  # no point lies within a disc of the edge
    counts = np.zeros(size, np.int32)
    for dy in range(-_RADIUS, _RADIUS + 1):
        half = int((_RADIUS**2 - dy**2) ** 0.5)
        wide, row = 2 * half + 1, np.zeros(size, np.int32)
        row[:, half + 1 : size[1] - half] = before[:, wide:] - before[:, :-wide]
        counts += np.roll(row, dy, 0)
    return counts


def _values(axes: _Axes) -> str:
    """Rules across, with the values that they stand for."""
    rough = (axes.high - axes.low) / 5
    step = next(s for s in _STEPS * 10 ** np.floor(np.log10(rough)) if s >= rough)
    ticks = np.arange(np.ceil(axes.low / step), np.floor(axes.high / step) + 1) * step
    return "".join(
        f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_RULE}"/>'
        f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.3g}</text>'
        for value, y in zip(ticks, axes.down(ticks), strict=True)
    )


def _classes(axes: _Axes, class_names: tuple[str, ...], some_unknown: bool) -> str:
    """The classes' names below their columns, as many as there is room for."""
    step = -(-len(class_names) // _MOST_TICKS)
    shown = {code: class_names[code] for code in range(0, len(class_names), step)}
    if some_unknown:
        shown[-1] = "no label"
    places = axes.across(np.array(list(shown)))
    return "".join(
        f'<text x="{x:.1f}" y="{_BOTTOM + 20}" text-anchor="middle">'
        f"{escape(cut(name, _MOST_LETTERS))}</text>"
        for name, x in zip(shown.values(), places, strict=True)
    )


def _words(table: pd.DataFrame, view: View, noun: Noun) -> str:
    """The axes' titles, the number of points, and the legend."""
    measure = BY_COLUMN[view.y]
    wrong, known = int((table["correct"] == False).sum()), int(table["correct"].count())  # noqa: E712
    legend = (
        f' · <tspan fill="{palette.CORRECT}">●</tspan> {known - wrong:,} right'
        f' <tspan fill="{palette.WRONG}">●</tspan> {wrong:,} wrong'
    )
    below = f"{view.x.capitalize()}, jittered"
    return (
        f'<text x="{_LEFT}" y="26" font-size="15">{escape(noun.counted(len(table)))}'
        f"{legend if known else ''}</text>"
        f'<text x="{(_LEFT + _RIGHT) / 2}" y="{HEIGHT - 18}" text-anchor="middle">{below}</text>'
        f'<text transform="translate(18 {(_TOP + _BOTTOM) / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(measure.title)}, {measure.unit or 'a pure number'}</text>"
    )
