"""What people carry off: the filtered items as a table and as pictures."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.measures.export_table import MOST_PROBS
from core.measures.selection import Selection
from ui.export_routes import MIMES, offered, pieces
from ui.picked import Picked

MOST_AT_ONCE = 20_000
"""Items whose files are made whole before they are sent; those of more are sent as they are made,
from an address of their own."""


def take_away(picked: Picked, shown: Selection) -> None:
    """Files of the items shown, each made when its button is pressed.

    Args:
        picked: Whose table it is.
        shown: Of its score table.
    """
    st.header("Download", anchor=False)
    name = (
        f"penumbra-{picked.key.model}" if not picked.key.version else f"penumbra-{picked.study.key}"
    )
    files = {"CSV": "csv", "Parquet": "parquet"}
    if picked.dataset.images is not None:
        files["ZIP of the pictures with the table"] = "zip"
    with st.container(horizontal=True):
        for label, ending in files.items():
            if len(shown) > MOST_AT_ONCE:
                address = f"{offered(picked.key, shown)}/{name}.{ending}"
                st.link_button(label, address, icon=":material/download:")
                continue
            st.download_button(
                label,
                partial(_file, picked, shown, ending),
                f"{name}.{ending}",
                MIMES[ending],
                key=f"take {label}",
                on_click="ignore",
                icon=":material/download:",
            )
    count = picked.noun.counted(len(shown))
    st.caption(f"{count}. The link in the address bar holds what you see here.{_left_out(picked)}")


def _left_out(picked: Picked) -> str:
    if not picked.model.has_distribution or len(picked.class_names) <= MOST_PROBS:
        return ""
    return (
        f" The table has no probabilities: {len(picked.class_names):,} classes are more columns"
        f" than a spreadsheet shows; up to {MOST_PROBS} go along."
    )


def _file(picked: Picked, shown: Selection, ending: str) -> bytes:
    return b"".join(pieces(picked, shown.rows, ending))
