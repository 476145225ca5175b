"""The section on declining: which items should go to a person, and what does that cost?"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from core.figures import declining_sentences
from core.figures import selective as figures
from core.figures.compare import in_sentence
from core.figures.selective import DETECTION_NOTE, detection_cells
from core.measures.filters import Filter
from core.measures.register import BY_COLUMN, higher_is_surer
from core.measures.selection import Selection
from core.study.dataset import Noun
from core.trust.acceptance import is_accepted
from core.trust.selective import (
    Decision,
    RiskCoverage,
    decide,
    equal_coverage,
)
from core.trust.wording import at_most, percent
from ui import cache, trust_answers
from ui.costs_section import costs_section
from ui.picked import Key, Picked
from ui.plain_language import in_plain_axes, is_plain
from ui.referral_rule import Rule
from ui.rule_controls import rule_controls
from ui.tables import table
from ui.words import plain, titled


def declining_section(
    models: list[Picked], wanted: Filter, picked: Picked
) -> tuple[Selection, str]:
    """Threshold, risk-coverage curves, detection of errors and costs.

    Returns:
        The items that the picked model refers, and what to call them.
    """
    with st.container(key="first"):
        answer, others = st.container(), st.container(key="later-answers")
        with st.container(key="later-controls"):
            chosen = rule_controls(picked)
        curves = {m.title: _curves(m.key, wanted, chosen.column) for m in models}
        decisions = {
            title: decide(by_measure[chosen.column], chosen.threshold)
            for title, by_measure in curves.items()
            if chosen.column in by_measure
        }
        said = _Said(curves, chosen, decisions, picked.noun, picked.title)
        with answer:
            _say(said, [picked.title])
        with others:
            _say(said, [title for title in curves if title != picked.title])
            _at_equal_coverage(curves, chosen.column, decisions.get(picked.title), picked.noun)
        _curve_and_table(said)
    if not is_plain():
        _detection(models, wanted)
    costs_section(models, wanted, chosen.column)
    return _referred(picked, wanted, chosen)


class _Said(NamedTuple):
    """What the sentences, the figure and the table are about."""

    curves: dict[str, dict[str, RiskCoverage]]
    chosen: Rule
    decisions: dict[str, Decision]
    noun: Noun
    whose: str

    def sentence(self, titles: list[str]) -> str:
        """What the rule does with some of the models."""
        curves = {title: self.curves[title] for title in titles}
        by = self.whose if len(self.curves) > 1 else ""
        return declining_sentences.describe_risk_coverage(
            curves, self.chosen.column, self.decisions, self.noun, by
        )


def _say(said: _Said, titles: list[str]) -> None:
    for title in titles:
        one = plain(said.sentence([title]))
        st.markdown(one.replace(plain(title), f"**{plain(title)}**", 1))


def _curve_and_table(said: _Said) -> None:
    """The risk-coverage curve, and beside it what the rule does."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        figure = figures.risk_coverage_figure(
            titled(said.curves), said.chosen.column, titled(said.decisions), said.noun
        )
        text = said.sentence(list(said.curves))
        st.plotly_chart(in_plain_axes(figure), key="risk", alt=text)
        thin = "" if is_plain() else " Thin: the other measures."
        st.caption(f"Shaded: 95 % intervals.{thin} The marks: your threshold.")
    with right:
        st.markdown("**To a person**" if is_plain() else f"**To a person: {said.chosen}**")
        table(_decision_rows(said.decisions), "Your threshold")
        st.caption(
            f"The rule is in the link: Explore and Draw say of each {said.noun.one} whether it goes"
            " to a person."
        )


def _curves(key: Key, wanted: Filter, column: str) -> dict[str, RiskCoverage]:
    """The chosen measure's, exact; the others' as they are drawn, but in plain words none."""
    if column not in trust_answers.columns(key):
        return {} if is_plain() else trust_answers.drawn_curves(key, wanted)
    exact = {column: trust_answers.curve(key, wanted, column)}
    return exact if is_plain() else trust_answers.drawn_curves(key, wanted) | exact


def _at_equal_coverage(
    curves: dict[str, dict[str, RiskCoverage]],
    column: str,
    decision: Decision | None,
    noun: Noun,
) -> None:
    """The models beside each other where each refers as many as the picked one."""
    comparable = {t: by_measure[column] for t, by_measure in curves.items() if column in by_measure}
    if decision is None or len(comparable) < 2 or not decision.accepted:
        return
    share = decision.referred / (decision.accepted + decision.referred)
    equal = equal_coverage(comparable, share)
    st.caption(plain(declining_sentences.describe_equal_coverage(equal, share, noun)))


def _decision_rows(decisions: dict[str, Decision]) -> dict[str, dict[str, str]]:
    rows: dict[str, Callable[[Decision], str]] = {
        "accepted": lambda d: f"{d.accepted:,}",
        "to a person": lambda d: f"{d.referred:,}",
        "mistakes sent to a person": lambda d: f"{d.mistakes_referred:,}",
        "mistakes left": lambda d: f"{d.mistakes:,}",
        "share of the accepted": lambda d: percent(d.risk) if d.accepted else "–",
        "at most, with 95 % confidence": lambda d: at_most(d.risk_upper) if d.accepted else "–",
    }
    if not decisions:
        return {}
    return {label: {t: show(d) for t, d in decisions.items()} for label, show in rows.items()}


def _detection(models: list[Picked], wanted: Filter) -> None:
    st.header("Which measure finds the errors best?", anchor=False)
    found = {m.title: trust_answers.detections(m.key, wanted) for m in models}
    noun = models[0].noun
    by_model = {title: pair[0] for title, pair in found.items()}
    behind = {title: pair[1] for title, pair in found.items()}
    text = declining_sentences.describe_detection(by_model, behind, noun)
    st.plotly_chart(figures.detection_figure(titled(by_model), noun), key="detection", alt=text)
    st.caption(plain(text))
    rows = {
        f"{title}, {BY_COLUMN[name].title.lower()}": detection_cells(d, behind[title][name])
        for title, detections in by_model.items()
        for name, d in detections.items()
    }
    with st.expander("All numbers with 95 % intervals", key="detection_numbers"):
        table(rows, "Measure")
        st.caption(DETECTION_NOTE)


def _referred(picked: Picked, wanted: Filter, chosen: Rule) -> tuple[Selection, str]:
    shown = cache.shown(picked.key, wanted)
    measured, surer = shown.of(shown.arrays[chosen.column]), higher_is_surer(chosen.column)
    referred = shown.only(~is_accepted(measured, chosen.threshold, surer))
    title = plain(in_sentence(picked.title))
    return referred, f"{picked.noun.counted(len(referred))} that {title} sends to a person"
