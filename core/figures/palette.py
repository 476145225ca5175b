"""Colours and markers that the colour-blind can tell apart, on light and on dark."""

from __future__ import annotations

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
CORRECT, WRONG, UNKNOWN = "#4477D4", "#D2491E", "#8A8A8A"
ACCENT = "#8C6BD6"
SCALE = "Viridis"
DENSITY = ((0.0, "rgba(118, 112, 160, 0.16)"), (1.0, "rgba(118, 112, 160, 0.95)"))
"""Few to many in one colour, of which the ground is seen less and less: on light and on dark."""


def class_colour(code: int) -> str:
    """The colour of class `code`; more classes than colours go round again."""
    return CLASSES[code % len(CLASSES)]


def class_symbol(code: int) -> str:
    """The marker of class `code`."""
    return SYMBOLS[code % len(SYMBOLS)]
