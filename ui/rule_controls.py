"""The rule on declining as people set it: by a measure and a share, or by a threshold."""

from __future__ import annotations

import streamlit as st

from core.measures.register import BY_COLUMN
from core.trust.selective import decide, threshold_at
from ui import trust_answers
from ui.picked import Key, Picked
from ui.plain_language import is_plain, measure_title, offered
from ui.referral_rule import Rule, rule, write_rule
from ui.state import is_echo, show
from ui.words import plain

USUAL_SHARE = 5.0  # percent, where the link names no rule


def rule_controls(picked: Picked) -> Rule:
    """The rule in the link, or one that refers 5 %; its three widgets write the link."""
    columns = trust_answers.columns(picked.key)
    chosen = _rule_to_show(picked, columns)
    titles = {name: measure_title(name) for name in offered(columns, chosen.column)}
    unit = BY_COLUMN[chosen.column].unit or "value"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Measure",
            list(titles),
            format_func=titles.__getitem__,
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
            "Threshold" if is_plain() else f"Threshold ({unit})",
            format="%.6g",
            step=0.01,
            key="decline_threshold",
            width=180,
            on_change=_write_threshold,
        )
    return chosen


def _rule_to_show(picked: Picked, columns: list[str]) -> Rule:
    """The link's rule, or the usual one where it has none for this model; its widgets show it."""
    chosen = rule()
    if chosen is not None and chosen.column not in columns:
        st.info(f"{plain(picked.title)} has no {BY_COLUMN[chosen.column].title.lower()}.")
        chosen = None
    if chosen is None:
        usual = trust_answers.chosen_curve(picked.key, columns[0])
        chosen = Rule(columns[0], threshold_at(usual, USUAL_SHARE / 100))
    now = decide(trust_answers.chosen_curve(picked.key, chosen.column), chosen.threshold)
    share = 100 * now.referred / (now.accepted + now.referred)
    show("decline_measure", chosen.column)
    show("decline_share", min(round(share, 1), 60.0))
    show("decline_threshold", chosen.threshold)
    return chosen


def _write_share(key: Key) -> None:
    if is_echo("decline_share") or is_echo("decline_measure"):
        return
    column = st.session_state["decline_measure"]
    curve = trust_answers.chosen_curve(key, column)
    write_rule(Rule(column, threshold_at(curve, st.session_state["decline_share"] / 100)))


def _write_threshold() -> None:
    threshold = st.session_state["decline_threshold"]
    if threshold is not None and not is_echo("decline_threshold"):
        write_rule(Rule(st.session_state["decline_measure"], threshold))
