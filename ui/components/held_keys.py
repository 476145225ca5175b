"""One press of a key is one press, however long the key is held."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "penumbra_held_keys", js=Path(__file__).with_suffix(".js").read_text()
)


def held_keys_count_once(key: str) -> None:
    """Let no held key press a button or a shortcut of this page again and again.

    Arrows and other keys that move, and typing into a field, repeat as ever.

    Args:
        key: Of this component.
    """
    _component(key=key)
