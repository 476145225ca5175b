"""The section on declining: which items should go to a person, and what does that cost?"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.figures import selective as figures
from core.figures import trust_sentences as sentences
from core.figures.compare import in_sentence
from core.figures.selective import DETECTION_NOTE, detection_cells
from core.measures.filters import Filter
from core.measures.register import BY_COLUMN, higher_is_surer
from core.measures.selection import Selection
from core.study.dataset import Noun
from core.trust import answers as trust
from core.trust.acceptance import is_accepted
from core.trust.selective import (
    Decision,
    RiskCoverage,
    cost,
    decide,
    equal_coverage,
    threshold_at,
)
from core.trust.wording import at_most, percent
from ui import cache, trust_answers
from ui.picked import Key, Picked
from ui.readers import number
from ui.referral_rule import Rule, rule, write_rule
from ui.state import Field, is_echo, show, widget
from ui.tables import table
from ui.words import plain, titled

USUAL_SHARE = 5.0  # percent, where the link names no rule
MOST_COST = 1e9


def declining_section(
    models: list[Picked], wanted: Filter, picked: Picked
) -> tuple[Selection, str]:
    """Threshold, risk-coverage curves, detection of errors and costs.

    Returns:
        The items that the picked model refers, and what to call them.
    """
    answer, noun = st.container(), picked.noun
    chosen = _rule_controls(picked)
    curves = {m.title: trust_answers.curves(m.key, wanted) for m in models}
    decisions = {
        title: decide(by_measure[chosen.column], chosen.threshold)
        for title, by_measure in curves.items()
        if chosen.column in by_measure
    }
    whose = picked.title
    chosen_by = whose if len(models) > 1 else ""
    text = sentences.describe_risk_coverage(curves, chosen.column, decisions, noun, chosen_by)
    with answer:
        for title, by_measure in curves.items():
            one = sentences.describe_risk_coverage(
                {title: by_measure}, chosen.column, decisions, noun, chosen_by
            )
            st.markdown(plain(one).replace(plain(title), f"**{plain(title)}**", 1))
        _at_equal_coverage(curves, chosen.column, decisions.get(whose), noun)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        figure = figures.risk_coverage_figure(
            titled(curves), chosen.column, titled(decisions), noun
        )
        st.plotly_chart(figure, key="risk", alt=text)
        st.caption("Shaded: 95 % intervals. Thin: the other measures. The marks: your threshold.")
    with right:
        st.markdown(f"**To a person: {chosen}**")
        table(_decision_rows(decisions), "Your threshold")
        st.caption(
            f"The rule is in the link: Explore and Draw say of each {noun.one} whether it goes to a"
            " person."
        )
    _detection(models, wanted)
    _costs(models, wanted, chosen.column)
    return _referred(picked, wanted, chosen)


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
    st.caption(plain(sentences.describe_equal_coverage(equal, share, noun)))


def _rule_controls(picked: Picked) -> Rule:
    """The rule in the link, or one that refers 5 %; its three widgets write the link."""
    curves = trust_answers.chosen_curves(picked.key)
    chosen = _rule_to_show(picked, curves)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Measure",
            list(curves),
            format_func=lambda name: BY_COLUMN[name].title,
            key="decline_measure",
            width=220,
            on_change=_write_share,
            args=(picked.key,),
        )
        st.slider(
            f"Percent of the held-out {picked.noun.many} that go to a person",
            0.0,
            60.0,
            step=0.1,
            format="%.1f",
            key="decline_share",
            width=380,
            on_change=_write_share,
            args=(picked.key,),
        )
        st.number_input(
            f"Threshold ({BY_COLUMN[chosen.column].unit or 'value'})",
            format="%.6g",
            step=0.01,
            key="decline_threshold",
            width=180,
            on_change=_write_threshold,
        )
    return chosen


def _rule_to_show(picked: Picked, curves: dict[str, RiskCoverage]) -> Rule:
    """The link's rule, or the usual one where it has none for this model; its widgets show it."""
    chosen = rule()
    if chosen is not None and chosen.column not in curves:
        st.info(f"{plain(picked.title)} has no {BY_COLUMN[chosen.column].title.lower()}.")
        chosen = None
    if chosen is None:
        column = next(iter(curves))
        chosen = Rule(column, threshold_at(curves[column], USUAL_SHARE / 100))
    now = decide(curves[chosen.column], chosen.threshold)
    share = 100 * now.referred / (now.accepted + now.referred)
    show("decline_measure", chosen.column)
    show("decline_share", min(round(share, 1), 60.0))
    show("decline_threshold", chosen.threshold)
    return chosen


def _write_share(key: Key) -> None:
    if is_echo("decline_share") or is_echo("decline_measure"):
        return
    column = st.session_state["decline_measure"]
    curve = trust_answers.chosen_curves(key)[column]
    write_rule(Rule(column, threshold_at(curve, st.session_state["decline_share"] / 100)))


def _write_threshold() -> None:
    threshold = st.session_state["decline_threshold"]
    if threshold is not None and not is_echo("decline_threshold"):
        write_rule(Rule(st.session_state["decline_measure"], threshold))


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
    text = sentences.describe_detection(by_model, behind, noun)
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


def _costs(models: list[Picked], wanted: Filter, column: str) -> None:
    st.header("What is cheapest?", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mistake = _cost_input("Cost of a mistake", "cost_mistake", 100.0)
        referral = _cost_input("Cost of sending one to a person", "cost_referral", 1.0)
    rows = {}
    for model in models:
        if column not in trust_answers.chosen_curves(model.key):
            continue
        chosen_on = trust_answers.choice(model.key).chosen_on
        threshold = trust.cheapest(chosen_on, column, mistake, referral)
        curve = trust_answers.curves(model.key, wanted)[column]
        decision = decide(curve, threshold)
        rows[model.title] = {
            "cheapest threshold": f"{threshold:.6g}",
            "to a person": f"{decision.referred:,}",
            "mistakes left": f"{decision.mistakes:,}",
            "cost": f"{cost(decision, mistake, referral):,.6g}",
            "if all are accepted": f"{mistake * curve.num_errors:,.6g}",
            "if all go to a person": f"{referral * curve.num_items:,.6g}",
        }
    table(rows, f"{BY_COLUMN[column].title}")
    st.caption(f"Chosen on held-out {models[0].noun.many}, counted on those shown.")
    _use_cheapest(models, column, mistake, referral)


def _cost_input(label: str, key: str, default: float) -> float:
    field = Field(key, default, _cost)
    return st.number_input(label, 0.0, MOST_COST, step=1.0, width=240, **widget(field))


def _cost(texts: list[str]) -> float:
    if not 0 <= (found := number(texts)) <= MOST_COST:
        raise ValueError(f"it must be a number from 0 to {MOST_COST:,.0f}")
    return found


def _use_cheapest(models: list[Picked], column: str, mistake: float, referral: float) -> None:
    with st.container(horizontal=True):
        for model in models:
            chosen_on = trust_answers.choice(model.key).chosen_on
            if column not in chosen_on.measures:
                continue
            threshold = trust.cheapest(chosen_on, column, mistake, referral)
            st.button(
                f"Decide by {threshold:.6g}, cheapest for {plain(in_sentence(model.title))}",
                key=f"use {model.key.model}",
                disabled=abs(threshold) == float("inf"),
                on_click=write_rule,
                args=(Rule(column, threshold),),
            )


def _referred(picked: Picked, wanted: Filter, chosen: Rule) -> tuple[Selection, str]:
    shown = cache.shown(picked.key, wanted)
    measured, surer = shown.of(shown.arrays[chosen.column]), higher_is_surer(chosen.column)
    referred = shown.only(~is_accepted(measured, chosen.threshold, surer))
    title = plain(in_sentence(picked.title))
    return referred, f"{picked.noun.counted(len(referred))} that {title} sends to a person"
