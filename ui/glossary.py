"""The glossary's entries."""

from __future__ import annotations

import math

import streamlit as st

from core.measures.estimate_correlation import rank_correlation
from core.measures.register import Measure, highest
from ui.picked import Picked
from ui.words import plain


def measure_entry(measure: Measure, picked: Picked) -> None:
    """Formula, unit, range, reading and source of a measure, with its range for this model."""
    with st.container(border=True):
        st.markdown(f"**{measure.title}** &nbsp; `{measure.column}`")
        st.markdown(measure.meaning)
        st.code(measure.formula, language=None, wrap_lines=True)
        direction = "up means less sure" if measure.unsure_is_high else "up means surer"
        st.caption(f"{_range(measure, picked)} · {direction} · {measure.source}")


def split_note(picked: Picked) -> None:
    """How far the two parts of the split go together, measured on the study's items."""
    if "expected_entropy" in picked.columns:
        found = rank_correlation(picked.scores)
        if math.isnan(found):  # of a single item, or where one of the two is constant
            return
        st.info(
            f"{plain(picked.title)}, {picked.model.num_members} members, on"
            f" {picked.noun.counted(len(picked.dataset))} of {plain(picked.study.title)}: the"
            f" Spearman correlation of the aleatoric with the epistemic estimate is {found:.3f}."
            f" At 1 they would order the {picked.noun.many} the same, and the split would add"
            " nothing."
        )


def _range(measure: Measure, picked: Picked) -> str:
    unit = measure.unit or "no unit"
    if measure.low == "-inf":
        return f"{unit}, from −∞ to {measure.high}"
    if measure.many_members and picked.model.num_members == 1:
        return f"{unit}, from {measure.low} to {measure.high}; needs more than one member"
    high = highest(measure, picked.model.num_members, len(picked.class_names))
    return f"{unit}, from {measure.low} to {measure.high} (here {high:.4g})"
