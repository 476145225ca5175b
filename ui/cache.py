"""What is kept between reruns: core's answers, by small keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.figures.lasso import Outline, inside_outlines
from core.figures.place import PLACES, place_figure
from core.figures.positions import Positions, View
from core.figures.positions import positions as positions_of
from core.figures.scatter import NO_TITLES, Scatter, scatter_figure
from core.measures import filters, similar
from core.measures.probabilities import member_probs as probs_of_members
from core.measures.score_arrays import ScoreArrays
from core.measures.selection import Selection
from core.measures.verdict import Thresholds, fit_thresholds
from core.review.audit import Audit, load_audit
from core.study.dataset import UNLABELLED
from ui import studies
from ui.components.sprite import some_sprites
from ui.kept_answer import kept_table
from ui.picked import Key, Picked


def picked(key: Key) -> Picked:
    """The study and model of a key; shared by all sessions, read only."""
    study = studies.opened(key.study, key.version)
    return Picked(key, study.parts[key.part] if key.part else study)


@st.cache_resource(max_entries=16, show_spinner=False)  # routes use it too
def arrays(key: Key) -> ScoreArrays:
    """The columns of a model's table: shared, read only."""
    return ScoreArrays(picked(key).scores)


@st.cache_resource(max_entries=8, show_spinner=False)  # routes use it too; of a million 8 MB each
def shown(key: Key, wanted: filters.Filter) -> Selection:
    """The rows of a model's table that pass a filter: shared, read only."""
    return filters.select(arrays(key), wanted)


@st.cache_resource(max_entries=8, show_spinner=False)  # routes use it too
def positions(key: Key, view: View) -> Positions:
    """Where all items lie on a scatter: shared, read only."""
    return positions_of(arrays(key), view)


@st.cache_resource(max_entries=16)
def confusions(key: Key) -> pd.Series:
    """How often each pair of label and another prediction occurs, most often first."""
    return filters.confusions(shown(key, filters.Filter()))


@st.cache_resource(max_entries=16)
def frequent(key: Key, column: str, count: int) -> list[int]:
    """The codes of the most frequent classes by label or prediction, in their own order."""
    seen = picked(key)
    codes = arrays(key).codes(column)
    counts = np.bincount(codes[codes != UNLABELLED], minlength=len(seen.class_names))
    return sorted(np.argsort(-counts, kind="stable")[:count].tolist())


@st.cache_resource(max_entries=16)
def scatter(
    key: Key, wanted: filters.Filter, view: View, colour: str, titles: Mapping[str, str] = NO_TITLES
) -> Scatter:
    """The scatter of the filtered items, its axes under other titles: shared, read only."""
    seen, places = picked(key), positions(key, view)
    pictured = seen.dataset.images is not None
    return scatter_figure(
        shown(key, wanted), view, colour, seen.drawn_names, places, pictured, titles
    )


@st.cache_resource(max_entries=8)
def inside(
    key: Key, wanted: filters.Filter, view: View, outlines: tuple[Outline, ...]
) -> Selection:
    """The filtered items inside what was drawn on their scatter: shared, read only."""
    log = (view.log_x, view.log_y)
    return inside_outlines(shown(key, wanted), positions(key, view), outlines, log)


@st.cache_resource(max_entries=16)
def place(key: Key, place: str) -> go.Figure:
    """The items among which one's own are marked: shared, read only."""
    seen = picked(key)
    members = seen.model.num_members
    return place_figure(seen.scores, PLACES[place], seen.drawn_names, members, seen.noun)


@st.cache_resource(max_entries=16)
def thresholds(key: Key) -> Thresholds:
    """Where one kind of answer turns into another, from what was held out.

    Where nothing was, from the study's own items: it is not they who are judged.
    """
    study = picked(key).study
    return fit_thresholds((study.held_out.get(key.model) or study.models[key.model]).scores)


@st.cache_data(max_entries=1_000)
def member_probs(key: Key, row: int) -> np.ndarray:
    """The members' probabilities (S, K) of one item."""
    return probs_of_members(picked(key).model, np.array([row]))[:, 0]


@st.cache_data(max_entries=1_000)
def similar_items(key: Key, row: int, count: int) -> list[int]:
    """The items most like one of them, the most similar first; none without features."""
    features = picked(key).model.features
    if features is None:
        return []
    return similar.most_similar_to_row(features, row, count).tolist()


@st.cache_resource(show_spinner=False, max_entries=4)
def audit(key: Key, method: str) -> Audit:
    """A study's labels as a model ranks them: shared, read only."""
    seen = picked(key)

    def rank(fresh: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        return kept_table(seen, f"ranking-{method}", fresh)

    return load_audit(seen.study, key.model, method, with_cleanlab=False, rank=rank)


@st.cache_data(max_entries=1_000)
def similar_to_part(key: Key, row: int, count: int) -> list[int]:
    """The study's own items most like an item of one of its parts, the most similar first."""
    whole, part = picked(key._replace(part="")), picked(key)
    features, images = whole.model.features, part.dataset.images
    if features is None or images is None or whole.network is None:
        return []
    found = whole.network.predict(images.image(row)[None]).features
    return [] if found is None else similar.most_similar(features, found[0], count).tolist()


@st.cache_data(max_entries=200)
def sheet(key: Key, rows: tuple[int, ...]) -> dict[str, Any] | None:
    """A sheet of some items, for the tiles: see `ui.components.sprite`."""
    return some_sprites(picked(key).dataset, rows)[0]
