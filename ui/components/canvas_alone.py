"""The canvas without the toolbar that its component brings: its undo knows nothing of the page's.

The component has no option for that, and its styles are shut off from the page's.
"""

from __future__ import annotations

from ui.components.registered import registered

_component = registered(__file__)


def canvas_alone() -> None:
    """Take the toolbar out of sight and out of reach, of the mouse and of the keyboard."""
    _component(key="canvas alone", height="content")
