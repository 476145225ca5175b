"""The style of every page: the palette's colours by name, then our rules."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from core.figures.palette import css_variables

RULES = Path(__file__).with_name("style.css")


def wear() -> None:
    """Give the page its style. Call before anything is drawn."""
    st.html(style())


@cache
def style() -> str:
    """Colours and rules as one element; components, too, know the colours by their names."""
    return f"<style>{css_variables()}{RULES.read_text()}</style>"
