"""The map of a model's features where it is not laid out yet."""

from __future__ import annotations

import streamlit as st

from core.measures.feature_map import method_for
from core.study.study_error import StudyError
from ui import long_work
from ui.faults import say
from ui.picked import Picked
from ui.studies import LIBRARY, may_open


def can_lay_out(picked: Picked) -> bool:
    """Whether there are features to lay out, and a place to keep the map."""
    is_own = bool(picked.key.version) and not picked.key.part
    return is_own and may_open() and picked.model.features is not None


def lay_out(picked: Picked) -> None:
    """Lay the features out with a bar that can be cancelled, then run the page anew."""
    method = method_for(len(picked.dataset))
    step = (
        f"Laying out {picked.noun.counted(len(picked.dataset))} by {method}",
        lambda: LIBRARY.keep_map(picked.study.key, picked.key.model),
    )
    try:
        LIBRARY.check_own(picked.key.study)
        long_work.prepare(("map", picked.key), [step], long_work.LARGE)
    except StudyError as error:
        say(str(error))
        st.stop()
    st.rerun()
