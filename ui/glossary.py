"""The glossary's entries."""

from __future__ import annotations

import streamlit as st

from core.measures.estimate_correlation import rank_correlation
from core.measures.register import Measure, highest
from core.study.classifiers import Classifier


def measure_entry(measure: Measure, model: Classifier) -> None:
    """Formula, unit, range, reading and source of a measure, with its range for this model."""
    with st.container(border=True):
        st.markdown(f"**{measure.title}** &nbsp; `{measure.column}`")
        st.markdown(measure.meaning)
        st.code(measure.formula, language=None)
        direction = "up means less sure" if measure.unsure_is_high else "up means surer"
        st.caption(f"{_range(measure, model)} · {direction} · {measure.source}")


def split_note(model: Classifier) -> None:
    """How far the two parts of the split go together, measured on the test digits."""
    if model.num_members > 1:
        found = rank_correlation(model.scores)
        st.info(
            f"Our own {model.num_members} members, on {len(model.scores):,} test digits: the"
            f" Spearman correlation of the aleatoric with the epistemic estimate is {found:.3f}."
            " At 1 they would order the digits the same, and the split would add nothing."
        )


def _range(measure: Measure, model: Classifier) -> str:
    unit = measure.unit or "no unit"
    if measure.low == "-inf":
        return f"{unit}, from −∞ to {measure.high}"
    if measure.many_members and model.num_members == 1:
        return f"{unit}, from {measure.low} to {measure.high}; needs more than one member"
    high = highest(measure, model.num_members, len(model.class_names))
    return f"{unit}, from {measure.low} to {measure.high} (here {high:.4g})"
