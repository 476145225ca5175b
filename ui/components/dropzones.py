"""Areas to drop files on which screen readers can find by their names."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "penumbra_dropzones", js=Path(__file__).with_suffix(".js").read_text()
)


def dropzones_have_names() -> None:
    """Make every file uploader of this page a region with a name."""
    _component(key="dropzones", height="content")
