"""Several models in one figure: each has its colour, its marker and its dash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.measures.register import BY_COLUMN
from core.study.dataset import Noun
from core.trust.calibration_errors import CalibrationErrors
from core.trust.intervals import Estimate, few_errors, few_items
from core.trust.wording import ITEM


class Style(NamedTuple):
    """How one of several models is drawn: never told by the colour alone."""

    colour: str
    symbol: str
    dash: str


class Sample(Protocol):
    """What tells how many items it comes from."""

    @property
    def num_items(self) -> int:
        """How many items, N."""


@runtime_checkable
class SampleOfErrors(Sample, Protocol):
    """What also tells how many of them are errors."""

    @property
    def num_errors(self) -> int:
        """E."""


METRICS = {
    "accuracy": "Accuracy",
    "nll": "NLL (nats)",
    "brier": "Brier score",
    "uncertainty": "\u2003=\u00a0uncertainty",
    "resolution": "\u2003−\u00a0resolution",
    "reliability": "\u2003+\u00a0reliability",
    "within": "\u2003−\u00a0within groups",
    "ece": "ECE",
    "ece_null": "\u2003ECE if calibrated, by chance",
    "mce": "MCE",
    "mce_null": "\u2003MCE if calibrated, by chance",
}
"""What a person reads for each metric and each of its parts, in the order of tables."""
BRIER_NOTE = (
    "Brier score = uncertainty − resolution + reliability − within groups, the groups being the"
    " predicted classes; reliability is the part that miscalibration costs."
)
CHANCE_NOTE = (
    "“If calibrated, by chance” is what they would show if every confidence were exactly"
    " true, as median and 95 % band: only more than that tells anything. Their own interval inverts"
    " a test and stands only where it lies around the value, clear of 0. One item alone in a bin"
    " can make the MCE."
)
_HATCHES = ("", "/", "x", ".")
_DASHES = ("solid", "dash", "dot", "dashdot")
LINE_HEIGHT = 20
MARGIN = {"l": 8, "r": 8, "t": 56, "b": 8}
LEGEND = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "xanchor": "left"}


def style(position: int) -> Style:
    """The style of the model at that position; more models than colours go round again."""
    kind = position % len(palette.MODELS)
    return Style(palette.MODELS[kind], palette.SYMBOLS[kind], _DASHES[kind])


def bars(low: np.ndarray, middle: np.ndarray, high: np.ndarray, colour: str) -> dict[str, Any]:
    """Plotly's error bars from an interval's ends."""
    return {
        "type": "data",
        "symmetric": False,
        "array": np.asarray(high) - middle,
        "arrayminus": np.asarray(middle) - low,
        "color": colour,
        "thickness": 1.5,
        "width": 4,
    }


def bar_marker(position: int) -> dict[str, Any]:
    """A bar's colour, and from the second model on a hatch of its own over it."""
    shape = _HATCHES[position % len(_HATCHES)]
    hatch = {"shape": shape, "fillmode": "overlay", "fgcolor": "rgba(255, 255, 255, 0.6)"}
    return {"color": style(position).colour, "pattern": hatch if shape else {"shape": ""}}


def rows_of_measures(figure: go.Figure, columns: Sequence[str]) -> None:
    """Give a figure a row for each of some measures, top to bottom, named at its left."""
    figure.update_yaxes(
        tickvals=list(range(len(columns))),
        ticktext=[BY_COLUMN[name].title for name in columns],
        range=[len(columns) - 0.5, -0.5],
        zeroline=False,
        automargin=True,
    )


def estimates_trace(
    estimates: dict[str, Estimate], name: str, position: int, shift: float = 0.0
) -> go.Scatter:
    """A dot with its interval on a line for each name, top to bottom; nan ones are left out."""
    look = style(position)
    known = {key: e for key, e in estimates.items() if np.isfinite(e.value)}
    places = {key: place for place, key in enumerate(estimates)}
    value, low, high = (np.array([e[i] for e in known.values()], float) for i in range(3))
    return go.Scatter(
        x=value,
        y=[places[key] + shift for key in known],
        error_x=bars(low, value, high, look.colour),
        mode="markers",
        name=name,
        marker={"color": look.colour, "symbol": look.symbol, "size": 10},
        customdata=[interval_text(e) for e in known.values()],
        text=list(known),
        hovertemplate="%{text}: %{customdata}<extra>" + name + "</extra>",
    )


def in_sentence(title: str) -> str:
    """A model's title as it stands inside a sentence: "the ensemble"."""
    return f"t{title[1:]}" if title.startswith("The ") else title


def with_note(figure: go.Figure, note: str) -> go.Figure:
    """The figure with a sentence in its middle, where there is something it cannot show."""
    if note:
        figure.add_annotation(
            text=note, showarrow=False, xref="paper", yref="paper", x=0.5, y=0.5, borderpad=6
        )
    return figure


def with_sample(
    figure: go.Figure, results: Mapping[str, Sample], nothing: str, noun: Noun = ITEM
) -> go.Figure:
    """The figure, which says itself where its items, or its errors, are too few.

    Args:
        figure: Of several models, with a title at its lowest axis: the lines go under it.
        results: Title of each model -> its result; errors count where it knows `num_errors`.
        nothing: What stands in the middle where no model has an item.
        noun: What an item is called.
    """
    filled = {title: found for title, found in results.items() if found.num_items}
    if not filled:
        return with_note(figure, nothing)
    errors = {t: r.num_errors for t, r in filled.items() if isinstance(r, SampleOfErrors)}
    lines = [
        *_few_lines({title: few_items(found.num_items, noun) for title, found in results.items()}),
        *_few_lines({t: few_errors(number, filled[t].num_items) for t, number in errors.items()}),
    ]
    *_, axis = figure.select_xaxes()
    axis.title.text = "<br>".join([axis.title.text, *(f"<b>{line}</b>" for line in lines)])
    return figure.update_layout(height=figure.layout.height + LINE_HEIGHT * len(lines))


def _few_lines(of_each: dict[str, str]) -> list[str]:
    """One line where all models say the same, else one a model; short enough for a phone."""
    if len(set(of_each.values())) != 1:
        return [f"{title}: {text}" for title, text in of_each.items() if text]
    text = next(iter(of_each.values()))
    return [f"{text.capitalize()}: wide intervals"] if text.startswith("only") else []


def by_name(errors: CalibrationErrors) -> dict[str, Estimate]:
    """The calibration errors and their null bands under the names of `METRICS`."""
    return {
        "ece": without_end(errors.ece),
        "ece_null": errors.ece_null,
        "mce": without_end(errors.mce),
        "mce_null": errors.mce_null,
    }


def without_end(estimate: Estimate) -> Estimate:
    """The same without an interval that ends at the value or at 0: the chance band says more.

    Inverting a test gives such ends where chance alone explains the error, or where no larger gap
    in the same bins could have been drawn; they look like certainty.
    """
    value, low, high = estimate
    if 0 < low < value < high:
        return estimate
    return Estimate(value, float("nan"), float("nan"))


def in_thousandths(estimate: Estimate) -> Estimate:
    """The same number and interval, times 1,000."""
    return Estimate(*(1_000 * number for number in estimate))


def interval_text(estimate: Estimate, digits: int = 4) -> str:
    """`0.0033 (0.0012 to 0.0046)`, without an unknown interval; a dash for an unknown number."""
    if not np.isfinite(estimate.value):
        return "–"
    if not np.isfinite(estimate.low):
        return f"{round(estimate.value, digits) + 0.0:.{digits}f}"
    # Adding 0.0 turns a rounded -0.0 into 0.0.
    value, low, high = (f"{round(number, digits) + 0.0:.{digits}f}" for number in estimate)
    return f"{value} ({low} to {high})"
