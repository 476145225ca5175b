"""The page before all others where visitors have to sign in, and the way out again."""

from __future__ import annotations

import streamlit as st

from core.access.roles import LOOK, RolesError
from ui.sign_in import Visitor, sign_in_is_on, visitor
from ui.words import plain

OVER = (
    "Your sign-in is over: please sign in again. If that does not help, this server’s clock and"
    " the provider’s differ."
)


def require_sign_in() -> None:
    """Let people sign in and end the page; nothing where they may look, or nobody has to.

    Called before anything of a study is read or drawn, by every run of every page.
    """
    try:
        found, is_on = visitor(), sign_in_is_on()
    except RolesError as error:
        _stop_with(str(error))
    if not is_on:
        return
    if sentence := found.refusal(LOOK):
        if found.sign_in:
            _sign_out(found)
            _stop_with(sentence)
        _ask()


def who_is_here() -> None:
    """Whose sign-in it is, and how it ends; nothing without one."""
    if (found := visitor()).sign_in:
        _sign_out(found)


def _ask() -> None:
    st.title("Penumbra", anchor=False)
    st.markdown("See where your classifier is unsure, and why. This server asks who you are first.")
    if st.user.get("is_logged_in"):
        st.caption(OVER)
    st.button("Sign in", key="sign in", icon=":material/login:", type="primary", on_click=st.login)
    st.stop()


def _sign_out(found: Visitor) -> None:
    with st.container(
        horizontal=True,
        horizontal_alignment="right",
        vertical_alignment="center",
        key="visitor",
    ):
        st.text(f"Signed in as {found.name}", width="content")
        st.button("Sign out", key="sign out", type="tertiary", on_click=st.logout)


def _stop_with(sentence: str) -> None:
    st.title("Penumbra", anchor=False)
    st.error(plain(sentence), icon=":material/lock:")
    st.stop()
