"""What does the model see in one digit of one's own, and how sure is it?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.measures.register import measures_in
from core.measures.standing_text import describe_standing
from core.measures.table import prob_columns
from core.study.classifiers import Classifier
from core.study.pngs import png
from ui.components.sprite import data_url, sprite
from ui.components.tiles import tiles
from ui.decline import badge
from ui.own import Own
from ui.place import ALIKE, alike, open_later
from ui.probs import probs_table
from ui.verdicts import verdict


def own_card(model: Classifier, own: Own, number: int) -> None:
    """One digit.

    Args:
        model: That read it.
        own: All digits.
        number: The one to show, from 0.
    """
    row = own.row(number)
    verdict(model, row["kind"], row)
    badge(row)
    probs = np.array([row[name] for name in prob_columns(own.table)])
    bars = probs_table(probs, own.member_probs[number], model.class_names)
    st.html(f'<div class="own">{_image(own.images[number])}{bars}</div>{_measures(model, row)}')
    st.caption("The test digits most like it, to this network (label → prediction)")
    near = model.scores.loc[alike(model, own, number)]
    where = sprite(len(model.scores), model.image_shape)
    tiles(near, where, "own similar", open_later, size=44, a_row=ALIKE)


def _image(pixels: np.ndarray) -> str:
    alt = "Your digit as the network reads it"
    return f'<img class="digit" src="{data_url(png(pixels))}" alt="{alt}">'


def _measures(model: Classifier, row: dict[str, Any]) -> str:
    """Each measure with its standing; numbers and our own words only, so no text to escape."""
    lines = [
        f"<tr><td>{measure.title}<br><small>{standing}</small></td>"
        f"<td>{_number(row[measure.column])}"
        f"{' <small>nats</small>' if measure.unit == 'nats' else ''}</td></tr>"
        for measure in measures_in(list(row), model.num_members)
        if pd.notna(row[measure.column])
        for standing in [describe_standing(model.scores, measure, float(row[measure.column]))]
    ]
    return (
        f'<table class="measures"><tr><th>measure</th><th>value</th></tr>{"".join(lines)}</table>'
    )


def _number(value: float) -> str:
    """Four digits, and more where they would round to 1 what is not 1."""
    return f"{value:.8g}" if 0.99995 <= value < 1 else f"{value:.4g}"
