"""Which of one's own digits are there, and which one is looked at?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.access.roles import OPEN
from core.networks.own_pictures import (
    EXAMPLE,
    OwnPicture,
    all_images,
    parts_of_drawing,
    read_drawing,
    read_item,
)
from core.networks.own_scores import Scored, score_pictures
from core.networks.scoring import scorer_of
from core.networks.whole_pictures import draw_whole, item_whole
from ui import cache
from ui.base_path import below_base
from ui.bring_files import photograph, read_example, upload
from ui.canvas import Drawing, begin_with, canvas
from ui.components.tiles import tiles
from ui.file_reading import reading_of
from ui.picked import Picked
from ui.readers import flag
from ui.sign_in import refusal
from ui.state import Field, widget, write

WAYS = {
    "draw": ":material/draw: Draw",
    "upload": ":material/upload: Upload",
    "camera": ":material/photo_camera: Camera",
}
NUM_EXAMPLES = 6
EXAMPLE_SHOWN = (
    '<img class="example" src="{}" alt="Eight digits in two rows, written'
    ' with a blue pen on squared paper, shadowed from the right">'
).format(below_base(f"/app/static/{EXAMPLE.name}"))
INVITES = {
    "draw": "**Draw a {one} in the white square**, with mouse, pen or finger. After each stroke you"
    " read here what the model sees, how sure it is, and what kind of unsure.",
    "upload": "**Drop in a photograph, a scan or a whole folder of them.** Paper, squares and"
    " shadows are removed; every {one} is found, read and explained here.",
    "camera": "**Write a {one} on paper and hold it to the camera**, or photograph a whole phone"
    " number: every {one} is read and explained here.",
}
WHOLE_INVITES = {
    "draw": "**Begin with a {one} and paint over it**, with mouse, pen or finger, or draw one."
    " After each stroke you read here what the model sees, how sure it is, and what kind of"
    " unsure.",
    "upload": "**Drop in a picture or a whole folder of them.** Each is read as one {one}, made to"
    " fit the network as its card says, and explained here.",
    "camera": "**Hold a {one} to the camera**: it is read and explained here.",
}
"""Of networks that read a picture as a whole."""


@dataclass(frozen=True)
class Own:
    """One's own digits, read by a model.

    Attributes:
        pictures: With at least one digit each.
        images: uint8 (N, H, W), in the pictures' and the reading order.
        scored: What the model says of them.
    """

    pictures: list[OwnPicture]
    images: np.ndarray
    scored: Scored
    _made: dict[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> pd.DataFrame:
        """Their score table, from 0."""
        return self.scored.table

    @property
    def mean_probs(self) -> np.ndarray:
        """The class probabilities (N, K)."""
        return self.scored.mean_probs

    @property
    def member_probs(self) -> np.ndarray:
        """The members' probabilities (N, S, K)."""
        return self.scored.member_probs

    @property
    def features(self) -> np.ndarray:
        """What the network sees, (N, D)."""
        return self.scored.features

    def row(self, number: int) -> dict[str, Any]:
        """One digit's row of the table."""
        return {str(name): found for name, found in self.table.iloc[number].items()}

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What is made of these digits, made once: looking at another one makes nothing anew."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


def bring(way: str, picked: Picked) -> list[OwnPicture] | None:
    """Let people bring digits; None while there is nothing to read."""
    if way == "draw":
        return _drawn(picked)
    if sentence := refusal(OPEN):
        st.info(sentence, icon=":material/lock:")
        return None
    pictures = (upload if way == "upload" else photograph)(reading_of(picked))
    return pictures or None


def read(pictures: Sequence[OwnPicture], picked: Picked) -> Own | None:
    """What the model makes of the pictures; None if no digit is on them."""
    found = [picture for picture in pictures if len(picture.images)]
    if not found:
        return None
    key = (picked.key, *(id(picture) for picture in found))
    kept = st.session_state.get("_own")
    if kept is None or kept[0] != key:  # choosing another digit does not read them all again
        scorer = scorer_of(picked.study, picked.key.model)
        scored = score_pictures(scorer, cache.thresholds(picked.key), picked.noun, found)
        own = Own(found, all_images(found), scored)
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


def invite(way: str, picked: Picked) -> None:
    """What to do, and something to begin with."""
    finds_ink = reading_of(picked).network.finds_ink
    said = (INVITES if finds_ink else WHOLE_INVITES)[way].format(one=picked.noun.one)
    if way == "draw" or not refusal(OPEN):
        st.info(said, icon=":material/waving_hand:")
    if way != "draw" and finds_ink:
        st.html(EXAMPLE_SHOWN)
        st.button(
            "Try it with a number on squared paper",
            key="example",
            icon=":material/image:",
            on_click=read_example,
            args=(way, reading_of(picked)),
        )
    elif way == "draw" and picked.dataset.images is not None:
        st.markdown(f"Or begin with one of the {picked.noun.many} the model is least sure of:")
        unsure = picked.scores.nlargest(NUM_EXAMPLES, "predictive_entropy")
        tiles(picked.dataset, unsure, "examples", begin_with, a_row=NUM_EXAMPLES)


def _drawn(picked: Picked) -> list[OwnPicture] | None:
    drawing, network = canvas(picked), reading_of(picked).network
    several = network.finds_ink and st.toggle(
        f"Several {picked.noun.many}", **widget(Field("several", False, flag))
    )
    if drawing is None:
        return None
    key = (drawing, several, picked.key)
    kept = st.session_state.get("_drawn")
    if kept is None or kept[0] != key:
        found = _read_drawing(picked, drawing, several)
        alone = (
            network.finds_ink and not several and drawing.item is None and len(found.images) == 1
        )
        parts = parts_of_drawing(drawing.picture, found.images[0]) if alone else 1
        kept = st.session_state["_drawn"] = (key, found, parts)
    if kept[2] > 1:
        _offer_several(kept[2], picked)
    return [kept[1]]


def _read_drawing(picked: Picked, drawing: Drawing, several: bool) -> OwnPicture:
    """An item that nothing was drawn on is read as it is, everything else as it was drawn."""
    images, network = picked.dataset.images, reading_of(picked).network
    image = None if drawing.item is None or images is None else images.image(drawing.item)
    if not network.finds_ink:
        if image is not None:
            return item_whole(image, network)
        return draw_whole(drawing.picture, network)
    if image is not None and not several and image.shape == network.image_shape:
        return read_item(image)
    return read_drawing(drawing.picture, network.image_shape, several)


def _offer_several(parts: int, picked: Picked) -> None:
    """What was drawn as one looks like several."""
    st.button(
        f"This looks like {parts} {picked.noun.many}: read each alone",
        key="read each",
        icon=":material/splitscreen_left:",
        on_click=write,
        args=("several", ["true"]),
    )
