"""A stress table in pictures and in words: does a model know that its images get worse?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.corruptions.kind import SEVERITIES
from core.corruptions.kinds import KINDS
from core.figures import palette
from core.figures.compare import LEGEND, MARGIN, bars, style
from core.measures.register import BY_COLUMN
from core.stress.cells import CLEAN
from core.stress.summary import mean_corruption_error
from core.study.dataset import Noun
from core.trust.wording import percent


class Shown(NamedTuple):
    """A number of every cell.

    Attributes:
        title: What a person reads.
        format: Of Python and Plotly alike.
        worse_is_high: Whether a high value is the bad end.
    """

    title: str
    format: str
    worse_is_high: bool = True


OVERCONFIDENCE = "overconfidence"
METRICS = {
    "accuracy": Shown("Accuracy", ".1%", worse_is_high=False),
    OVERCONFIDENCE: Shown("Confidence − accuracy", ".1%"),
    "nll": Shown("NLL (nats)", ".3f"),
    "ece": Shown("ECE, 15 bins", ".3f"),
    "referred": Shown("Share that goes to a person", ".1%"),
}
_CELLS = np.array([palette.channels(colour) for colour in palette.CELLS])


def shown_in(table: pd.DataFrame) -> dict[str, Shown]:
    """What can be shown of a table: the metrics, and the mean of each measure it has."""
    measures = {
        name: Shown(f"Mean {measure.title[0].lower()}{measure.title[1:]}", ".3f",
                    measure.unsure_is_high)
        for name, measure in BY_COLUMN.items()
        if name in table and table[name].notna().any()
    }  # fmt: skip
    return METRICS | measures


def values_of(table: pd.DataFrame, metric: str) -> pd.Series:
    """One number of every cell of a table."""
    if metric == OVERCONFIDENCE:
        return table["confidence"] - table["accuracy"]
    return table[metric]


def cell_colours(values: np.ndarray, shown: Shown) -> list[tuple[str, str]]:
    """The ground and the letters of each cell, from good to bad between the table's own ends."""
    low, high = np.nanmin(values), np.nanmax(values)
    share = (values - low) / (high - low) if high > low else np.zeros(len(values))
    share = share if shown.worse_is_high else 1 - share
    return [_colours(float(each)) for each in share]


def _colours(share: float) -> tuple[str, str]:
    if np.isnan(share):
        return "transparent", "inherit"
    places = np.linspace(0, 1, len(_CELLS))
    ground = [round(np.interp(share, places, channel)) for channel in _CELLS.T]
    letters = "#000000" if palette.luminance(ground) > LUMINANCE else "#ffffff"
    return "rgb({}, {}, {})".format(*ground), letters


LUMINANCE = 0.179
"""Above it black letters stand out more than white ones: both have a contrast of 4.58 there."""


def knowing_figure(tables: dict[str, pd.DataFrame]) -> go.Figure:
    """Accuracy and mean confidence over the severity, the mean of all kinds, for each model.

    Args:
        tables: Title of each model -> its table.
    """
    figure = go.Figure()
    for position, (title, table) in enumerate(tables.items()):
        look, means = style(position), by_severity(table)
        for name, dash in (("accuracy", "solid"), ("confidence", "dot")):
            figure.add_trace(
                go.Scatter(
                    x=means.index, y=means[name], mode="lines+markers", name=f"{title}: {name}",
                    line={"color": look.colour, "dash": dash, "width": 2.5},
                    marker={"symbol": look.symbol, "size": 8},
                    hovertemplate=f"{title}, {name}: %{{y:.1%}}<extra></extra>",
                )
            )  # fmt: skip
    figure.update_layout(height=380, margin=MARGIN, legend=LEGEND)
    figure.update_xaxes(title_text="severity (0: as they are)", dtick=1)
    figure.update_yaxes(title_text="accuracy and mean confidence, mean of all kinds",
                        tickformat=".0%")  # fmt: skip
    return figure


def by_severity(table: pd.DataFrame) -> pd.DataFrame:
    """The mean over kinds of every number, by severity; severity 0 is the images as they are."""
    return table.drop(columns="kind").groupby("severity").mean()


def kind_figure(tables: dict[str, pd.DataFrame], kind: str, metric: str) -> go.Figure:
    """One number over the severities of one kind, with 95 % intervals, for each model."""
    shown = {name: s for table in tables.values() for name, s in shown_in(table).items()}[metric]
    figure = go.Figure()
    for position, (title, table) in enumerate(tables.items()):
        if metric != OVERCONFIDENCE and metric not in table:
            continue
        rows, look = _with_clean(table, kind), style(position)
        values = values_of(rows, metric).to_numpy(float)
        interval = {}
        if metric != OVERCONFIDENCE:
            low, high = (rows[f"{metric}_{end}"].to_numpy(float) for end in ("low", "high"))
            interval = {"error_y": bars(low, values, high, look.colour)}
        figure.add_trace(
            go.Scatter(
                x=rows["severity"], y=values, mode="lines+markers", name=title,
                line={"color": look.colour, "dash": look.dash, "width": 2},
                marker={"symbol": look.symbol, "size": 9}, **interval,
                hovertemplate=f"%{{y:{shown.format}}}<extra>{title}</extra>",
            )
        )  # fmt: skip
    figure.update_layout(height=320, margin=MARGIN, legend=LEGEND)
    axis, amounts = KINDS[kind].axis, KINDS[kind].severities
    span = f"1 to 5: {axis.text(amounts[0])} to {axis.text(amounts[-1])}"
    figure.update_xaxes(title_text=f"severity of {axis.title} ({span})", dtick=1)
    figure.update_yaxes(title_text=shown.title, tickformat=shown.format)
    return figure


def _with_clean(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    return table[table["kind"].isin([CLEAN, kind])].sort_values("severity")


def describe_worst(title: str, table: pd.DataFrame, noun: Noun) -> str:
    """How right and how confident a model is at the strongest damage, in a sentence."""
    worst = int(table["severity"].max())
    rows = table[table["severity"] == worst]
    right, sure = (float(rows[name].mean()) for name in ("accuracy", "confidence"))
    kinds = f", the mean of {len(rows)} kinds of damage" if len(rows) > 1 else ""
    return (
        f"{title} still reads {percent(right, 1)} of {noun.counted(int(rows['num_items'].max()))}"
        f" right at severity {worst}{kinds}. Its confidence averages {percent(sure, 1)}:"
        f" {_keeps_up(sure - right)}."
    )


def _keeps_up(gap: float) -> str:
    """What mean confidence less accuracy says of a model."""
    if abs(gap) <= GAP:
        return "its confidence keeps up with its accuracy"
    return f"it is {'over' if gap > 0 else 'under'}confident"


def describe_table(title: str, table: pd.DataFrame, noun: Noun) -> str:
    """Whether a model knows that its images get worse, in a few sentences."""
    means = by_severity(table)
    if not {0, SEVERITIES[-1]} <= set(means.index):
        return ""
    first, last = (
        {name: float(means[name][severity]) for name in ("accuracy", "confidence", "referred")}
        for severity in (0, SEVERITIES[-1])
    )
    verdict = _keeps_up(last["confidence"] - last["accuracy"])
    return (
        f"{title}: from the {noun.many} as they are to severity {SEVERITIES[-1]}, accuracy falls"
        f" from {percent(first['accuracy'])} to {percent(last['accuracy'], 1)} and mean confidence"
        f" from {percent(first['confidence'])} to {percent(last['confidence'], 1)}: {verdict}. The"
        f" share that goes to a person rises from {percent(first['referred'], 1)} to"
        f" {percent(last['referred'], 1)}."
    )


GAP = 0.02
"""Of mean confidence and accuracy, that still counts as keeping step."""


def summary_rows(tables: dict[str, pd.DataFrame]) -> dict[str, dict[str, str]]:
    """Each model's best-known numbers: heading -> value; of several, the worst is the baseline."""
    worst = max(tables, key=lambda title: mean_corruption_error(tables[title]))
    rows = {}
    for title, table in tables.items():
        means = by_severity(table[table["kind"] != CLEAN]).mean()
        clean = table.loc[table["kind"] == CLEAN, "accuracy"]
        rows[title] = {
            "error as they are": percent(1 - float(clean.iloc[0])) if len(clean) else "–",
            "mean corruption error": percent(mean_corruption_error(table), 1),
            "mean ECE": f"{means['ece']:.3f}",
            "mean NLL": f"{means['nll']:.3f} nats",
        }
        if len(tables) > 1:
            rows[title][f"mCE if {worst} is 100 %"] = percent(
                mean_corruption_error(table, tables[worst]), 1
            )
    return rows
