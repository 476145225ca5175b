"""Where does one's own picture stand among those of the study?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from core.figures.place import PLACES, describe_place, place_of, places_in
from core.measures.similar import most_similar
from core.study.pngs import png
from core.trust.wording import percent
from ui import cache
from ui.components.hover import hover, mark
from ui.components.sprite import data_url
from ui.leaving import leave_for
from ui.own import Own
from ui.picked import Picked
from ui.readers import one_of
from ui.state import CHOSEN, Field, choose, widget
from ui.words import plain

TITLES = {
    "doubt": "Prediction × 1 − confidence",
    "entropy": "1 − confidence × entropy",
    "split": "Aleatoric × epistemic",
    "typical": "Atypicality × entropy",
    "map": "The map",
}
NOTES = {
    "doubt": "What the model leaves to other classes, on a logarithmic scale: up means unsure.",
    "entropy": "Two summaries of the same class probabilities, both logarithmic.",
    "split": "Ambiguity of the item against disagreement of the members, both logarithmic.",
    "typical": "How unlike the training items, against how spread the probabilities are.",
    "map": "Items that look alike to the network lie together. t-SNE cannot place new points:"
    " yours is put at the median of those most like it.",
}
MOST_MARKS = 60
LONGEST_MARK = 2
"""Characters that a mark has room for; what has a longer name is marked by its number."""
ALIKE = 6


def place_chart(picked: Picked) -> str:
    """The scatter of the study's items, drawn once: strokes only move the marks. Gives its view."""
    names = places_in(picked.scores, picked.model.num_members)
    name = st.selectbox(
        f"Its place among the {picked.noun.many} of {plain(picked.study.title)}",
        names,
        format_func=TITLES.__getitem__,
        **widget(Field("place", names[0], one_of(names))),
    )
    st.plotly_chart(
        cache.place(picked.key, name),
        key="neighbours",
        config={"scrollZoom": True, "displaylogo": False},
        alt=describe_place(picked.scores, PLACES[name], picked.noun),
    )
    st.caption(NOTES[name])
    return name


def place_marks(
    picked: Picked,
    name: str,
    own: Own,
    chosen: int,
    on_mark: Callable[[int], None],
) -> None:
    """Mark one's own pictures on the chart; a click on an item's point opens it.

    Args:
        picked: Whose items the chart shows.
        name: The chart's view.
        own: One's own pictures; the first `MOST_MARKS` are marked.
        chosen: Which of them is looked at.
        on_mark: Called with the number of the picture whose mark was pressed.
    """
    count = min(len(own.table), MOST_MARKS)
    marks = own.once(f"marks {name}", lambda: [_mark(picked, name, own, i) for i in range(count)])
    hover(
        "neighbours",
        picked,
        None,
        "place hover",
        lambda row: open_later(picked, row),
        marks,
        chosen,
        on_mark,
    )


def alike(picked: Picked, own: Own, number: int) -> np.ndarray:
    """The rows of the items most like one of one's own, the most similar first."""
    known, features = picked.model.features, own.features[number]
    if known is None or known.shape[1] != len(features):
        return np.zeros(0, int)
    return own.once(f"alike {number}", lambda: most_similar(known, features, ALIKE))


def open_later(picked: Picked, row: int) -> None:
    """Note an item to be opened on Explore; a callback itself may not change the page."""
    choose(picked.dataset, row)
    st.session_state["_open"] = True


def open_now() -> None:
    """Go to Explore if an item was noted."""
    if st.session_state.pop("_open", False):
        chosen = st.query_params[CHOSEN]
        leave_for("pages/explore.py", **{CHOSEN: chosen})


def _mark(picked: Picked, name: str, own: Own, number: int) -> dict[str, Any]:
    row = own.row(number)
    near = alike(picked, own, number) if name == "map" else np.array([])
    read = picked.class_names[int(row["prediction"])]
    title = f"Your {picked.noun.one} {number + 1}, read {read} ({percent(row['confidence'], 1)})"
    point = place_of(row, PLACES[name], picked.scores, near)
    shown = read if len(read) <= LONGEST_MARK else str(number + 1)
    return mark(point, shown, title, data_url(png(own.images[number])))
