"""What is cheapest: thresholds by the price of a mistake and of a person's look."""

from __future__ import annotations

import streamlit as st

from core.figures.compare import in_sentence
from core.measures.filters import Filter
from core.trust.selective import cheapest_threshold, cost, decide
from ui import trust_answers
from ui.picked import Picked
from ui.plain_language import measure_title
from ui.readers import number
from ui.referral_rule import Rule, write_rule
from ui.state import Field, widget
from ui.tables import table
from ui.words import plain

MOST_COST = 1e9


def costs_section(models: list[Picked], wanted: Filter, column: str) -> None:
    """Each model's cheapest threshold by a measure, and what it costs."""
    st.header("What is cheapest?", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mistake = _cost_input("Cost of a mistake", "cost_mistake", 100.0)
        referral = _cost_input("Cost of sending one to a person", "cost_referral", 1.0)
    able = [model for model in models if column in trust_answers.columns(model.key)]
    thresholds = [_cheapest(model, column, mistake, referral) for model in able]
    rows = {}
    for model, threshold in zip(able, thresholds, strict=True):
        curve = trust_answers.curve(model.key, wanted, column)
        decision = decide(curve, threshold)
        rows[model.title] = {
            "cheapest threshold": f"{threshold:.6g}",
            "to a person": f"{decision.referred:,}",
            "mistakes left": f"{decision.mistakes:,}",
            "cost": f"{cost(decision, mistake, referral):,.6g}",
            "if all are accepted": f"{mistake * curve.num_errors:,.6g}",
            "if all go to a person": f"{referral * curve.num_items:,.6g}",
        }
    table(rows, measure_title(column))
    st.caption(f"Chosen on held-out {models[0].noun.many}, counted on those shown.")
    _use_cheapest(able, column, thresholds)


def _cost_input(label: str, key: str, default: float) -> float:
    field = Field(key, default, _cost)
    return st.number_input(label, 0.0, MOST_COST, step=1.0, width=240, **widget(field))


def _cost(texts: list[str]) -> float:
    if not 0 <= (found := number(texts)) <= MOST_COST:
        raise ValueError(f"it must be a number from 0 to {MOST_COST:,.0f}")
    return found


def _cheapest(model: Picked, column: str, mistake: float, referral: float) -> float:
    return cheapest_threshold(trust_answers.chosen_curve(model.key, column), mistake, referral)


def _use_cheapest(models: list[Picked], column: str, thresholds: list[float]) -> None:
    with st.container(horizontal=True):
        for model, threshold in zip(models, thresholds, strict=True):
            st.button(
                f"Decide by {threshold:.6g}, cheapest for {plain(in_sentence(model.title))}",
                key=f"use {model.key.model}",
                disabled=abs(threshold) == float("inf"),
                on_click=write_rule,
                args=(Rule(column, threshold),),
            )
