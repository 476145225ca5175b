"""The section on the whole data set: as its pictures get worse, does the model know?"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.corruptions.kind import SEVERITIES
from core.corruptions.kinds import BENCHMARK, KINDS
from core.figures.stress_table import (
    cell_colours,
    describe_table,
    describe_worst,
    kind_figure,
    knowing_figure,
    shown_in,
    summary_rows,
    values_of,
)
from core.stress.cells import CLEAN
from core.study.command_name import COMMAND
from core.trust.wording import percent
from ui.components.heatmap import Cell, Row, heatmap
from ui.components.sprite import own_sprite
from ui.components.tiles import show_tiles
from ui.missing import stop_without
from ui.picked import Picked
from ui.readers import one_of
from ui.state import CHOSEN, Field, value, widget, write
from ui.stress.links import OWN
from ui.stress.tables import (
    metrics_of,
    rule_of,
    sample_controls,
    scored_cell,
    tables_of,
)
from ui.tables import table
from ui.words import plain, short, titled

CELLS = tuple(f"{kind}:{severity}" for kind in BENCHMARK for severity in SEVERITIES)
CELL = Field("cell", None, one_of(CELLS))
MOST_TILES = 24


def data_set(picked: Picked, answer: DeltaGenerator) -> None:
    """Every kind at every severity; what they come to for the picked model goes to `answer`."""
    stop_without(picked, "labels", "judges")
    tables = tables_of(picked)
    _answers(picked, tables)
    sample_controls(picked)
    own = tables.get(picked.key.model)
    if own is None or not len(own):
        st.info(
            f"There is no table of {plain(picked.title)} yet. Make one of a sample here, or of all"
            f" {picked.noun.many} by `{COMMAND} stress --out FILE.parquet`.",
            icon=":material/grid_on:",
        )
        return
    by_title = {m.title: tables[m.key.model] for m in picked.all_models() if m.key.model in tables}
    answer.markdown(_in_short(picked, own))
    left, right = st.columns([5, 6], gap="medium")
    with right:
        metric = _metric(tables, picked)
        cell = _heatmap(picked, own, metric)
    kind, severity = cell.split(":")
    with left:
        _knowing(by_title)
        _kind(by_title, kind, metric)
    _images(picked, kind, int(severity))


def _in_short(picked: Picked, own: pd.DataFrame) -> str:
    title = plain(picked.title)
    return plain(describe_worst(picked.title, own, picked.noun)).replace(title, f"**{title}**", 1)


def _answers(picked: Picked, tables: dict[str, pd.DataFrame]) -> None:
    """Every model in sentences, then the best-known numbers."""
    whole = {
        model.title: tables[model.key.model]
        for model in picked.all_models()
        if model.key.model in tables and len(tables[model.key.model]) == len(CELLS) + 1
    }
    for title, found in whole.items():
        said = describe_table(title, found, picked.noun)
        st.markdown(plain(said).replace(plain(title), f"**{plain(title)}**", 1))
    if whole:
        table(summary_rows(whole), "Model")
        sizes = sorted({int(found["num_items"].iloc[0]) for found in whole.values()})
        counted = " or ".join(picked.noun.counted(size) for size in sizes)
        st.caption(
            f"{counted} a cell; means over {len(BENCHMARK)} kinds and {len(SEVERITIES)} severities."
            " The mCE is the mean corruption error: each kind's error is first divided by a"
            " baseline's (Hendrycks and Dietterich, ICLR 2019). To a person: by the rule that"
            " sends 5 % of what was held out, by confidence; a sample follows the link's rule from"
            " the Trust page."
        )


def _metric(tables: dict[str, pd.DataFrame], picked: Picked) -> str:
    titles = metrics_of(tables, picked.key.model)
    return st.selectbox(
        f"What the colours mean, for {plain(picked.title)}",
        list(titles),
        format_func=titles.__getitem__,
        **widget(Field("metric", "accuracy", one_of(titles))),
    )


def _heatmap(picked: Picked, own: pd.DataFrame, metric: str) -> str:
    """Kinds by severities; gives the chosen cell, at first the one with the lowest accuracy."""
    damaged = own[own["kind"] != CLEAN]
    shown, values = shown_in(own)[metric], values_of(damaged, metric)
    found = dict(
        zip(
            zip(damaged["kind"], damaged["severity"], strict=True),
            zip(values, cell_colours(values.to_numpy(float), shown), strict=True),
            strict=True,
        )
    )
    chosen = value(CELL)
    if chosen is None:
        worst = damaged.nsmallest(1, "accuracy")
        named = [f"{k}:{s}" for k, s in zip(worst["kind"], worst["severity"], strict=True)]
        chosen = named[0] if named else CELLS[0]
    heatmap(
        [f"severity {n}" for n in SEVERITIES],
        [_row(kind, found, shown.format) for kind in BENCHMARK],
        f"{shown.title}: light is good, dark is bad. Press a cell to see its {picked.noun.many}.",
        "cells",
        lambda key: write("cell", [key]),
        chosen,
    )
    return chosen


def _row(kind: str, found: dict[Any, Any], form: str) -> Row:
    cells = []
    for severity in SEVERITIES:
        number, (ground, letters) = found.get((kind, severity), (None, ("transparent", "inherit")))
        cells.append(
            Cell(
                key=f"{kind}:{severity}",
                text="" if number is None else f"{number:{form}}",
                title=f"{KINDS[kind].title}, severity {severity}",
                ground=ground,
                letters=letters,
            )
        )
    return Row(title=KINDS[kind].title, cells=cells)


def _knowing(tables: dict[str, pd.DataFrame]) -> None:
    st.plotly_chart(
        knowing_figure(titled(tables)),
        key="knowing",
        config={"displayModeBar": False},
        alt="Accuracy and mean confidence over the severity, for each model: "
        + "; ".join(
            f"{title}: {percent(a, 1)} right at severity {SEVERITIES[-1]}"
            for title, found in tables.items()
            for a in [found.loc[found["severity"] == SEVERITIES[-1], "accuracy"].mean()]
        ),
    )
    st.caption("Where the dotted line runs above the solid one, a model is surer than it is right.")


def _kind(tables: dict[str, pd.DataFrame], kind: str, metric: str) -> None:
    st.plotly_chart(
        kind_figure(titled(tables), kind, metric),
        key="by kind",
        config={"displayModeBar": False},
        alt=f"{metric} over the severities of {KINDS[kind].title}, with 95 % intervals.",
    )


def _images(picked: Picked, kind: str, severity: int) -> None:
    """Some items of a cell: what it got wrong, the surest first, then what it is least sure of."""
    try:
        images, scored = scored_cell(picked.key, rule_of(picked), kind, severity, picked)
    except ValueError as error:
        st.warning(plain(str(error)), icon=":material/broken_image:")
        return
    known = scored.assign(place=range(len(scored)), wrong=~scored["correct"].astype(bool))
    order = pd.concat([
        known[known["wrong"]].sort_values("confidence", ascending=False),
        known[~known["wrong"]].sort_values("confidence"),
    ]).head(MOST_TILES)  # fmt: skip
    count, wrong = len(known), int(known["wrong"].sum())
    st.header(f"{KINDS[kind].title.capitalize()}, severity {severity}", anchor=False)
    st.caption(
        f"{wrong:,} of the first {picked.noun.counted(count)} are wrong: the surest of them first,"
        " then the least sure of the others (label → prediction). Press one to bend it."
    )
    places = order["place"].to_numpy()
    shown = [
        _tile(picked, row, number, found) for number, (row, found) in enumerate(order.iterrows())
    ]
    show_tiles(
        shown, own_sprite(images[places]), "cell items",
        lambda row: _bend(picked, row, kind, severity),
    )  # fmt: skip


def _tile(picked: Picked, row: Any, place: int, found: pd.Series) -> dict[str, Any]:
    label, read = (short(picked.class_names[int(found[n])], 12) for n in ("label", "prediction"))
    sure = percent(found["confidence"], 0)
    return {
        "index": int(row),
        "place": place,
        "caption": f"{label} → {read}",
        "title": f"{picked.noun.one.capitalize()} {short(picked.dataset.ids[int(row)])}, label"
        f" {label}, predicted {read} with {sure}",
        "wrong": bool(found["wrong"]),
        "text": "",
    }


def _bend(picked: Picked, row: int, kind: str, severity: int) -> None:
    """Open an item of a cell in the section on one picture."""
    write(OWN, [])
    write("on", [])
    write("stress", [])
    write("kind", [kind])
    write("at", [f"{KINDS[kind].severities[severity - 1]:.6g}"])
    write(CHOSEN, [picked.dataset.ids[row]])
