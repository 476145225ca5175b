"""Trust in plain words: what the section on calibration says to who knows no names of metrics."""

from __future__ import annotations

import streamlit as st

from core.figures import reliability
from core.measures.filters import Filter
from core.trust.plain_claims import describe_plainly
from ui import trust_answers, trust_steps
from ui.calibration_section import is_by_outcome
from ui.picked import Picked
from ui.plain_language import in_plain_axes
from ui.words import plain, titled

NUM_BINS = 15
HOW_TO_READ = (
    "Each mark stands for answers of which the model sounds about equally sure. On the dotted line"
    " it is right as often as it says. Below the line it sounds surer than it is, above it less"
    " sure. The upright lines show how far chance may move a mark; below stands how many answers"
    " there are."
)


def plain_calibration(models: list[Picked], wanted: Filter, picked: Picked) -> None:
    """The answer in sentences, then how sure each model sounds beside how often it is right."""
    trust_steps.prepare("calibration", models, wanted, 1.0)
    others = [model for model in models if model.key != picked.key]
    for model in (picked, *others):
        said = describe_plainly(
            *trust_answers.claims(model.key, wanted, 1.0), model.noun, is_by_outcome(wanted)
        )
        st.markdown(f"**{plain(model.title)}** {plain(said)}")
    found = {
        model.title: trust_answers.diagram(model.key, wanted, 1.0, NUM_BINS, "width")[0]
        for model in models
    }
    figure = in_plain_axes(reliability.reliability_figure(titled(found), picked.noun))
    st.plotly_chart(figure, key="reliability", alt=HOW_TO_READ)
    st.caption(HOW_TO_READ)
