"""The peer of a key press: the least Streamlit in which a key reruns and changes one line."""

import streamlit as st

st.session_state.setdefault("pressed", 0)


def press() -> None:
    """One more."""
    st.session_state["pressed"] += 1


@st.fragment
def look() -> None:
    """A key press reruns this and nothing else."""
    st.subheader(f"Pressed {st.session_state['pressed']} times")
    st.button("Keep", shortcut="K", on_click=press)


look()
