"""What people carry off: the filtered digits as a table and as pictures."""

from __future__ import annotations

import io

import pandas as pd
import streamlit as st

from core.study.pngs import zip_of_pngs
from ui import cache


def take_away(shown: pd.DataFrame, name: str) -> None:
    """Three files of the digits shown, each made when its button is pressed.

    Args:
        shown: Rows of a score table of the test images.
        name: How the files' names begin.
    """
    st.subheader("Take away", anchor=False)
    files = {
        "CSV": (lambda: shown.to_csv().encode(), f"{name}.csv", "text/csv"),
        "Parquet": (lambda: _parquet(shown), f"{name}.parquet", "application/vnd.apache.parquet"),
        "ZIP of the pictures with the table": (
            lambda: zip_of_pngs(cache.images_of("test"), shown),
            f"{name}.zip",
            "application/zip",
        ),
    }
    with st.container(horizontal=True):
        for label, (make, file_name, mime) in files.items():
            st.download_button(
                label,
                make,
                file_name,
                mime,
                key=f"take {label}",
                on_click="ignore",
                icon=":material/download:",
            )
    st.caption(f"{len(shown):,} digits. The link in the address bar holds what you see here.")


def _parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer)
    return buffer.getvalue()
