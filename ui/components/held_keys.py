"""One press of a key is one press, however long the key is held."""

from __future__ import annotations

from ui.components.registered import registered

_component = registered(__file__)


def held_keys_count_once(key: str) -> None:
    """Let no held key press a button or a shortcut of this page again and again.

    Arrows and other keys that move, and typing into a field, repeat as ever.

    Args:
        key: Of this component.
    """
    _component(key=key)
