"""Whose decisions these are: a name that people write, or that of their sign-in."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.access.roles import REVIEW
from core.review.decisions import MAX_REVIEWER, Decision
from ui.readers import text
from ui.sign_in import refusal, visitor
from ui.state import Field, widget

WRITE = "Write your name in the sidebar: every decision is saved with its reviewer."
ANOTHER = "Decisions are saved under the name of whoever signed in. Reload the page."


def ask_reviewer() -> str:
    """The reviewer's name, or nothing while there is none: then nothing can be settled.

    Where people sign in it is theirs, whatever the link says.
    """
    found = visitor()
    if found.sign_in:
        return "" if found.refusal(REVIEW) else found.name
    return st.text_input(
        "Your name",
        max_chars=MAX_REVIEWER,
        placeholder="saved with each decision",
        **widget(Field("reviewer", "", text(MAX_REVIEWER))),
    ).strip()


def why_idle() -> str:
    """Why nothing can be settled while there is no name."""
    return refusal(REVIEW) or WRITE


def refused(decisions: Iterable[Decision]) -> str:
    """Why this session may not write these decisions, in a sentence; empty if it may."""
    if sentence := refusal(REVIEW):
        return sentence
    found = visitor()
    is_theirs = all(decision.reviewer == found.name for decision in decisions)
    return "" if is_theirs or not found.sign_in else ANOTHER
