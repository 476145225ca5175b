"""The answer, and its evidence: metrics, labels, and equal coverage."""

from __future__ import annotations

import streamlit as st

from core.figures import two_models as figures
from core.figures import two_models_sentences as sentences
from core.figures.some_classes import MOST_CLASSES
from core.trust.comparison import SHARES
from core.trust.wording import level
from ui.compare.pair import Pair
from ui.missing import note_unlabelled, note_without
from ui.tables import table
from ui.words import plain, short

MOST_ROWS = 15


def answer(pair: Pair) -> None:
    """What one model fixes and breaks, and whether that is more than chance."""
    noun, titles = pair.baseline.noun, pair.titles
    if not pair.has_labels:
        st.header(plain(sentences.describe_agreement(pair.outcomes, titles, noun)), anchor=False)
        note_without(pair.baseline, "labels", "mistake to count and no accuracy to compare")
        return
    st.header(plain(sentences.headline(pair.comparison, titles, noun)), anchor=False)
    st.markdown(plain(sentences.describe_accuracy(pair.comparison, noun)))
    note_unlabelled(pair.baseline)


def differences(pair: Pair) -> None:
    """Every metric of both models and their difference."""
    found = pair.comparison.differences
    st.header("Is the difference more than chance?", anchor=False)
    left, right = st.columns([2, 3], gap="medium")
    text = sentences.describe_differences(found, pair.titles)
    with left:
        st.plotly_chart(
            figures.differences_figure(found, pair.drawn_titles),
            key="differences",
            config={"displayModeBar": False},
            alt=text,
        )
    with right:
        rows = {
            sentences.METRIC_TITLES[name]: sentences.difference_row(name, one, pair.titles)
            for name, one in found.items()
        }
        table(rows, "Metric")
        st.caption(plain(text))
        st.caption(sentences.METHOD_NOTE)
        _left_out(pair, len(found))


def _left_out(pair: Pair, number: int) -> None:
    if number < len(sentences.METRIC_TITLES):
        st.caption(
            "NLL and Brier score need the probabilities of all classes of both models, ECE and AURC"
            " each answer’s confidence: open files that hold them."
        )


def labels(pair: Pair) -> None:
    """Label by label, corrected for how many there are."""
    found, names, noun = pair.comparison.by_class, pair.baseline.class_names, pair.baseline.noun
    st.header("Label by label", anchor=False)
    text = sentences.describe_classes(found, names, pair.titles)
    st.plotly_chart(
        figures.classes_figure(found, pair.baseline.drawn_names, noun), key="labels", alt=text
    )
    st.caption(
        f"Above 0 the candidate has more {noun.many} of that label right (95 % intervals, each for"
        f" itself). {plain(text)}"
    )
    codes = figures.most_telling(found, MOST_ROWS)
    with st.expander("All numbers" if len(names) <= MOST_CLASSES else "Numbers"):
        rows = {short(names[k]): sentences.class_row(found, k, noun) for k in codes}
        table(rows, "Label")
        if len(codes) < len(names):
            st.caption(f"The {len(codes)} labels of {len(names):,} that chance explains worst.")


def equal_coverage(pair: Pair) -> None:
    """Who leaves fewer mistakes where both decline as many items."""
    found, noun = pair.comparison, pair.baseline.noun
    if found.curves is None:
        return
    st.header("At equal coverage: who leaves fewer mistakes?", anchor=False)
    left, right = st.columns([3, 2], gap="medium")
    text = sentences.describe_coverage(found, pair.titles, noun)
    with left:
        figure = figures.mistakes_left_figure(found.curves, pair.drawn_titles, noun)
        st.plotly_chart(figure, key="coverage", alt=text)
    with right:
        rows = {level(share): _left_by(pair, share) for share in SHARES}
        table(rows, "declined by each")
        st.caption(
            f"Mistakes left of those accepted. Each declines the {noun.many} it is least sure of,"
            " by its own threshold: one threshold for both would compare how sure they sound."
        )


def _left_by(pair: Pair, share: float) -> dict[str, str]:
    decisions = pair.comparison.at_equal_coverage(share)
    return {
        title: f"{decision.mistakes:,} of {decision.accepted:,}"
        for title, decision in zip(pair.titles, decisions, strict=True)
    }
