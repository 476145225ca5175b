"""Why here? Which part makes the model unsure, and how little of each kind flips its answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from core.corruptions.kinds import KINDS
from core.figures.stress_occlusion import describe_map, maps_of, occlusion_figure
from core.networks.scoring import scorer_of
from core.stress.occlusion import NUM_POSITIONS, Flip, OcclusionMap, occlusion_map, smallest_flips
from core.study.pngs import png
from ui.components.sprite import data_url, own_sprite
from ui.components.tiles import show_tiles
from ui.picked import Key, Picked
from ui.readers import flag
from ui.state import Field, widget, write
from ui.stress.subject import Chosen
from ui.words import plain, short


@st.cache_resource(max_entries=16, show_spinner=False)
def _map(key: Key, picture: str, _picked: Picked, _chosen: Chosen) -> OcclusionMap:
    return occlusion_map(scorer_of(_picked.study, key.model), _chosen.image)


@st.cache_resource(max_entries=16, show_spinner="Changing it in every way …")
def _flips(key: Key, picture: str, _picked: Picked, _chosen: Chosen) -> list[Flip]:
    return smallest_flips(scorer_of(_picked.study, key.model), _chosen.image)


def why_here(picked: Picked, chosen: Chosen) -> None:
    """Both, where people ask for them."""
    if st.toggle("Why here?", help="Which part makes it unsure, and what flips the answer",
                 **widget(Field("why", False, flag))):  # fmt: skip
        _occlusion(picked, chosen)
        _smallest(picked, chosen)


def _occlusion(picked: Picked, chosen: Chosen) -> None:
    found = _map(picked.key, chosen.key, picked, chosen)
    names = maps_of(found, picked.model.num_members)
    said = describe_map(found, names, picked.class_names)
    st.plotly_chart(
        occlusion_figure(found, names, picked.drawn_names, data_url(png(chosen.image))),
        key="occlusion",
        config={"displayModeBar": False},
        alt=f"Maps over the picture. {said}",
    )
    st.caption(
        f"{plain(said)} A square of a quarter of the side, of the picture's median, covers each of"
        f" {NUM_POSITIONS} × {NUM_POSITIONS} places. Orange: covering raises the number. Violet: it"
        " lowers it. Each map has a scale of its own."
    )


def _smallest(picked: Picked, chosen: Chosen) -> None:
    flips = _flips(picked.key, chosen.key, picked, chosen)
    if not flips:
        st.caption("No change within the sliders’ range flips the answer.")
        return
    st.markdown(
        f"**The smallest change of each kind that flips the answer**, the least changed"
        f" {picked.noun.one} first. {len(flips)} of {len(KINDS)} kinds flip it."
    )
    show_tiles(
        [_tile(picked, flip, place) for place, flip in enumerate(flips)],
        own_sprite(np.stack([flip.image for flip in flips])),
        "flips",
        lambda place: _open(flips[place]),
        size=64,
    )


def _tile(picked: Picked, flip: Flip, place: int) -> dict[str, Any]:
    axis, read = KINDS[flip.kind].axis, short(picked.class_names[flip.answer], 12)
    return {
        "index": place, "place": place, "wrong": False, "text": "",
        "caption": f"{axis.title}, {axis.text(flip.amount)} → {read}",
        "title": f"{axis.title}, {axis.text(flip.amount)}: read as {read} with"
        f" {flip.confidence:.0%}",
    }  # fmt: skip


def _open(flip: Flip) -> None:
    write("kind", [flip.kind])
    write("at", [f"{flip.amount:.6g}"])
