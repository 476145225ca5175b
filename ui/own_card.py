"""What does the model see in one digit of one's own, and how sure is it?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.classifiers import Classifier
from core.figures.digit import describe_probs, probs_figure
from core.measures import measures_in
from core.reading import describe_answer
from core.standing import describe_standing
from core.table import prob_columns
from core.uncertainty import measure_logits
from ui.components.sprite import sprite
from ui.components.tiles import tiles
from ui.decline import badge
from ui.digit_card import image
from ui.place import alike, open_later
from ui.verdicts import verdict


def own_card(model: Classifier, row: pd.Series, pixels: np.ndarray) -> None:
    """One digit.

    Args:
        model: That read it.
        row: Of a score table.
        pixels: Its image, uint8 (H, W).
    """
    st.subheader(verdict(model, row), anchor=False)
    probs = row[prob_columns(row.to_frame().T)].to_numpy(np.float64)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        image(pixels, "Your digit as the network reads it")
        st.markdown(describe_answer(probs, model.class_names), width=170)
    badge(row)
    st.plotly_chart(
        probs_figure(probs, member_probs(model, pixels), model.class_names),
        key="own probs",
        config={"displayModeBar": False},
        alt=describe_probs(probs, model.class_names),
    )
    st.html(_measure_rows(model, row))
    st.caption("The test digits most like it, to this network (label → prediction)")
    near = model.scores.loc[alike(model, pixels)]
    tiles(near, sprite(len(model.scores), model.image_shape), "own similar", open_later, size=40)


def member_probs(model: Classifier, pixels: np.ndarray) -> np.ndarray:
    """The members' probabilities (S, K) for one image."""
    logits = model.predict_logits(pixels[np.newaxis])
    return measure_logits(logits.swapaxes(0, 1), model.temperature)["mean_probs"]


def _measure_rows(model: Classifier, row: pd.Series) -> str:
    """Each measure with its standing; numbers and our own words only, so no text to escape."""
    lines = [
        f"<tr><td>{measure.title}<br><small>{standing}</small></td><td>{row[measure.column]:.4g}"
        f"{' <small>nats</small>' if measure.unit == 'nats' else ''}</td></tr>"
        for measure in measures_in(list(row.index), model.num_members)
        if pd.notna(row[measure.column])
        for standing in [describe_standing(model.scores, measure, float(row[measure.column]))]
    ]
    return (
        f'<table class="measures"><tr><th>measure</th><th>value</th></tr>{"".join(lines)}</table>'
    )
