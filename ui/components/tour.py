"""A tour of a page in a few steps: left at any time, called again at any time."""

from __future__ import annotations

from collections.abc import Sequence

from ui.components.registered import registered

_component = registered(__file__, "round_buttons.css")


def tour(steps: Sequence[tuple[str, str, str]], key: str) -> None:
    """Show the button that begins the tour; the browser remembers that it was seen.

    Args:
        steps: For each the CSS selector of what it points at, a title and a sentence or two.
        key: Of this component.
    """
    shown = [{"at": at, "title": title, "text": text} for at, title, text in steps]
    _component(data={"steps": shown}, key=key)
