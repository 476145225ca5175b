"""Which studies are there, and which one and which of its models is picked?"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.review.audit import WHOLE
from core.study.study import Study
from ui.picked import Key, Picked
from ui.readers import one_of
from ui.state import Field, value, widget

STUDY, MODEL, PART = "study", "model", "split"
_BUNDLED: dict[str, Callable[[], Study]] = {}


def bundle(key: str, load: Callable[[], Study]) -> None:
    """Make a study that ships known; the first one is the one that opens."""
    _BUNDLED.setdefault(key, load)


def opened(key: str, version: str) -> Study:
    """A study; shared by all sessions, read only."""
    return _BUNDLED[key]()


def pick() -> Picked:
    """The study and the model that people picked, on every page the same."""
    key = value(Field(STUDY, next(iter(_BUNDLED)), one_of(_BUNDLED)))
    study = opened(key, "")
    if not study.models:
        st.error("There is no model here. Make one with: `python cli.py export article`")
        st.stop()
    return Picked(Key(key, "", "", _pick_model(study)), study)


def _pick_model(study: Study) -> str:
    names = list(study.models)
    field = Field(MODEL, names[0], one_of(names))
    if len(names) == 1:
        return value(field)
    titles = {name: model.title for name, model in study.models.items()}
    return st.selectbox("Model", names, format_func=titles.__getitem__, **widget(field))


def pick_part(picked: Picked) -> Picked:
    """The study itself, or a part of it whose labels the same model can rank."""
    parts = [name for name, part in picked.study.parts.items() if picked.key.model in part.models]
    if not picked.study.parts:
        return picked
    field = Field(PART, WHOLE, one_of((WHOLE, *parts)))
    titles = {WHOLE: picked.noun.counted(len(picked.dataset)) + " of the test set"}
    titles |= {name: _part_title(picked.study.parts[name]) for name in parts}
    name = st.radio("Data set", list(titles), format_func=titles.__getitem__, **widget(field))
    if not parts:
        st.caption("The training images need out-of-fold answers, which this model lacks.")
    if name == WHOLE:
        return picked
    return Picked(picked.key._replace(part=name), picked.study.parts[name])


def _part_title(part: Study) -> str:
    return f"{part.dataset.noun.counted(len(part.dataset))} of the training set, out of fold"
