"""Ways to the Stress page from an item and from one's own picture.

By itself, because the first page shows one and should not load what damages pictures.
"""

from __future__ import annotations

import base64

import numpy as np
import streamlit as st

from core.study.pngs import png
from ui.picked import Picked
from ui.state import CHOSEN
from ui.studies import MODEL, STUDY

OWN = "picture"
"""The key of one's own picture in the link: a small PNG."""
NO_PICTURE = "none"
MOST_LETTERS = 6_000


def bend_item(picked: Picked, row: int) -> None:
    """A link that bends an item's picture; nothing where no network reads pictures."""
    if picked.network is not None and picked.dataset.images is not None and not picked.key.part:
        _link(picked, {CHOSEN: picked.dataset.ids[row], OWN: NO_PICTURE})


def bend_own(picked: Picked, image: np.ndarray) -> None:
    """A link that bends one's own picture; nothing where it is too large for a link."""
    text = base64.urlsafe_b64encode(png(image)).decode().rstrip("=")
    if len(text) <= MOST_LETTERS:
        _link(picked, {OWN: text})


def _link(picked: Picked, more: dict[str, str]) -> None:
    known = {STUDY: picked.key.study, MODEL: picked.key.model}
    st.page_link(
        "pages/stress.py",
        label=f"Bend this {picked.noun.one} until the model breaks",
        icon=":material/vital_signs:",
        query_params=known | {"stress": "image"} | more,
    )
