"""The section on one picture: bent along one axis, with everything the model says on the way."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.figures.stress_curve_text import describe_chart, describe_curve
from core.figures.stress_film import film
from core.stress.curve import Curve
from ui.components.cursor import cursor
from ui.components.sprite import own_sprite
from ui.faults import fragment
from ui.picked import Picked
from ui.state import value, write
from ui.stress.controls import AT, controls, kind_control, layers_control
from ui.stress.curves import Asked, curve, figure, steps
from ui.stress.subject import Chosen, pick_picture
from ui.stress.tour import first_row
from ui.stress.why import why_here
from ui.words import plain


def one_image(picked: Picked, answer: DeltaGenerator) -> None:
    """One picture, chosen by link or by id; what becomes of it goes to `answer`."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = pick_picture(picked, first_row(picked))
        kind_control()
        layers_control()
    if chosen is None:
        return
    asked = controls(picked, chosen)
    found = curve(asked, picked, chosen)
    answer.markdown(f"**{plain(_heading(picked, chosen))}** {plain(_said(picked, found))}")
    _cursor(picked, asked, chosen, found)
    st.plotly_chart(
        figure(asked, picked, chosen),
        key="curve",
        config={"displaylogo": False, "displayModeBar": False},
        alt=describe_chart(found, picked.class_names, picked.noun),
    )
    st.caption(_legend(picked, found))
    st.download_button(
        "Film (GIF)",
        lambda: film(found, picked.class_names, chosen.title),
        f"penumbra-{asked.way}-{'own' if chosen.row is None else chosen.row}.gif",
        "image/gif",
        key="film",
        on_click="ignore",
        icon=":material/movie:",
    )

    why_here(picked, chosen)


def _heading(picked: Picked, chosen: Chosen) -> str:
    label = "" if chosen.label is None else f", labelled {picked.class_names[chosen.label]}"
    return f"{chosen.title}{label}."


def _said(picked: Picked, found: Curve) -> str:
    return describe_curve(found, picked.class_names, picked.noun)


def _legend(picked: Picked, found: Curve) -> str:
    members = f" Faint: each of the {found.num_members} members." if found.num_members > 1 else ""
    return (
        f"{len(found.amounts)} steps, scored in one batch.{members} Dotted: where the answer"
        " changes. Click the chart, drag the slider, or use the arrow keys on it."
    )


def _cursor(picked: Picked, asked: Asked, chosen: Chosen, found: Curve) -> None:
    @fragment
    def moved() -> None:
        """Where the cursor comes to rest is written to the link; nothing is drawn anew."""
        at = value(AT)
        amount = found.way.neutral if at is None else at
        cursor(
            "curve",
            repr(asked),
            int(np.abs(found.amounts - amount).argmin()),
            (found.way.title.capitalize(), chosen.title),
            own_sprite(found.images),
            steps(found, picked),
            "cursor",
            lambda step: write("at", [f"{found.amounts[step]:.6g}"]),
        )

    moved()
