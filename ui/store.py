"""The decisions, as a session sees them: what was written, and what could not be written yet."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import sqlalchemy as sa
import streamlit as st
from streamlit.errors import StreamlitAPIException, StreamlitSecretNotFoundError

from core.review.audit import Audit
from core.review.by_row import by_row
from core.review.database import (
    ENGINE_OPTIONS,
    VARIABLE,
    StoreError,
    plain_addresses,
    usual_address,
)
from core.review.decision_schema import open_store
from core.review.decisions import Decision, append, current_decisions, undo_of
from ui import events
from ui.reviewer import refused

COLUMNS = ("decision", "new_label")
PENDING, PROBLEM = "_pending", "_problem"


def settle(*decisions: Decision) -> bool:
    """Write decisions after those that wait; False if that failed, and then all of them wait.

    A decision takes the place of one that waits on the same item. What the session may not write
    is not written, and does not wait.
    """
    anew = {(decision.reviewer, decision.data_hash, decision.item) for decision in decisions}
    waiting = (d for d in pending() if (d.reviewer, d.data_hash, d.item) not in anew)
    rows = (*waiting, *decisions)
    if sentence := refused(rows):
        st.session_state[PROBLEM] = sentence
        return False
    try:
        append(engine(), *rows)
    except StoreError as error:
        st.session_state.update({PENDING: rows, PROBLEM: str(error)})
        _opened.clear()
        events.fault(error, "database")
        events.decided(len(decisions), written=False)
        return False
    events.decided(len(rows), written=True)
    st.session_state.pop(PENDING, None)
    st.session_state.pop(PROBLEM, None)
    return True


def pending() -> tuple[Decision, ...]:
    """The decisions that are not known to be written."""
    return st.session_state.get(PENDING, ())


def problem() -> str | None:
    """What the database last complained of, if it has not worked since."""
    return st.session_state.get(PROBLEM)


def undo(audit: Audit, reviewer: str) -> Decision | None:
    """The row that takes back the reviewer's last decision, not yet written."""
    try:
        return undo_of(engine(), audit.data_hash, reviewer, audit.model.name)
    except StoreError as error:
        st.session_state[PROBLEM] = str(error)
        _opened.clear()
        return None


def current(audit: Audit, reviewer: str) -> pd.DataFrame:
    """The reviewer's decisions that stand, by row; while the database is away, those last read."""
    key = f"_current {audit.data_hash} {reviewer}"
    try:
        found = current_decisions(engine(), audit.data_hash, reviewer, COLUMNS)
        st.session_state[key] = by_row(found, audit.dataset.ids).current
        if not pending():
            st.session_state.pop(PROBLEM, None)
    except StoreError as error:
        st.session_state[PROBLEM] = str(error)
        _opened.clear()
    return st.session_state.get(key, NOTHING)


def engine() -> sa.Engine:
    """The engine of the decision database, its tables made.

    Raises:
        StoreError: the database cannot be used.
    """
    return _opened(_url())


@st.cache_resource
def _opened(url: str | None) -> sa.Engine:
    options = ENGINE_OPTIONS | ({"url": url} if url else {})
    try:
        with plain_addresses():
            made = st.connection("decisions", type="sql", **options).engine
    except StreamlitAPIException as error:
        raise StoreError(f"The secrets name no decision database: {_first(error)}") from error
    open_store(made)
    return made


def _url() -> str | None:
    """From the environment, or None where the secrets have one, or else a file of our own."""
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    try:
        return None if "decisions" in st.secrets.get("connections", {}) else usual_address()
    except StreamlitSecretNotFoundError as error:
        if any(Path(path).exists() for path in st.get_option("secrets.files")):
            raise StoreError(f"The secrets cannot be read: {_first(error)}") from error
        return usual_address()


def _first(error: Exception) -> str:
    return str(error).splitlines()[0]


NOTHING = pd.DataFrame(
    {"decision": pd.Series(dtype=str), "new_label": pd.Series(dtype="Int64")},
    index=pd.Index([], dtype="int64", name="index"),
)
