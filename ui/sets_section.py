"""The section on prediction sets: which classes can it not rule out?"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from core.figures import conformal as figures
from core.figures import sets_sentences
from core.figures.compare import in_sentence
from core.measures.filters import Filter
from core.measures.selection import Selection
from core.study.dataset import Noun
from core.trust.conformal import METHODS, Method
from core.trust.set_answers import Sets, few_sets
from core.trust.wording import level, percent
from ui import cache, trust_answers, trust_sets
from ui.picked import Picked
from ui.plain_language import in_plain_axes, in_plain_words, is_plain
from ui.readers import flag, number, one_of, whole
from ui.state import Field, chosen, value, widget
from ui.words import plain, titled

MOST_SIZES, MOST_NAMED = 12, 20
ALPHAS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
MEANING = {
    "lac": "LAC leaves out classes whose probability is too low: the smallest sets on average.",
    "aps": "APS adds classes from the most probable on until enough probability is in. The last one"
    " is added by a random draw. Sets grow where an item is hard.",
    "raps": "RAPS is APS with a penalty of 0.1 for every class after the first: fewer large sets.",
}
PROMISE = (
    "A prediction set holds every class that the model cannot rule out. **What is guaranteed:**"
    " on average over many draws of held-out {many}, at most {alpha} of the sets miss the true"
    " class – {whom}. That holds whatever the network. The share on the {many} below may lie a"
    " little above or under it. **What is not:** any single {one}{but} or {many} of another kind"
    " than those held out."
)


def sets_section(models: list[Picked], wanted: Filter, picked: Picked) -> tuple[Selection, str]:
    """Sizes and coverage of conformal prediction sets.

    Returns:
        The picked model's items whose set has the chosen size, and what to call them.
    """
    with st.container(key="first"):
        with st.container(key="later-controls"):
            asked = _controls()
        with st.container(key="later-promise"):
            st.markdown(_promise(asked.alpha, asked.class_conditional, picked.noun))
        found = {m.title: trust_sets.sets(m.key, wanted, *asked) for m in models}
        _pictures(found, asked.alpha, picked)
    for title, sets in found.items():
        for oddity in filter(None, (sets.empty, sets.always)):
            st.info(plain(in_plain_words(f"{title}: {oddity}")))
    return _of_size(found[picked.title], picked, wanted, asked)


def _pictures(found: dict[str, Sets], alpha: float, picked: Picked) -> None:
    """How many classes the sets hold, and how often the right one."""
    noun = picked.noun
    overall = {title: sets.overall for title, sets in found.items()}
    classes = {title: sets.classes for title, sets in found.items()}
    sizes = sets_sentences.describe_sizes(overall, noun)
    covered = sets_sentences.describe_coverage(overall, alpha, noun)
    left, right = st.columns(2, gap="medium")
    with left:
        st.plotly_chart(figures.sizes_figure(titled(overall), noun), key="sizes", alt=sizes)
        st.caption(plain(sizes))
    with right:
        figure = figures.coverage_figure(
            titled(overall), titled(classes), picked.drawn_names, alpha, noun
        )
        st.plotly_chart(in_plain_axes(figure), key="coverage", alt=covered)
        st.caption(plain(covered))


class Asked(NamedTuple):
    """What the controls say, in the order of `trust_sets.sets`."""

    method: Method
    alpha: float
    class_conditional: bool
    keep_top: bool


def _promise(alpha: float, class_conditional: bool, noun: Noun) -> str:
    whom, but = "over all of them together", ", any one class by itself"
    if class_conditional:
        whom, but = f"among the {noun.many} of every class", ""
    words = noun._asdict()
    return PROMISE.format(alpha=level(alpha), whom=whom, but=but, **words)


def _controls() -> Asked:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = _method_control()
        alpha = st.select_slider(
            "Share of sets that may miss" if is_plain() else "Share of sets that may miss (alpha)",
            ALPHAS,
            format_func=lambda share: percent(share, 1),
            width=300,
            **widget(Field("alpha", 0.01, _alpha)),
        )
        class_conditional = st.toggle(
            "Guarantee per class",
            help="One threshold per class, so that the promise holds for each class by itself.",
            **widget(Field("by_class", False, flag)),
        )
        keep_top = st.toggle(
            "Keep the most probable class",
            help="No set is then empty; the sets miss no more than promised, and often less.",
            **widget(Field("keep_top", False, flag)),
        )
    if not is_plain():
        st.caption(MEANING[method])
    return Asked(method, alpha, class_conditional, keep_top)


def _method_control() -> Method:
    """The method; without names of methods it is the usual one, or the link's."""
    field = Field("method", "lac", one_of(METHODS))
    if is_plain():
        return value(field)
    return st.segmented_control(
        "Method", METHODS, format_func=str.upper, required=True, **widget(field)
    )


def _alpha(texts: list[str]) -> float:
    if (found := number(texts)) not in ALPHAS:
        raise ValueError(f"it may be {', '.join(f'{alpha:g}' for alpha in ALPHAS)}")
    return found


def _of_size(
    found: Sets, picked: Picked, wanted: Filter, asked_for: Asked
) -> tuple[Selection, str]:
    sizes, counts = found.sizes, found.overall.sizes
    field = Field("size", _most_telling(counts), whole(0, len(counts) - 1))
    asked = value(field)
    options = [size for size, count in enumerate(counts) if count or size == asked]
    label = (
        f"{picked.noun.many.capitalize()} by the number of classes in their set, for"
        f" {plain(in_sentence(picked.title))}"
    )
    show: dict[str, Any] = {"format_func": lambda size: f"{size} ({counts[size]:,})"}
    show |= widget(field)
    if len(options) <= MOST_SIZES:
        size = st.segmented_control(label, options, required=True, **show)
    else:
        size = st.selectbox(label, options, **show)
    items = trust_answers.judged(picked.key, wanted)
    number = chosen(picked.dataset)
    # Always there: a line that comes and goes would move the gallery, and the focus off its tile.
    with st.container():
        if number is not None and number in items.rows:
            ends = trust_sets.threshold(picked.key, *asked_for[:3])
            held = few_sets(items, np.array([number]), ends, asked_for.method, asked_for.keep_top)
            st.markdown(_set_of(number, held[0], picked))
    classes = "class" if size == 1 else "classes"
    title = f"{picked.noun.counted(int(counts[size]))} with {size} {classes} in the set"
    return Selection(cache.arrays(picked.key), items.rows[sizes == size]), title


def _most_telling(counts: np.ndarray) -> int:
    """The largest sets; the empty ones where none is larger than one class."""
    largest = int(np.flatnonzero(counts).max(initial=0))
    return 0 if largest == 1 and counts[0] else largest


def _set_of(number: int, classes: np.ndarray, picked: Picked) -> str:
    names = [plain(picked.class_names[k]) for k in np.flatnonzero(classes)]
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], f"and {len(names) - MOST_NAMED:,} more"]
    label = picked.scores["label"].loc[number]
    who = f"{picked.noun.one} {plain(picked.dataset.ids[number])}"
    said = f"the set of {who} is {{{', '.join(names)}}}" if names else "its set is empty"
    if pd.isna(label):
        return f"Opened: {said}."
    holds = "holds" if classes[int(label)] else "misses"
    return f"Opened: {said}, and {holds} its label {plain(picked.class_names[int(label)])}."
