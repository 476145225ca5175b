"""Registers a component from the files beside its Python file and what it shares with others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


def registered(file: str, *shared: str, isolate_styles: bool = True) -> Any:
    """The component of a Python file: its JavaScript and, where there is one, its style.

    Args:
        file: The Python file, as its `__file__`.
        shared: Scripts and styles of this folder that it begins with.
        isolate_styles: Whether its style ends at its own elements.
    """
    own = Path(file)
    texts = {
        suffix: "\n".join(
            part.read_text()
            for part in (*(_HERE / name for name in shared), own.with_suffix(suffix))
            if part.suffix == suffix and part.exists()
        )
        for suffix in (".js", ".css")
    }
    return st.components.v2.component(
        f"penumbra_{own.stem}",
        js=texts[".js"],
        css=texts[".css"] or None,
        isolate_styles=isolate_styles,
    )
