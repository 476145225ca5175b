"""What people carry off: the filtered items as a table and as pictures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.measures.export_table import MOST_PROBS, export_table, parquet_bytes
from core.measures.selection import Selection
from core.study.pngs import zip_of_pngs
from core.study.spreadsheets import harmless_csv
from ui.picked import Picked


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
    files = {
        "CSV": (lambda: harmless_csv(_table(picked, shown)).encode(), f"{name}.csv", "text/csv"),
        "Parquet": (
            lambda: parquet_bytes(_table(picked, shown)),
            f"{name}.parquet",
            "application/vnd.apache.parquet",
        ),
    }
    if picked.dataset.images is not None:
        files["ZIP of the pictures with the table"] = (
            lambda: _zip(picked, shown),
            f"{name}.zip",
            "application/zip",
        )
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
    count = picked.noun.counted(len(shown))
    st.caption(f"{count}. The link in the address bar holds what you see here.{_left_out(picked)}")


def _left_out(picked: Picked) -> str:
    if not picked.model.has_distribution or len(picked.class_names) <= MOST_PROBS:
        return ""
    return (
        f" The table has no probabilities: {len(picked.class_names):,} classes are more columns"
        f" than a spreadsheet shows; up to {MOST_PROBS} go along."
    )


def _table(picked: Picked, shown: Selection) -> pd.DataFrame:
    return export_table(picked.dataset, picked.model, shown.table())


def _zip(picked: Picked, shown: Selection) -> bytes:
    images = picked.dataset.images
    if images is None:
        raise ValueError(f"{picked.study.title} has no pictures")
    return zip_of_pngs(images, shown.rows, _table(picked, shown))
