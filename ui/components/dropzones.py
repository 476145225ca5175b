"""Areas to drop files on which screen readers can find by their names."""

from __future__ import annotations

from ui.components.registered import registered

_component = registered(__file__)


def dropzones_have_names() -> None:
    """Make every file uploader of this page a region with a name."""
    _component(key="dropzones", height="content")
