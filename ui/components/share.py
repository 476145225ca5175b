"""A view to show to others: its link, and its plot as a picture that says what it is."""

from __future__ import annotations

from ui.components.registered import registered

_component = registered(__file__, "round_buttons.css")


def share(chart: str, title: str, note: str, file: str, key: str) -> None:
    """Buttons that copy the page's link and save a chart as PNG or SVG.

    Args:
        chart: The chart's key.
        title: Stands on the picture.
        note: Below it, before the day on which it is saved.
        file: The picture's name without its ending.
        key: Of this component.
    """
    _component(data={"chart": chart, "title": title, "note": note, "file": file}, key=key)
