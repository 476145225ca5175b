"""A few views that show something, each behind a link, with what to look at."""

from __future__ import annotations

import streamlit as st

from core.study.study import TourStop
from ui.picked import Picked
from ui.readers import whole
from ui.state import Field, value
from ui.stress.links import NO_PICTURE, OWN
from ui.studies import STUDY
from ui.words import plain

TOUR = "tour"


def tour(picked: Picked) -> None:
    """The stops of the study's tour, and the text of the one that the link is at."""
    stops = _stops(picked)
    if not stops:
        return
    at = value(Field(TOUR, None, whole(1, len(stops))))
    with st.container(horizontal=True, gap="small", key="tour"):
        for number, stop in enumerate(stops, 1):
            st.page_link(
                "pages/stress.py",
                label=f"**{plain(stop.title)}**" if number == at else plain(stop.title),
                icon=":material/school:",
                query_params={STUDY: picked.key.study, OWN: NO_PICTURE, TOUR: str(number)}
                | dict(stop.link),
            )
    if at is not None:
        st.info(f"**{plain(stops[at - 1].title)}.** {plain(stops[at - 1].text)}",
                icon=":material/school:")  # fmt: skip


def _stops(picked: Picked) -> list[TourStop]:
    """Those whose model is here."""
    return [
        stop
        for stop in picked.study.tour
        if stop.link.get("model", picked.key.model) in picked.study.networks
    ]


def first_row(picked: Picked) -> int:
    """The row of the item that the tour begins with; the first one without a tour."""
    for stop in picked.study.tour:
        row = picked.dataset.ids.row(stop.link.get("id", ""))
        if row is not None:
            return row
    return 0
