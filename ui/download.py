"""A button that downloads a file: made when it is pressed, and of many items while it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import streamlit as st

from ui.export_routes import MIMES, offered

MOST_AT_ONCE = 20_000
"""Items whose files are made whole before they are sent; those of more are sent as they are made,
from an address of their own."""


def download(
    label: str,
    name: str,
    num_items: int,
    owner: tuple[object, ...],
    make: Callable[[], Iterator[bytes]],
) -> None:
    """Show the button.

    Args:
        label: Of the button.
        name: Of the file; its ending tells what it is.
        num_items: How many items are in it.
        owner: What the file is of; equal owners share an address.
        make: Gives the file piece by piece, of what is there when it is called.
    """
    icon = ":material/download:"
    if num_items > MOST_AT_ONCE:
        st.link_button(label, f"{offered((*owner, name), make)}/{name}", icon=icon)
        return
    st.download_button(
        label,
        lambda: b"".join(make()),
        name,
        MIMES[name.rpartition(".")[2]],
        key=f"take {label}",
        on_click="ignore",
        icon=icon,
    )
