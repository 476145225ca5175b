"""Colours and markers: from light to shadow for what is uncertain, and apart from it for classes.

What a model is sure of stands in the light, what it cannot decide in half-shadow, what it gets
wrong in the shadow. Each colour keeps a contrast of at least 3 : 1 with the light and the dark
ground (WCAG 2.2, criterion 1.4.11). They grow darker from step to step, and two neighbours stay
apart for the colour-blind too (simulated as by Machado, Oliveira and Fernandes, 2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

LIGHT, GLOW, DUSK, SHADOW = "#C98500", "#DC5573", "#B04496", "#634BD4"
"""Sure or right; ambiguous; disputed among the members; wrong, or unlike anything known."""
STEPS = (LIGHT, GLOW, DUSK, SHADOW)
UNKNOWN = "#8A8A8A"
CORRECT, WRONG = LIGHT, SHADOW
ALEATORIC, EPISTEMIC = GLOW, DUSK
ANSWER, MEMBER = LIGHT, SHADOW
"""A model's answer among the classes, and what a single member says beside it."""
POINTER = "#00857A"
"""Where somebody is looking: no step from light to shadow."""
CELLS = ("#FFF0C2", "#F2B84B", "#DC5573", "#8E3A93", "#2A1E5C")
"""Grounds of table cells from good to bad; letters stand on them in black or white."""
RIGHT_CELLS, WRONG_CELLS = ("#FFF0C2", LIGHT), ("#E5B9DC", SHADOW)
"""The same for counts, from few to many: of right answers, and of mistakes."""
DENSITY = ((0.0, "rgba(118, 112, 160, 0.16)"), (1.0, "rgba(118, 112, 160, 0.95)"))
"""Few to many in one colour, of which the ground is seen less and less: on light and on dark."""
MODELS = ("#4477D4", "#D2491E", "#0F9D8A", "#AA4499")
"""Several models beside each other."""
# Paul Tol's "muted" scheme, its darkest entries lightened until each keeps a contrast of at least
# 3 : 1 with both grounds (SRON/EPS/TN/09-002, issue 3.2, 2021; WCAG 2.2, criterion 1.4.11).
CLASSES = (
    "#4477D4",
    "#CC6677",
    "#0F9D8A",
    "#B8860B",
    "#AA4499",
    "#44A06A",
    "#8C6BD6",
    "#D2691E",
    "#2E9BC6",
    "#8A8A8A",
)
# Shapes repeat the colours' message; each reads at 5 pixels.
SYMBOLS = ("circle", "square", "diamond", "cross", "x", "triangle-up")


class Letters(NamedTuple):
    """The colour of letters that stay readable (4.5 : 1) on each ground."""

    on_light: str
    on_dark: str


LETTERS = {
    "light": Letters("#816218", "#DEB358"),
    "glow": Letters("#B93456", "#F7A2AE"),
    "dusk": Letters("#A83C8F", "#F79BDD"),
    "shadow": Letters("#5B4BC4", "#A79BFF"),
}
"""The four steps as letters; the shadow's are the theme's own colour."""


def class_colour(code: int) -> str:
    """The colour of class `code`; more classes than colours go round again."""
    return CLASSES[code % len(CLASSES)]


def class_symbol(code: int) -> str:
    """The marker of class `code`."""
    return SYMBOLS[code % len(SYMBOLS)]


def scale(unsure_is_high: bool) -> list[tuple[float, str]]:
    """Plotly's scale of a measure, whose unsure end lies in the shadow."""
    return evenly(STEPS if unsure_is_high else STEPS[::-1])


def evenly(colours: Sequence[str]) -> list[tuple[float, str]]:
    """Plotly's scale with some colours evenly from 0 to 1."""
    return [(place / (len(colours) - 1), colour) for place, colour in enumerate(colours)]


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of `#RRGGBB`."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue


def luminance(colour: Sequence[int]) -> float:
    """Relative luminance in [0, 1] of red, green and blue (WCAG 2.2)."""
    shares = (part / 255 for part in colour)
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted(luminance(channels(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def css_variables() -> str:
    """The colours for styles, by name: `--light` for marks, `--light-words` for letters."""
    marks = dict(zip(LETTERS, STEPS, strict=True)) | {"unknown": UNKNOWN, "pointer": POINTER}
    lines = [f"--{name}: {colour};" for name, colour in marks.items()]
    lines += [
        f"--{name}-words: light-dark({w.on_light}, {w.on_dark});" for name, w in LETTERS.items()
    ]
    return f":root {{ {' '.join(lines)} }}\n"
