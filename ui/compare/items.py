"""The items of one outcome, the ones on which the models part most first; each opens."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from core.figures.compare import in_sentence
from core.figures.item_probs import describe_probs, probs_figure
from core.figures.two_models_sentences import OUTCOME_TITLES, describe_confidence
from core.trust.side_by_side import in_order, orders_in
from core.trust.wording import percent
from ui import cache
from ui.compare import answers
from ui.compare.answers import ALL
from ui.compare.pair import Pair
from ui.components.hover import hover
from ui.components.tiles import item_tiles
from ui.gallery import PAGE, page_control, stepper
from ui.item_card import named, picture
from ui.item_routes import tiles_url
from ui.items import details
from ui.picked import Picked
from ui.readers import flag, one_of
from ui.state import CHOSEN, Field, choose, chosen, value, widget
from ui.studies import MODEL, STUDY
from ui.tables import table
from ui.words import noun_of, plain, short

LOG_HELP = "Spreads out what crowds at 1: both axes then show 1 − confidence."
ORDER_TITLES = {
    "disagreement": "Where they part most (Jensen–Shannon)",
    "confidence_gap": "Difference in confidence",
    "row": "Order of the data",
}
HEADINGS = {
    ALL: "in all",
    "fixed": "that the candidate fixes",
    "broken": "that the candidate breaks",
    "both_wrong": "that both have wrong",
    "both_right": "that both have right",
    "differ": "with different answers",
    "agree": "with the same answer",
}
"""What follows the number of items of an outcome."""
MOST_LETTERS = 12


def pick_outcome(pair: Pair) -> str:
    """The outcome that people picked, or `ALL`; it filters scatter and tiles."""
    counts = pair.outcomes
    names = [ALL, *counts]
    titles = {name: f"{OUTCOME_TITLES[name]} · **{number:,}**" for name, number in counts.items()}
    titles[ALL] = f"All · **{sum(counts.values()):,}**"
    return st.segmented_control(
        "Outcome",
        names,
        format_func=titles.__getitem__,
        required=True,
        label_visibility="collapsed",
        **widget(Field("outcome", ALL, one_of(names))),
    )


def scatter(pair: Pair, outcome: str) -> bool:
    """Confidence against confidence, or what it would take; whether there is one."""
    noun = pair.baseline.noun
    if "confidence_gap" not in pair.table:
        st.caption(
            "One of the two has predicted classes only, so there is no scatter of confidence. Add"
            " a column `confidence`, or the probabilities of all classes."
        )
        return False
    logarithmic = st.toggle("Log axes", help=LOG_HELP, **widget(Field("log", False, flag)))
    st.plotly_chart(
        answers.confidence(pair.baseline.key, pair.candidate.key.model, outcome, logarithmic),
        key="beside",
        config={"scrollZoom": True, "displaylogo": False},
        alt=describe_confidence(shown_outcomes(pair, outcome), pair.titles, noun),
    )
    side = "above" if logarithmic else "below"
    st.caption(
        f"On the dotted line both are equally sure; {side} it the candidate is less sure than the"
        " baseline."
    )
    return True


def shown_outcomes(pair: Pair, outcome: str) -> dict[str, int]:
    """Items of the outcome that is shown, or of each."""
    return {name: n for name, n in pair.outcomes.items() if outcome in (ALL, name)}


def opened_item(pair: Pair, listed: pd.DataFrame, has_scatter: bool) -> None:
    """The chosen item with what both models say of it, and the way to the next."""
    noun, dataset = pair.baseline.noun, pair.baseline.dataset
    number = chosen(dataset)
    if has_scatter:
        hover("beside", pair.candidate, number, "hover", lambda row: choose(dataset, row))
    stepper(dataset, in_order(listed, value(_order_field(listed))).index.to_numpy(), number)
    if number is None:
        click = "**Click** a point or a tile" if has_scatter else "Press a tile"
        st.info(
            f"{click}, or press **→**, to open {noun.with_article}.", icon=":material/touch_app:"
        )
        if pair.has_labels:
            table(_fourfold(pair), noun.many)
    else:
        _card(pair, number)


def _fourfold(pair: Pair) -> dict[str, dict[str, str]]:
    """The four outcomes as a table: the baseline's answers down, the candidate's across."""
    n = {name: f"{number:,}" for name, number in pair.outcomes.items()}
    columns = ("candidate right", "candidate wrong")
    return {
        "baseline right": dict(zip(columns, (n["both_right"], n["broken"]), strict=True)),
        "baseline wrong": dict(zip(columns, (n["fixed"], n["both_wrong"]), strict=True)),
    }


def tiles(pair: Pair, listed: pd.DataFrame, outcome: str) -> None:
    """The items, those on which the models part most first; a tile opens its item."""
    noun, dataset = pair.baseline.noun, pair.baseline.dataset
    st.header(f"{noun.counted(len(listed))} {HEADINGS[outcome]}", anchor=False)
    if listed.empty:
        st.info(f"There is no such {noun.one}.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        orders = orders_in(listed)
        order = st.selectbox(
            "Sorted by",
            orders,
            format_func=ORDER_TITLES.__getitem__,
            width=340,
            **widget(_order_field(listed)),
        )
        page = page_control(math.ceil(len(listed) / PAGE))
    shown = in_order(listed, order).iloc[(page - 1) * PAGE : page * PAGE]
    item_tiles(
        dataset,
        [
            _tile(pair, int(row), line)
            for row, (_, line) in zip(shown.index, shown.iterrows(), strict=True)
        ],
        "gallery",
        lambda row: choose(dataset, row),
        chosen=chosen(dataset),
        pictures=tiles_url(pair.baseline.key),
    )
    st.caption("Below each: what the baseline says → what the candidate says.")


def _order_field(listed: pd.DataFrame) -> Field:
    orders = orders_in(listed)
    return Field("order", orders[0], one_of(orders))


def _tile(pair: Pair, row: int, line: pd.Series) -> dict[str, Any]:
    dataset, names = pair.baseline.dataset, pair.baseline.class_names
    said = [short(names[int(line[side])]) for side in ("first", "second")]
    known = "no label" if pd.isna(line["label"]) else f"label {short(names[int(line['label'])])}"
    return {
        "index": int(row),
        "caption": " → ".join(short(name, MOST_LETTERS) for name in said),
        "title": f"{noun_of(dataset.noun).one.capitalize()} {short(dataset.ids[row])}, {known};"
        f" the baseline says {said[0]}, the candidate {said[1]}",
        "wrong": bool(pd.notna(line["label"]) and line["second"] != line["label"]),
    }


def _card(pair: Pair, number: int) -> None:
    """One item as both models see it."""
    label = pair.baseline.scores.loc[[number]].iloc[0]["label"]
    names = pair.baseline.class_names
    given = "no label" if pd.isna(label) else f"label {short(names[int(label)])}"
    st.header(plain(f"{named(pair.baseline, number)} · {given}"), anchor=False)
    picture(pair.baseline, number, 140)
    details(pair.baseline.dataset, number)
    sides = (pair.baseline, pair.candidate)
    code = None if pd.isna(label) else int(label)
    table({side.title: _said(side, number, code) for side in sides}, "Model")
    for side in sides:
        _probs(side, number, code)
    with st.container(horizontal=True):
        for side in sides:
            st.page_link(
                "pages/explore.py",
                label=f"Explore with {plain(in_sentence(side.title))}",
                icon=":material/open_in_new:",
                query_params=_link(side, number),
            )


def _said(side: Picked, number: int, label: int | None) -> dict[str, str]:
    row = side.scores.loc[[number]].iloc[0]
    said = {"says": short(side.class_names[int(row["prediction"])])}
    if "confidence" in row:
        said["confidence"] = percent(float(row["confidence"]))
    if side.model.has_distribution and label is not None:
        probs = cache.member_probs(side.key, number).mean(0)
        said["gives the label"] = percent(float(probs[label]))
    return said


def _probs(side: Picked, number: int, label: int | None) -> None:
    if not side.model.has_distribution:
        return
    members = cache.member_probs(side.key, number)
    st.caption(plain(side.title))
    st.plotly_chart(
        probs_figure(members.mean(0), members, side.drawn_names, label),
        key=f"probs {side.key.model}",
        config={"displayModeBar": False},
        alt=describe_probs(members.mean(0), side.class_names),
    )


def _link(side: Picked, number: int) -> dict[str, str]:
    found = {MODEL: side.key.model, CHOSEN: side.dataset.ids[number]}
    return {STUDY: side.study.key} | found
