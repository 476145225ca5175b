"""Which classes are taken for which: the pairs in order, and of few classes the whole matrix."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.confusion import MOST_CLASSES, confusion_figure
from core.measures.filters import confusions
from core.measures.selection import Selection
from core.trust.wording import percent
from ui.missing import note_without
from ui.picked import Picked
from ui.readers import flag
from ui.state import Field, widget
from ui.tables import table
from ui.words import short

MOST_PAIRS = 15


def confusions_on_demand(shown: Selection, picked: Picked) -> None:
    """The same once somebody asks for it: most visits do not."""
    if len(picked.dataset.labelled) and st.toggle(
        "Confusions", **widget(Field("confusions", False, flag))
    ):
        confusion_section(shown, picked)


def confusion_section(shown: Selection, picked: Picked) -> None:
    """Pairs of label and prediction among the items shown, the most frequent first."""
    if not note_without(picked, "labels", "confusions"):
        return
    counts, noun = confusions(shown), picked.noun
    if len(picked.class_names) <= MOST_CLASSES:
        st.plotly_chart(
            confusion_figure(shown, picked.drawn_names, noun),
            key="matrix",
            config={"displayModeBar": False},
            alt=f"How often each label is predicted as each class; {int(counts.sum()):,} mistakes.",
        )
    if counts.empty:
        st.info(f"No labelled {noun.one} among these is predicted wrong.")
        return
    st.caption(_counted(counts, picked))
    given, first = shown.label_counts(), counts.head(MOST_PAIRS)
    pairs = zip(*(first.index.get_level_values(i) for i in range(2)), first, strict=True)
    rows = {
        _pair(picked, label, prediction): {
            noun.many: f"{count:,}",
            "of that label": percent(count / given[label], 1),
        }
        for label, prediction, count in pairs
    }
    table(rows, "label → prediction")


def _pair(picked: Picked, label: int, prediction: int) -> str:
    return " → ".join(short(picked.class_names[code]) for code in (label, prediction))


def _counted(counts: pd.Series, picked: Picked) -> str:
    text = f"{int(counts.sum()):,} mistakes in {len(counts):,} pairs of label and prediction"
    few = len(picked.class_names) <= MOST_CLASSES
    matrix = "" if few else f"; a matrix is drawn up to {MOST_CLASSES} classes"
    listed = f"; the {MOST_PAIRS} most frequent are listed" if len(counts) > MOST_PAIRS else ""
    return (
        f"{text}{listed}{matrix}. Choose one under *Confused pair* to see its {picked.noun.many}."
    )
