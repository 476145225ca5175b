"""What a first visitor meets on Explore: the answer in a sentence, three examples and a tour."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.measures.filters import Filter
from core.measures.selection import Selection
from ui import cache
from ui.components.tour import tour
from ui.controls import reset_button
from ui.item_card import named
from ui.picked import Picked
from ui.plain_language import is_plain
from ui.words import plain

LEAST_SURE = 100
"""One in so many items is looked at first."""


def first_look(shown: Selection, picked: Picked) -> None:
    """The answer, and where to begin."""
    st.markdown(answer_in_short(shown, picked))
    examples(picked)


def nothing_shown(picked: Picked) -> None:
    """End a page whose filter leaves nothing, with the button that helps."""
    st.info(f"No {picked.noun.one} matches this filter.")
    reset_button(picked, "reset here")
    st.stop()


def answer_in_short(shown: Selection, picked: Picked) -> str:
    """Where the mistakes among some items are: among those that the model is least sure of?"""
    noun, mistakes = picked.noun, shown.mistakes()
    if not len(shown):
        return ""
    if "confidence" not in shown.arrays:
        return f"The model is right or wrong; how sure it is of {noun.with_article} is not known."
    order = shown.order("confidence")
    if not len(picked.dataset.labelled):
        return f"It is least sure of {plain(named(picked, int(order[0])))}."
    few = order[: max(1, len(order) // LEAST_SURE)]
    found = int(np.count_nonzero(shown.arrays.correct[few] == 0))
    of_all = noun.counted(len(shown))
    if alike := _all_alike(len(mistakes), len(shown), of_all):
        return alike
    among = f"among the {len(few):,} that the model is least sure of"
    if len(mistakes) == 1:
        return f"**1 of {of_all} is a mistake**, and it is {'' if found else 'not '}{among}."
    be = "is" if found == 1 else "are"
    return f"**{len(mistakes):,} of {of_all} are mistakes**, and {found:,} of them {be} {among}."


def _all_alike(num_mistakes: int, num_shown: int, of_all: str) -> str:
    """What can be said where none or all of several are mistakes."""
    if not num_mistakes:
        return f"None of these {of_all} is a mistake."
    return f"**All {of_all} are mistakes.**" if 1 < num_mistakes == num_shown else ""


def examples(picked: Picked) -> None:
    """Three links to begin with, as far as the study has what they show, and the tour."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="examples"):
        for label, icon, page, link in _links(picked):
            st.page_link(page, label=label, icon=icon, query_params=link)
        if "confidence" in picked.columns:
            tour(_steps(picked), "tour")


def _links(picked: Picked) -> list[tuple[str, str, str, dict[str, str]]]:
    if "confidence" not in picked.columns:
        return []
    everything = cache.shown(picked.key, Filter())
    at = {"study": picked.key.study, "model": picked.key.model}
    ids, order = picked.dataset.ids, everything.order("confidence")
    explore = "pages/explore.py"
    least = {"id": ids[int(order[0])]}
    found = [(f"The least sure {picked.noun.one}", ":material/help:", explore, at | least)]
    mistakes = everything.mistakes()
    if len(mistakes):  # of a million items only the few mistakes are looked at
        surest = mistakes[np.argmax(everything.arrays["confidence"][mistakes])]
        link = at | {"wrong": "true", "surest": "true", "id": ids[int(surest)]}
        found.append(("Confident mistakes", ":material/error:", explore, link))
    if len(picked.study.models) > 1 and len(picked.dataset.labelled):
        link = {"study": picked.key.study, "outcome": "fixed"}
        found.append(("Where two models part", ":material/call_split:", "pages/compare.py", link))
    return found


def _steps(picked: Picked) -> list[tuple[str, str, str]]:
    one, many = picked.noun.one, picked.noun.many
    return [
        (
            ".st-key-scatter",
            f"Every point is one {one}",
            "The higher it lies, the less sure the model is. A cross is a mistake; the least sure"
            " ones stand beside their points as pictures, where there are any.",
        ),
        (
            ".st-key-look",
            f"One {one} is always open",
            "Click a point, or press Tab until the plot has a frame and walk by the arrow keys."
            " The card says what the model makes of it.",
        ),
        (
            ".st-key-views",
            "Other axes, other questions",
            f"{'Ambiguity' if is_plain() else 'Confidence, entropy, ambiguity'} against"
            " disagreement, or a map of what looks alike.",
        ),
        (
            ".st-key-listed",
            f"The {many}, in order",
            "A box or lasso on the plot, or the filter in the sidebar, narrows this list. The link"
            " above keeps what you see: send it to somebody.",
        ),
        (
            ".st-key-title",
            "And then?",
            "Trust asks whether the probabilities hold, Audit which labels are wrong. Open takes"
            " your own predictions.",
        ),
    ]
