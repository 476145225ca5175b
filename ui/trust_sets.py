"""What the section on prediction sets keeps between reruns, by small keys."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.measures.filters import Filter
from core.trust import conformal
from core.trust import set_answers as trust
from core.trust.streamed_sets import Ordered
from ui import cache
from ui.picked import Key
from ui.trust_answers import choice, judged


@st.cache_resource(show_spinner=False, max_entries=8)
def _chosen_order(key: Key) -> Ordered:
    return trust.ordered(choice(key).chosen_on, for_sets=False)


@st.cache_resource(show_spinner=False, max_entries=4)
def _whole_order(key: Key) -> Ordered:
    return trust.ordered(choice(key).judged)


@st.cache_resource(show_spinner=False, max_entries=2)
def _whole_ranks(key: Key) -> np.ndarray:
    return trust.ranked(choice(key).judged)


def judged_order(key: Key, wanted: Filter) -> Ordered:
    """What sets of the filtered items are made of: a copy that is not kept, as it may be large."""
    if wanted.keeps_all:
        return _whole_order(key)
    return _whole_order(key).only(_places(key, wanted))


def _judged_ranks(key: Key, wanted: Filter) -> np.ndarray:
    """The same of their classes by rank."""
    kept = _whole_ranks(key)
    if wanted.keeps_all:
        return kept
    places = _places(key, wanted)
    return kept[places[places < len(kept)]]


def _places(key: Key, wanted: Filter) -> np.ndarray:
    """Which of all judged items pass the filter, in rising order."""
    return np.flatnonzero(np.isin(choice(key).judged.rows, judged(key, wanted).rows))


@st.cache_resource(show_spinner=False, max_entries=16)
def _chosen_scores(key: Key, method: conformal.Method) -> np.ndarray:
    """The labels' nonconformity on the items that thresholds are chosen on, (n,)."""
    return trust.nonconformities(choice(key).chosen_on, method, True, _chosen_order(key))


@st.cache_resource(show_spinner=False, max_entries=16)
def _judged_scores(key: Key, wanted: Filter, method: conformal.Method) -> np.ndarray:
    """The same on the judged items that pass the filter, (N,)."""
    return trust.nonconformities(judged(key, wanted), method, False, judged_order(key, wanted))


def threshold(
    key: Key, method: conformal.Method, alpha: float, class_conditional: bool
) -> np.ndarray:
    """The largest nonconformity a class may have to be in a set, (K,)."""
    chosen_on = choice(key).chosen_on
    scores, num_classes = _chosen_scores(key, method), chosen_on.num_classes
    return conformal.label_threshold(
        scores, chosen_on.labels, alpha, num_classes, class_conditional
    )


@st.cache_resource(show_spinner=False, max_entries=16)
def sets(
    key: Key,
    wanted: Filter,
    method: conformal.Method,
    alpha: float,
    class_conditional: bool,
    keep_top: bool,
) -> trust.Sets:
    """The prediction sets of the judged items that pass the filter."""
    return trust.conform(
        judged(key, wanted),
        threshold(key, method, alpha, class_conditional),
        alpha,
        method,
        keep_top,
        _judged_scores(key, wanted, method),
        cache.picked(key).noun,
        judged_order(key, wanted),
        _judged_ranks(key, wanted) if class_conditional and method != "lac" else None,
    )
