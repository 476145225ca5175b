"""What people carry off: the filtered items as a table and as pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import streamlit as st

from core.measures.export_files import Part, csv_pieces, parquet_pieces, zip_pieces
from core.measures.export_table import MOST_PROBS, export_parts
from core.measures.selection import Selection
from ui import cache
from ui.download import download
from ui.picked import Key, Picked


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
            make = partial(pieces, picked.key, shown.rows, ending)
            download(label, f"{name}.{ending}", len(shown), (picked.key, shown), make)
    count = picked.noun.counted(len(shown))
    st.caption(f"{count}. The link in the address bar captures this view.{_left_out(picked)}")


def pieces(key: Key, rows: np.ndarray, ending: str) -> Iterator[bytes]:
    """A file of some items, piece by piece: "csv", "parquet" or "zip".

    Raises:
        ValueError: pictures are asked for, and there are none.
    """
    picked = cache.picked(key)
    parts = export_parts(picked.dataset, picked.model, rows)
    if ending == "zip":
        if picked.dataset.images is None:
            raise ValueError(f"{picked.study.title} has no pictures")
        return zip_pieces(picked.dataset.images, parts)
    made: dict[str, Callable[[Iterator[Part]], Iterator[bytes]]] = {
        "csv": csv_pieces,
        "parquet": parquet_pieces,
    }
    return made[ending](parts)


def _left_out(picked: Picked) -> str:
    if not picked.model.has_distribution or len(picked.class_names) <= MOST_PROBS:
        return ""
    return (
        f" The table leaves out the probabilities: {len(picked.class_names):,} classes are more"
        f" columns than a spreadsheet shows. Up to {MOST_PROBS} classes are included."
    )
