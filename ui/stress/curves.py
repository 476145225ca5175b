"""What a model says along a way, kept between reruns, and what the cursor shows of each step."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.figures.stress_curve import curve_figure, pictured
from core.measures.register import BY_COLUMN
from core.measures.similar import most_similar
from core.measures.verdict import reason, sentence
from core.networks.scoring import scorer_of
from core.stress.curve import Curve, Layer, curve_along
from core.stress.subject import as_read
from core.study.pngs import png
from ui import cache
from ui.components.cursor import step_of_cursor
from ui.components.sprite import data_url
from ui.picked import Key, Picked
from ui.stress.subject import Chosen
from ui.verdicts import LOOKS
from ui.words import short

MOST_BARS = 4
SHOWN = (
    "confidence",
    "predictive_entropy",
    "expected_entropy",
    "mutual_information",
    "atypicality",
)


class Asked(NamedTuple):
    """What is asked of a picture: small, the key of every cache.

    Attributes:
        key: Of the study and the model.
        picture: Names the picture.
        way: Of `core.stress.curve.WAYS`.
        layers: What lies on every step.
        into: The row a morph ends at, or None.
    """

    key: Key
    picture: str
    way: str
    layers: tuple[Layer, ...]
    into: int | None


@st.cache_resource(max_entries=24, show_spinner=False)
def curve(asked: Asked, _picked: Picked, _chosen: Chosen) -> Curve:
    """What the model says of every step: shared, read only."""
    scorer = scorer_of(_picked.study, asked.key.model)
    held_out = asked.key.model in _picked.study.held_out
    thresholds = cache.thresholds(asked.key) if held_out else None
    images, target = _picked.dataset.images, None
    if asked.into is not None and images is not None:
        id = _picked.dataset.ids[asked.into]
        target = as_read(scorer.network, images.image(asked.into), id)
    return curve_along(scorer, thresholds, _chosen.image, asked.way, asked.layers, target)


@st.cache_resource(max_entries=8, show_spinner=False)
def figure(asked: Asked, _picked: Picked, _chosen: Chosen) -> go.Figure:
    """Its chart: shared, read only."""
    found = curve(asked, _picked, _chosen)
    strip = np.hstack(list(found.images[pictured(len(found.images))]))
    return curve_figure(found, _picked.drawn_names, data_url(png(strip)))


@st.cache_data(max_entries=200, show_spinner=False)
def likely_targets(key: Key, picture: str, _picked: Picked, _chosen: Chosen) -> list[int]:
    """Of each class that the picture is not read as, the row of the item most like the picture.

    The most similar one first; without features the first item of each class.
    """
    network, scores = _picked.network, _picked.scores
    if network is None:
        return []
    answers = network.predict(_chosen.image[None])
    own = int(answers.logits.mean((0, 1)).argmax())
    known, codes = _picked.model.features, scores["prediction"].to_numpy()
    if known is None or answers.features is None:
        order = np.arange(len(codes))
    else:
        order = most_similar(known, answers.features[0], len(codes))
    _, first = np.unique(codes[order], return_index=True)
    return [int(order[place]) for place in np.sort(first) if codes[order[place]] != own]


def steps(found: Curve, picked: Picked) -> list[dict[str, Any]]:
    """What the cursor shows at each step."""
    return [_step(found, picked, step) for step in range(len(found.amounts))]


def _step(found: Curve, picked: Picked, step: int) -> dict[str, Any]:
    probs, row, names = found.mean_probs[step], found.row(step), picked.class_names
    kind = found.kinds[step] if found.kinds else "confident"
    look = LOOKS[kind]
    heading = sentence(kind, probs, names, picked.noun)
    model = picked.model
    said = reason(kind, row, probs, names, picked.noun, model.num_members, model.member)
    order = np.argsort(-probs, kind="stable")[:MOST_BARS]
    bars = [(short(names[code], 24), round(float(probs[code]), 4)) for code in order]
    numbers = [
        (BY_COLUMN[name].title, f"{row[name]:.3f}")
        for name in SHOWN
        if name in row and name in picked.columns
    ]
    x = float(found.amounts[step])
    answer = (look.sign, look.colour, heading)
    return step_of_cursor(x, found.way.text(x), answer, said, bars, numbers)
