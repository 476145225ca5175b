"""Which studies are there, and which one and which of its models is picked?"""

from __future__ import annotations

import streamlit as st

from core.access.roles import OPEN
from core.review.audit import WHOLE
from core.stored.library import Library, may_change
from core.stored.study_entry import Entry
from core.study.command_name import COMMAND
from core.study.study import Study
from core.study.study_error import StudyError
from ui.faults import say
from ui.picked import Key, Picked
from ui.readers import one_of
from ui.sign_in import refusal
from ui.state import Field, top, value, widget, write_alone
from ui.words import short

STUDY, MODEL, PART = "study", "model", "split"
PREPARED = "This server shows prepared studies only."
LIBRARY = Library(refusal=lambda: refusal(OPEN))
"""All studies of this server; the door to the web makes those that ship known to it."""


def may_open() -> bool:
    """Whether this session may bring studies, change and delete them."""
    return not why_closed()


def why_closed() -> str:
    """Why it may not, in a sentence; empty if it may."""
    return refusal(OPEN) if may_change() else PREPARED


def opened(key: str, version: str) -> Study:
    """A study; shared by all sessions, read only.

    Raises:
        StudyError: it is gone, or its files changed since `version`.
    """
    if version != LIBRARY.version(key):
        raise StudyError("This study has changed in the meantime. Reload the page.")
    return LIBRARY.load(key)


def pick() -> Picked:
    """The study and the model that people picked, on every page the same; ends a page without."""
    picked = pick_study()
    return picked.beside(_pick_model(picked.study))


def pick_study() -> Picked:
    """The study that people picked, with the model that the link names; ends a page without."""
    entries = {entry.key: entry for entry in LIBRARY.list()}
    field = Field(STUDY, next(iter(entries)), one_of(entries))
    key = value(field)
    if len(entries) > 1:
        show = widget(field) | {"on_change": write_alone, "args": (field, ("reviewer",))}
        titles = _titles(entries)
        key = st.selectbox("Study", list(entries), format_func=titles.__getitem__, **show)
    if problem := entries[key].problem:
        with top():
            say(problem)
        st.stop()
    version = LIBRARY.version(key)
    study = opened(key, version)
    if not study.models:
        say(f"There is no model here. Make one with: {COMMAND} export article")
        st.stop()
    return Picked(Key(key, version, "", value(_model_field(study))), study)


def _titles(entries: dict[str, Entry]) -> dict[str, str]:
    """Key -> title, with the key where two studies have the same."""
    shown = {key: short(entry.title) for key, entry in entries.items()}
    titles = list(shown.values())
    return {
        key: title if titles.count(title) == 1 else f"{title} ({key})"
        for key, title in shown.items()
    }


def _pick_model(study: Study) -> str:
    names, field = list(study.models), _model_field(study)
    if len(names) == 1:
        return value(field)
    titles = {name: Picked(Key("", "", "", name), study).title for name in study.models}
    return st.selectbox("Model", names, format_func=titles.__getitem__, **widget(field))


def _model_field(study: Study) -> Field:
    names = list(study.models)
    return Field(MODEL, names[0], one_of(names))


def pick_part(picked: Picked) -> Picked:
    """The study itself, or a part of it whose labels the same model can rank."""
    if not picked.study.parts:
        return picked
    parts = [name for name, part in picked.study.parts.items() if picked.key.model in part.models]
    titles = {WHOLE: f"{picked.noun.counted(len(picked.dataset))} of the test set"}
    titles |= {name: _part_title(picked.study.parts[name]) for name in parts}
    field = Field(PART, WHOLE, one_of(titles))
    name = st.radio("Data set", list(titles), format_func=titles.__getitem__, **widget(field))
    if not parts:
        st.caption("The training set needs out-of-fold answers, which this model lacks.")
    if name == WHOLE:
        return picked
    return Picked(picked.key._replace(part=name), picked.study.parts[name])


def _part_title(part: Study) -> str:
    return f"{part.dataset.noun.counted(len(part.dataset))} of the training set, out of fold"
