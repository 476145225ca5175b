"""Did the model learn the very labels that it is to doubt?"""

from __future__ import annotations

import streamlit as st

from ui.picked import Picked
from ui.state import Field, value, write
from ui.words import plain

KEY = "unseen"
"""In the link: study, model and `yes` or `no`, so that an answer speaks of no other model."""
WHAT_IF_NOT = (
    "A model repeats the labels that it was fitted on, the wrong ones too, so few of them look"
    " doubtful and the rest stay hidden. Probabilities from cross-validation, where each item is"
    " judged by a model fitted on the others, find more."
)


def ask_out_of_sample(picked: Picked) -> None:
    """Ask once whether a model was fitted on the labels it ranks, and say what follows if it was.

    Nothing is asked where the study says so itself.
    """
    unseen = picked.model.out_of_sample
    if unseen is None:
        unseen = _answer(picked)
    if unseen is None:
        _ask(picked)
    elif not unseen:
        st.warning(f"{plain(picked.title)} was fitted on these labels. {WHAT_IF_NOT}")


def _ask(picked: Picked) -> None:
    with st.container(border=True, key="out of sample"):
        st.markdown(
            f"**Was {plain(picked.title)} fitted on these very labels?** The file does not say."
            f" {WHAT_IF_NOT}"
        )
        with st.container(horizontal=True):
            for title, answer in (("No, it never saw them", "yes"), ("Yes", "no")):
                st.button(
                    title, key=f"{KEY} {answer}", on_click=write, args=(KEY, _texts(picked, answer))
                )


def _answer(picked: Picked) -> bool | None:
    said = value(Field(KEY, None, _read))
    if said is None or said[:-1] != _texts(picked, "")[:-1]:
        return None
    return said[-1] == "yes"


def _texts(picked: Picked, answer: str) -> list[str]:
    return [picked.key.study, picked.key.model, answer]


def _read(texts: list[str]) -> list[str]:
    if len(texts) != 3 or texts[-1] not in {"yes", "no"}:
        raise ValueError("it must be a study, a model and yes or no")
    return texts
