"""Where does one's own digit stand among the test digits?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.figures.place import PLACES, describe_place, place_of, places_in
from core.measures.similar import most_similar
from core.study.classifiers import Classifier
from core.study.pngs import png
from ui import cache
from ui.components.hover import hover, mark
from ui.components.sprite import data_url, sprite
from ui.own import Own
from ui.readers import one_of
from ui.state import Field, choose, widget

TITLES = {
    "doubt": "Predicted digit × 1 − confidence",
    "entropy": "1 − confidence × entropy",
    "split": "Aleatoric × epistemic",
    "typical": "Atypicality × entropy",
    "map": "The map",
}
NOTES = {
    "doubt": "What the model leaves to other classes, on a logarithmic scale: up means unsure.",
    "entropy": "Two summaries of the same ten probabilities, both logarithmic.",
    "split": "Ambiguity of the digit against disagreement of the members, both logarithmic.",
    "typical": "How unlike the training digits, against how spread the probabilities are.",
    "map": "Digits that look alike to the network lie together. No formula continues this map:"
    " yours is put at the median of the test digits most like it.",
}
MOST_MARKS = 60
ALIKE = 6


def place_chart(model: Classifier) -> str:
    """The scatter of the test digits, drawn once: strokes only move the marks. Returns its view."""
    names = places_in(model.scores, model.num_members)
    name = st.selectbox(
        "Its place among the test digits",
        names,
        format_func=TITLES.__getitem__,
        **widget(Field("place", names[0], one_of(names))),
    )
    st.plotly_chart(
        cache.place(model.name, name),
        key="neighbours",
        config={"scrollZoom": True, "displaylogo": False},
        alt=describe_place(model.scores, PLACES[name]),
    )
    st.caption(NOTES[name])
    return name


def place_marks(
    model: Classifier,
    name: str,
    own: Own,
    chosen: int,
    on_mark: Callable[[int], None],
) -> None:
    """Mark one's own digits on the chart; a click on a test digit's point opens it.

    Args:
        model: Whose test digits the chart shows.
        name: The chart's view.
        own: One's own digits; the first `MOST_MARKS` are marked.
        chosen: Which of them is looked at.
        on_mark: Called with the number of the digit whose mark was pressed.
    """
    count = min(len(own.table), MOST_MARKS)
    marks = own.once(f"marks {name}", lambda: [_mark(model, name, own, i) for i in range(count)])
    hover(
        "neighbours",
        None,
        sprite(len(model.scores), model.image_shape),
        "place hover",
        open_later,
        marks,
        chosen,
        on_mark,
    )


def alike(model: Classifier, own: Own, number: int) -> np.ndarray:
    """The test digits most like one of one's own, the most similar first."""
    features = own.features[number]
    return own.once(f"alike {number}", lambda: most_similar(model.test_features, features, ALIKE))


def open_later(index: int) -> None:
    """Note a test digit to be opened on Explore; a callback itself may not change the page."""
    choose(index)
    st.session_state["_open"] = True


def open_now() -> None:
    """Go to Explore if a test digit was noted."""
    if st.session_state.pop("_open", False):
        index = st.query_params["index"]
        st.switch_page("pages/explore.py", query_params={"index": index})


def _mark(model: Classifier, name: str, own: Own, number: int) -> dict:
    row = own.row(number)
    near = alike(model, own, number) if name == "map" else np.array([])
    read = model.class_names[int(row["prediction"])]
    title = f"Your digit {number + 1}, read {read} ({row['confidence']:.1%})"
    point = place_of(row, PLACES[name], model.scores, near)
    return mark(point, read, title, data_url(png(own.images[number])))
