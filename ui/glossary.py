"""The glossary's entries."""

from __future__ import annotations

import math

import streamlit as st

from core.measures.estimate_correlation import least_sure, rank_correlation
from core.measures.register import MINUS_INFINITY, Measure
from core.trust.terms import Term
from ui.picked import Picked
from ui.words import plain

FEW = 0.05
"""Share of the items, those of highest entropy, on which the split is looked at again."""


def measure_entry(measure: Measure, picked: Picked) -> None:
    """Formula, unit, range, reading and source of a measure, with its range for this model."""
    direction = "up means less sure" if measure.unsure_is_high else "up means surer"
    with st.container(border=True):
        st.subheader(measure.title, anchor=measure.column)
        st.markdown(measure.meaning)
        st.latex(measure.formula)
        st.caption(f"`{measure.column}` · {_range(measure, picked)} · {direction}")
        st.caption(measure.source)


def term_entry(term: Term) -> None:
    """Formula, reading and source of a word of the Trust page."""
    with st.container(border=True):
        st.subheader(term.name, anchor=term.anchor)
        st.markdown(term.meaning)
        if term.formula:
            st.latex(term.formula)
        if term.source:
            st.caption(term.source)


def split_note(picked: Picked) -> None:
    """How far the two parts of the split go together, measured on the study's items."""
    if "expected_entropy" in picked.columns:
        found = rank_correlation(picked.scores)
        if math.isnan(found):  # of a single item, or where one of the two is constant
            return
        top = least_sure(picked.scores, FEW)
        among = rank_correlation(top)
        st.info(
            f"{plain(picked.title)} has {picked.model.num_members} members. On"
            f" {picked.noun.counted(len(picked.dataset))} of {plain(picked.study.title)}, the"
            f" Spearman correlation of its aleatoric with its epistemic estimate is {found:.3f}."
            + (
                ""
                if math.isnan(among)
                else f" Among the {len(top):,} of highest predictive entropy it is {among:.2f}."
            )
            + f" At 1 both order the {picked.noun.many} the same, and the split adds nothing."
        )


def _range(measure: Measure, picked: Picked) -> str:
    unit = measure.unit or "no unit"
    if measure.low is MINUS_INFINITY:
        return f"{unit}, from {measure.low} to {measure.high}"
    if measure.many_members and picked.model.num_members == 1:
        return f"{unit}, from {measure.low} to {measure.high}; needs more than one member"
    high = measure.high.at(picked.model.num_members, len(picked.class_names))
    return f"{unit}, from {measure.low} to {measure.high} (here {high:.4g})"
