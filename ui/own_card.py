"""What does the model see in one digit of one's own, and how sure is it?"""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.measures.register import BY_COLUMN
from core.measures.standing_text import describe_standing
from core.study.pngs import png
from ui.components.sprite import data_url
from ui.components.tiles import tiles
from ui.own import Own
from ui.picked import Picked
from ui.place import ALIKE, alike, open_later
from ui.probs import probs_table
from ui.referral_rule import badge
from ui.stress.links import bend_own
from ui.verdicts import verdict
from ui.words import plain


def own_card(picked: Picked, own: Own, number: int) -> None:
    """One digit.

    Args:
        picked: The model that read it.
        own: All digits.
        number: The one to show, from 0.
    """
    row = own.row(number)
    probs = own.mean_probs[number]
    verdict(picked, row["kind"], row, probs)
    badge(row)
    bars = probs_table(probs, own.member_probs[number], picked.class_names)
    st.html(f'<div class="own">{_image(own.images[number], picked.noun.one)}{bars}</div>')
    bend_own(picked, own.images[number])
    with st.expander("Every measure, and how usual it is", icon=":material/straighten:"):
        st.html(_measures(picked, row))
    near = picked.scores.loc[alike(picked, own, number)]
    if len(near):  # a network of one's own may give no features to tell by
        st.caption(
            f"The {picked.noun.many} most like it, to this network (label → prediction)"
            f"{_witnesses(picked, near, int(row['prediction']))}"
        )
        opens = partial(open_later, picked)
        tiles(picked.dataset, near, "own similar", opens, size=44, a_row=ALIKE)


def _witnesses(picked: Picked, near: pd.DataFrame, code: int) -> str:
    """How many of those most like it are labelled as it was read."""
    if not near["label"].notna().all():
        return ""
    agreed = int((near["label"] == code).sum())
    return f": {agreed} of {len(near)} are labelled {plain(picked.class_names[code])}"


def _image(pixels: np.ndarray, noun: str) -> str:
    alt = f"Your {escape(noun)} as the network reads it"
    return f'<img class="digit" src="{data_url(png(pixels))}" alt="{alt}">'


def _measures(picked: Picked, row: dict[str, Any]) -> str:
    """Each measure with its standing; numbers and our own words only, so no text to escape."""
    lines = [
        f"<tr><td>{measure.title}<br><small>{standing}</small></td>"
        f"<td>{_number(row[measure.column])}"
        f"{' <small>nats</small>' if measure.unit == 'nats' else ''}</td></tr>"
        for measure in (BY_COLUMN[name] for name in picked.columns if name in row)
        if pd.notna(row[measure.column])
        for standing in [
            describe_standing(picked.dataset, picked.scores, measure, float(row[measure.column]))
        ]
    ]
    return (
        f'<table class="measures"><tr><th>measure</th><th>value</th></tr>{"".join(lines)}</table>'
    )


def _number(value: float) -> str:
    """Four decimal places; what would round to 0 or 1 and is neither is said to be beyond them."""
    if 0 < value < 0.00005:
        return "under 0.0001"
    return "over 0.9999" if 0.99995 <= value < 1 else f"{value:.4f}"
