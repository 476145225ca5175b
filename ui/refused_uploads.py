"""Why a file was not taken, said on the page that it was brought to.

Streamlit's uploader shows no more than a mark on such a file.
"""

from __future__ import annotations

import time
from collections import OrderedDict

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

SHOWN = 60.0
"""Seconds that it is said: other files of the same drop let the page run anew once they came."""
_MOST_KEPT = 1_000
_told: OrderedDict[str, tuple[float, str]] = OrderedDict()
"""Session -> since when its page says what."""


def tell(session: str, sentence: str) -> None:
    """Let the session's page run anew and say it; called where requests are answered."""
    is_said = bool(_said_to(session))
    _told[session] = (time.monotonic(), sentence)
    _told.move_to_end(session)
    while len(_told) > _MOST_KEPT:
        _told.popitem(last=False)
    if not is_said and runtime.exists():
        found = runtime.get_instance()._session_mgr.get_active_session_info(session)
        if found is not None:
            found.session.request_rerun(found.session._client_state)


def say_refused() -> None:
    """Say it on the page that runs."""
    context = get_script_run_ctx()
    if context is not None and (sentence := _said_to(context.session_id)):
        st.warning(sentence, icon=":material/hourglass:")


def _said_to(session: str) -> str:
    since, sentence = _told.get(session, (0.0, ""))
    return sentence if time.monotonic() - since < SHOWN else ""
