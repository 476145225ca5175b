"""Keys that are heard before the buttons which they stand for are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from ui.components.registered import registered

_component = registered(__file__, "connected.js")


def pressed_keys(item: str, presses: Mapping[str, Callable[[], None]], key: str) -> None:
    """Let keys act on an item from the moment it is shown. Call just before the item is drawn.

    A shortcut of a button acts once the button is drawn, and a page of many buttons takes longer to
    draw than its item. A key that was pressed on another item does nothing here.

    Args:
        item: Its id.
        presses: Key, a digit or a letter in upper case -> what it does.
        key: Of this component.
    """

    def act() -> None:
        # A browser says the component's state with a press; without one there is none to ask.
        said = getattr(st.session_state.get(key), "pressed", None)
        for name, press in presses.items():
            if said == {"item": item, "key": name}:
                press()

    _component(key=key, data={"item": item, "keys": list(presses)}, on_pressed_change=act)
