"""A study's stress tables: those that came with it, and those made of a sample on the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.figures.stress_table import METRICS, shown_in
from core.stress.cells import CLEAN
from core.stress.subject import Rule, Subject, labelled, subject_of
from core.stress.table import as_table, cells_in_all, further_cells, load_stress_table
from core.study.command_name import COMMAND
from ui import referral_rule
from ui.faults import say
from ui.picked import Key, Picked
from ui.words import plain

SAMPLE = 200
"""Items of a sample, drawn once and for all: 76 cells of them take some seconds."""


@st.cache_resource(max_entries=16, show_spinner=False)
def _loaded(path: Path, changed: float) -> pd.DataFrame:
    return load_stress_table(path)


def tables_of(picked: Picked) -> dict[str, pd.DataFrame]:
    """By model's name: the sample's table where one was made in this session, else the study's."""
    found = {}
    for model in picked.all_models():
        rows = sample_rows(model.key)
        path = picked.study.stress_tables.get(model.key.model)
        if rows:
            found[model.key.model] = as_table(rows)
        elif path is not None:
            try:
                found[model.key.model] = _loaded(path, path.stat().st_mtime)
            except (OSError, ValueError) as error:
                say(f"{error}. Make it with: {COMMAND} stress --model {model.key.model}"
                    f" --out {path.name}")  # fmt: skip
    return found


def sample_rows(key: Key) -> list[dict[str, Any]]:
    """The cells that were made of a sample in this session."""
    return st.session_state.get("_stress_samples", {}).get(key, [])


@st.cache_resource(max_entries=8, show_spinner=False)
def subject(key: Key, rule: Rule | None, sample: int | None, _picked: Picked) -> Subject:
    """A model with its items, under the link's rule or the usual one."""
    found = subject_of(_picked.study, key.model, sample)
    return found if rule is None else replace(found, rule=rule)


def rule_of(picked: Picked) -> Rule | None:
    """The link's rule, where this model has its measure."""
    chosen = referral_rule.rule()
    if chosen is None or chosen.column not in picked.scores:
        return None
    return Rule(chosen.column, chosen.threshold)


@st.cache_resource(max_entries=8, show_spinner=False)
def scored_cell(
    key: Key, rule: Rule | None, kind: str, severity: int, _picked: Picked
) -> tuple[Any, pd.DataFrame]:
    """The first items of a cell, damaged as its table's are: images (n, H, W) and score table."""
    found = subject(key, rule, None, _picked)
    images = found.images(0) if kind == CLEAN else found.damaged(kind, severity, 0)
    return images, found.scored(images, 0)


def sample_controls(picked: Picked) -> None:
    """Make the picked model's table anew on a sample, here and now."""
    running = st.session_state.get("_stress_running") == picked.key
    rows = sample_rows(picked.key)
    count = min(SAMPLE, len(labelled(picked.dataset)))
    done = len(rows) == len(cells_in_all())
    with st.container(horizontal=True, vertical_alignment="center"):
        if running:
            st.button("Stop", key="stress stop", icon=":material/stop:", on_click=_stop)
        elif not done:
            st.button(
                f"{'Continue' if rows else 'Recompute'} on {picked.noun.counted(count)}",
                key="stress sample",
                icon=":material/science:",
                on_click=_run,
                args=(picked.key,),
            )
        if rows and not running:
            st.button(
                "Discard the sample",
                key="stress forget",
                icon=":material/delete:",
                on_click=_forget,
                args=(picked.key,),
            )
    if running:
        _sample(picked)


def _sample(picked: Picked) -> None:
    """Cell by cell; a press anywhere ends it after the cell at hand, and nothing is lost."""
    rows = st.session_state.setdefault("_stress_samples", {}).setdefault(picked.key, [])
    total = len(cells_in_all())
    bar = st.progress(len(rows) / total, f"{len(rows)} of {total} cells")
    try:
        found = subject(picked.key, rule_of(picked), SAMPLE, picked)
        for row in further_cells(found, rows):
            rows.append(row)
            bar.progress(len(rows) / total, f"{len(rows)} of {total} cells")
    except ValueError as error:
        _stop()
        st.warning(plain(str(error)), icon=":material/broken_image:")
        return
    _stop()
    st.rerun()


def _run(key: Key) -> None:
    st.session_state["_stress_running"] = key


def _stop() -> None:
    st.session_state.pop("_stress_running", None)


def _forget(key: Key) -> None:
    st.session_state.get("_stress_samples", {}).pop(key, None)


def metrics_of(tables: dict[str, pd.DataFrame], name: str) -> dict[str, str]:
    """What can be shown of a model's table: name -> title."""
    shown = shown_in(tables[name]) if name in tables else METRICS
    return {key: each.title for key, each in shown.items()}
