"""Which of one's own digits are there, and which one is looked at?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from core.classifiers import Classifier
from core.own import OwnPicture, all_images, read_drawing, score_pictures
from ui.canvas import begin_with, canvas
from ui.components.sprite import sprite
from ui.components.tiles import tiles
from ui.state import Field, flag, widget
from ui.uploads import photograph, read_example, upload

WAYS = {
    "draw": ":material/draw: Draw",
    "upload": ":material/upload: Upload",
    "camera": ":material/photo_camera: Camera",
}
NUM_EXAMPLES = 6
INVITES = {
    "draw": "**Draw a digit in the white square**, with mouse, pen or finger. After each stroke you"
    " read here what the model sees, how sure it is, and what kind of unsure.",
    "upload": "**Drop in a photograph, a scan or a whole folder of them.** Paper, squares and"
    " shadows are removed; every digit is found, read and explained here.",
    "camera": "**Write a digit on paper and hold it to the camera**, or photograph a whole phone"
    " number: every digit is read and explained here.",
}


class Own(NamedTuple):
    """One's own digits, read by a model.

    Attributes:
        pictures: With at least one digit each.
        table: Their score table, from 0, in the pictures' and the reading order.
        images: uint8 (N, H, W).
    """

    pictures: list[OwnPicture]
    table: pd.DataFrame
    images: np.ndarray


def bring(way: str, model: Classifier) -> list[OwnPicture] | None:
    """Let people bring digits; None while there is nothing to read."""
    if way == "draw":
        return _drawn(model)
    pictures = (upload if way == "upload" else photograph)(model.image_shape)
    return pictures or None


def read(pictures: Sequence[OwnPicture], model: Classifier) -> Own | None:
    """What the model makes of the pictures; None if no digit is on them."""
    found = [picture for picture in pictures if len(picture.images)]
    if not found:
        return None
    key = (model.name, *(id(picture) for picture in found))
    kept = st.session_state.get("_own")
    if kept is None or kept[0] != key:  # choosing another digit does not read them all again
        own = Own(found, score_pictures(model, found), all_images(found))
        kept = st.session_state["_own"] = (key, own)
    return kept[1]


def chosen(own: Own) -> int:
    """The digit that is looked at."""
    number = st.session_state.get("_looked_at", 0)
    return number if number < len(own.table) else 0


def look_at(number: int) -> None:
    """Look at another one."""
    st.session_state["_looked_at"] = number


def picture_of(own: Own, number: int) -> tuple[OwnPicture, int]:
    """The picture a digit is from, and its number in it."""
    for picture in own.pictures:
        if number < len(picture.images):
            return picture, number
        number -= len(picture.images)
    raise IndexError(number)


def invite(way: str, model: Classifier) -> None:
    """What to do, and something to begin with."""
    st.info(INVITES[way], icon=":material/waving_hand:")
    if way != "draw":
        st.button(
            "Try it with a number on squared paper",
            key="example",
            icon=":material/image:",
            on_click=read_example,
            args=(way, model.image_shape),
        )
    else:
        st.markdown("Or begin with one of the test digits the model is least sure of:")
        unsure = model.scores.nlargest(NUM_EXAMPLES, "predictive_entropy")
        tiles(unsure, sprite(len(model.scores), model.image_shape), "examples", begin_with)


def _drawn(model: Classifier) -> list[OwnPicture] | None:
    several = st.toggle("Several digits", **widget(Field("several", False, flag)))
    drawing = canvas()
    if drawing is None:
        return None
    key = (drawing, several, model.image_shape)
    kept = st.session_state.get("_drawn")
    if kept is None or kept[0] != key:
        picture = read_drawing(drawing, model.image_shape, several)
        kept = st.session_state["_drawn"] = (key, picture)
    return [kept[1]]
