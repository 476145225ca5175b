"""Going to another page, and getting there where a second press calls back.

Who presses a button twice sends two requests. The second asks for the page that the button stands
on, and comes while the first is on its way to the next one: Streamlit would go back with it.
"""

from __future__ import annotations

import streamlit as st

_LEAVES = "_leaves"


def leave_for(page: str, **link: str) -> None:
    """Go to a page under a link. Ends the run."""
    st.session_state[_LEAVES] = st.session_state["_page"], page, link
    st.switch_page(page, query_params=link)


def leave_again(name: str) -> None:
    """Go once more if a page that was being left is opened before the next one stood."""
    left, page, link = st.session_state.get(_LEAVES, ("", "", {}))
    if left == name:
        arrive()
        st.switch_page(page, query_params=link)


def arrive() -> None:
    """Take note that the next page stands."""
    st.session_state.pop(_LEAVES, None)
