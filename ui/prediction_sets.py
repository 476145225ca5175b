"""The section on prediction sets: which classes can it not rule out?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.figures import conformal as figures
from core.figures import trust_sentences as sentences
from core.figures.compare import in_sentence
from core.measures.filters import Filter
from core.study.classifiers import Classifier
from core.trust.answers import Sets
from core.trust.conformal import METHODS
from ui import cache, trust_answers
from ui.readers import flag, number, one_of, whole
from ui.state import Field, chosen, value, widget

ALPHAS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
MEANING = {
    "lac": "LAC leaves out classes whose probability is too low: the smallest sets on average.",
    "aps": "APS adds classes from the most probable on until enough probability is in, the last"
    " one by a random draw: sets adapt to how hard a digit is.",
    "raps": "RAPS is APS with a penalty of 0.1 for every class after the first: fewer large sets.",
}
PROMISE = (
    "A prediction set holds every class that the model cannot rule out. **What is guaranteed:**"
    " over many images like those of the calibration split, at most {alpha:.1%} of the sets miss"
    " the true class – {whom}, whatever the network. **What is not:** any single image{but} or"
    " images of another kind, such as your own drawings and photos."
)


def sets_section(
    models: list[Classifier], wanted: Filter, picked: Classifier
) -> tuple[pd.DataFrame, str]:
    """Sizes and coverage of conformal prediction sets.

    Returns:
        The picked model's digits whose set has the chosen size, and what to call them.
    """
    method, alpha, class_conditional = _controls()
    st.markdown(_promise(alpha, class_conditional))
    found = {
        m.card["title"]: trust_answers.sets(m.name, wanted, method, alpha, class_conditional)
        for m in models
    }
    overall = {title: sets.overall for title, sets in found.items()}
    classes = {title: sets.classes for title, sets in found.items()}
    sizes, covered = sentences.describe_sizes(overall), sentences.describe_coverage(overall, alpha)
    left, right = st.columns(2, gap="medium")
    with left:
        st.plotly_chart(figures.sizes_figure(overall), key="sizes", alt=sizes)
        st.caption(sizes)
    with right:
        figure = figures.coverage_figure(overall, classes, picked.class_names, alpha)
        st.plotly_chart(figure, key="coverage", alt=covered)
        st.caption(covered)
    for title, sets in found.items():
        for oddity in filter(None, (sets.empty, sets.always)):
            st.info(f"{title}: {oddity}")
    return _of_size(found[picked.card["title"]], picked, wanted)


def _promise(alpha: float, class_conditional: bool) -> str:
    whom, but = "on average over all of them", ", any one class by itself"
    if class_conditional:
        whom, but = "among the images of every class", ""
    return PROMISE.format(alpha=alpha, whom=whom, but=but)


def _controls() -> tuple:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = st.segmented_control(
            "Method",
            METHODS,
            format_func=str.upper,
            required=True,
            **widget(Field("method", "lac", one_of(METHODS))),
        )
        alpha = st.select_slider(
            "Share of sets that may miss (alpha)",
            ALPHAS,
            format_func=lambda share: f"{share:.1%}",
            width=300,
            **widget(Field("alpha", 0.01, _alpha)),
        )
        class_conditional = st.toggle(
            "Within every class",
            help="One threshold a class, so that the promise holds for each class by itself.",
            **widget(Field("by_class", False, flag)),
        )
    st.caption(MEANING[method])
    return method, alpha, class_conditional


def _alpha(texts: list[str]) -> float:
    if (found := number(texts)) not in ALPHAS:
        raise ValueError(f"it may be {', '.join(f'{alpha:g}' for alpha in ALPHAS)}")
    return found


def _of_size(found: Sets, picked: Classifier, wanted: Filter) -> tuple[pd.DataFrame, str]:
    sizes, counts = found.sets.sum(1), found.overall.sizes
    field = Field("size", _most_telling(counts), whole(0, len(counts) - 1))
    asked = value(field)
    size = st.segmented_control(
        f"Digits by the number of classes in their set, for {in_sentence(picked.card['title'])}",
        [size for size, count in enumerate(counts) if count or size == asked],
        format_func=lambda size: f"{size} ({counts[size]:,})",
        required=True,
        **widget(field),
    )
    shown = cache.filtered(picked.name, wanted)
    index = chosen(picked.scores)
    # Always there: a line that comes and goes would move the gallery, and the focus off its tile.
    with st.container():
        if index is not None and index in shown.index:
            st.markdown(_set_of(index, found.sets[shown.index.get_loc(index)], picked))
    digits = "digit" if counts[size] == 1 else "digits"
    noun = "class" if size == 1 else "classes"
    return shown[sizes == size], f"{counts[size]:,} {digits} with {size} {noun} in the set"


def _most_telling(counts: np.ndarray) -> int:
    """The largest sets; the empty ones where none is larger than one class."""
    largest = int(np.flatnonzero(counts).max(initial=0))
    return 0 if largest == 1 and counts[0] else largest


def _set_of(index: int, classes: np.ndarray, picked: Classifier) -> str:
    names = [picked.class_names[k] for k in np.flatnonzero(classes)]
    label = picked.scores["label"].loc[index]
    said = f"the set of digit {index} is {{{', '.join(names)}}}" if names else "its set is empty"
    if pd.isna(label):
        return f"Opened: {said}."
    holds = "holds" if classes[int(label)] else "misses"
    return f"Opened: {said}, and {holds} its label {picked.class_names[int(label)]}."
