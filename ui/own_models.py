"""What do all models of a study make of one digit of one's own?"""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.networks.own_pictures import one_of_many
from core.networks.own_scores import Scored, score_pictures
from core.networks.scoring import scorer_of
from ui import cache
from ui.own import Own, picture_of
from ui.picked import Picked
from ui.probs import probs_table
from ui.readers import flag
from ui.state import Field, widget
from ui.verdicts import LOOKS
from ui.words import plain

EVERY = Field("every", False, flag)


def every_model(picked: Picked, own: Own, number: int) -> None:
    """The answers of all models that read the same image, side by side, at a press.

    Args:
        picked: The model that found the digit.
        own: All digits.
        number: The one to show, from 0.
    """
    models = [model for model in picked.all_models() if _reads_as(model, picked)]
    if len(models) < 2:
        return
    if not st.toggle("Every model’s answer", **widget(EVERY)):
        return
    for model, place in zip(models, st.columns(len(models), gap="medium"), strict=True):
        with place:
            answer = partial(_answer, model, own, number)
            _show(model, own.once(f"{model.key.model} {number}", answer))


def _reads_as(model: Picked, picked: Picked) -> bool:
    """Whether a model has a network that reads the images made for the picked one's."""
    one, other = model.network, picked.network
    if one is None or other is None:
        return False
    return (one.image_shape, one.finds_ink) == (other.image_shape, other.finds_ink)


def _answer(model: Picked, own: Own, number: int) -> Scored:
    scorer = scorer_of(model.study, model.key.model)
    alone = one_of_many(*picture_of(own, number))
    return score_pictures(scorer, cache.thresholds(model.key), model.noun, [alone])


def _show(model: Picked, scored: Scored) -> None:
    row, look = scored.table.iloc[0], LOOKS[scored.table["kind"].iloc[0]]
    said = f":{look.colour}[{look.icon}] {plain(row['verdict'])}"
    st.markdown(f"**{plain(model.title)}**  \n{said}")
    st.html(probs_table(scored.mean_probs[0], scored.member_probs[0], model.class_names))
