"""Which picture is bent: an item of the study, or one's own that came along in the link."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from typing import NamedTuple

import numpy as np
import streamlit as st
from PIL import Image

from core.stress.subject import as_read
from ui.picked import Picked
from ui.state import CHOSEN, Field, chosen, is_echo, show, value, write
from ui.stress.links import MOST_LETTERS, NO_PICTURE, OWN
from ui.words import plain, short

MOST_PIXELS = 256 * 256
NOT_A_PICTURE = "it must be a small PNG in letters, as the link from Draw writes it"


class Chosen(NamedTuple):
    """The picture that is bent.

    Attributes:
        image: uint8 (H, W).
        row: Of the item; None for one's own picture.
        title: Of the picture: `Digit 247`.
        label: Its class code, if it is known.
        key: Small, another one for another picture.
    """

    image: np.ndarray
    row: int | None
    title: str
    label: int | None
    key: str


def read_own(texts: list[str]) -> np.ndarray | None:
    """One's own picture from the link: uint8 (H, W) grey."""
    if texts[0] == NO_PICTURE:
        return None
    if len(texts[0]) > MOST_LETTERS:
        raise ValueError(NOT_A_PICTURE)
    try:
        raw = base64.b64decode(texts[0] + "=" * (-len(texts[0]) % 4), b"-_", validate=True)
        with Image.open(io.BytesIO(raw), formats=["PNG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError(NOT_A_PICTURE)
            return np.array(picture.convert("L"))
    except (binascii.Error, OSError, SyntaxError, ValueError) as error:
        raise ValueError(NOT_A_PICTURE) from error


def pick_picture(picked: Picked, first: int) -> Chosen | None:
    """Let people choose an item by its id; None, with a sentence, if its picture does not fit.

    Args:
        picked: Whose.
        first: The row that stands where the link names none.
    """
    own = value(Field(OWN, None, read_own))
    row = chosen(picked.dataset)
    row = first if row is None else row
    _choose_row(picked, row, own is not None)
    try:
        return _own(picked, own) if own is not None else _item(picked, row)
    except ValueError as error:
        st.warning(plain(str(error)), icon=":material/broken_image:")
        return None


def _choose_row(picked: Picked, row: int, is_own: bool) -> None:
    one = picked.noun.one
    show("stress id", "" if is_own else picked.dataset.ids[row])
    st.text_input(
        f"{one.capitalize()} (id)",
        key="stress id",
        placeholder=f"your own {one}" if is_own else "",
        on_change=_write_id,
        width=150,
    )
    st.button(
        "At random",
        key="stress random",
        icon=":material/casino:",
        on_click=_at_random,
        args=(picked,),
        help=f"Another {one}, drawn at random",
    )


def _write_id() -> None:
    if not is_echo("stress id"):
        write(OWN, [])
        write("at", [])
        write("into", [])
        write(CHOSEN, [text] if (text := st.session_state["stress id"].strip()) else [])


def _at_random(picked: Picked) -> None:
    row = int(np.random.default_rng().integers(len(picked.dataset)))
    write(OWN, [])
    write("into", [])
    write(CHOSEN, [picked.dataset.ids[row]])


def _own(picked: Picked, image: np.ndarray) -> Chosen:
    title = f"your {picked.noun.one}"
    if picked.network is not None:
        image = as_read(picked.network, image, title)
    digest = hashlib.sha256(image.tobytes()).hexdigest()[:16]
    return Chosen(image, None, title.capitalize(), None, f"own {digest}")


def _item(picked: Picked, row: int) -> Chosen:
    dataset = picked.dataset
    if dataset.images is None or picked.network is None:
        raise ValueError(f"{picked.study.title} has no pictures")
    title = f"{picked.noun.one.capitalize()} {short(dataset.ids[row])}"
    image = as_read(picked.network, dataset.images.image(row), title)
    code = -1 if dataset.labels is None else int(dataset.labels[row])
    return Chosen(image, row, title, code if code >= 0 else None, f"row {row}")
