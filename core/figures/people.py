"""The model's doubt beside that of people, in a picture and in sentences."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.figures.compare import LEGEND, MARGIN, in_sentence, interval_text
from core.measures.register import BY_COLUMN
from core.study.dataset import Noun
from core.trust.intervals import Estimate
from core.trust.people import People
from core.trust.wording import ITEM, percent

MOST_POINTS = 60_000
HUMAN = "Entropy of people’s labels (nats, spread by 0.01)"
SPREAD = 0.01


def people_figure(found: People, noun: Noun = ITEM) -> go.Figure:
    """The model's entropy against that of people's labels; `customdata` is the item's row.

    Args:
        found: Of the items that somebody labelled; of more than 60,000 every n-th is drawn.
        noun: What an item is called.
    """
    step = -(-len(found) // MOST_POINTS)
    kept = np.arange(0, len(found), step)
    agrees = found.shares[np.arange(len(found)), found.prediction] == found.shares.max(1)
    figure = go.Figure()
    for name, chosen, colour, symbol in (
        ("says what most people say", agrees, palette.CORRECT, "circle"),
        ("says something else", ~agrees, palette.WRONG, "x"),
    ):
        rows = kept[chosen[kept]]
        figure.add_trace(
            go.Scattergl(
                x=found.human_entropy[rows] + _spread(found.rows[rows]),
                y=found.model_entropy[rows],
                customdata=found.rows[rows],
                mode="markers",
                name=f"{name} ({int(chosen.sum()):,})",
                marker={"color": colour, "symbol": symbol, "size": 6, "opacity": 0.5},
                hoverinfo="none",  # the event still fires: the item is shown beside the cursor
            )
        )
    end = float(max(found.human_entropy.max(), found.model_entropy.max(), 0.01))
    line = {"color": palette.UNKNOWN, "dash": "dot", "width": 1}
    figure.add_trace(
        go.Scatter(x=[0, end], y=[0, end], mode="lines", line=line, hoverinfo="skip",
                   showlegend=False)
    )  # fmt: skip
    figure.update_layout(
        height=560, margin=MARGIN, legend=LEGEND | {"itemsizing": "constant"}, hovermode="closest",
        dragmode="pan",
    )  # fmt: skip
    drawn = "" if step == 1 else f", {len(kept):,} of {len(found):,} drawn"
    figure.update_xaxes(title_text=f"{HUMAN}{drawn}", zeroline=False)
    figure.update_yaxes(title_text=BY_COLUMN[found.measure].label, zeroline=False)
    return figure


def _spread(rows: np.ndarray) -> np.ndarray:
    """A little to either side, nats, by the row: a few people have few entropies to show."""
    return SPREAD * (2 * (rows.astype(np.int64) * 2_654_435_761 % 2**32) / 2**32 - 1)


def describe_people(found: People, title: str, noun: Noun = ITEM) -> str:
    """Whether the model is unsure where people are, in a sentence."""
    value, low, high = found.correlation
    if math.isnan(value):
        return (
            f"Whether {in_sentence(title)} is unsure where people are cannot be told: one of the"
            f" two is equally sure of all {noun.counted(len(found))}."
        )
    interval = f"rank correlation {value:.2f}, 95 % interval {low:.2f} to {high:.2f}"
    if low > 0:
        said = "is more unsure where people disagree more"
    elif high < 0:
        said = "is less unsure where people disagree more"
    else:
        said = "shows no link between its uncertainty and people’s disagreement"
    return f"{title} {said} ({interval}, {noun.counted(len(found))})."


def describe_estimate(found: People) -> str:
    """Which of the model's estimates is looked at, and what that allows to be said."""
    name = BY_COLUMN[found.measure].title.lower()
    if found.measure == "expected_entropy":
        return (
            f"The model’s {name} estimates what is ambiguous in the item itself (aleatoric), which"
            " is what people’s disagreement shows."
        )
    return (
        f"With one member there is no aleatoric estimate: the {name} holds every kind of doubt."
        " Values of several members, of shape (members, items, classes), would split it."
    )


def people_rows(found: People, noun: Noun = ITEM) -> dict[str, dict[str, str]]:
    """Every number with its interval: name -> heading -> text."""
    top, number = found.correlation_of_highest
    majority, single = found.accuracy_of_majority
    values = {
        "rank correlation of the two entropies": (_plain(found.correlation), len(found)),
        "the same among the 5 % of highest model entropy": (_plain(top), number),
        "cross-entropy against people’s shares (nats)": (
            _plain(found.costs.cross_entropy), len(found),
        ),
        "the least any model can have: people’s own entropy": (
            f"{found.costs.least:.3f}", len(found),
        ),
        "says what most people say": (_percents(majority), single),
        "says what at least one person says": (_percents(found.accuracy_of_any), len(found)),
    }  # fmt: skip
    rows = {name: {"value": text, noun.many: f"{n:,}"} for name, (text, n) in values.items()}
    return rows | {"agreement of people, Krippendorff’s alpha": _alpha(found, noun)}


def _alpha(found: People, noun: Noun) -> dict[str, str]:
    if found.num_people is None:
        return {"value": "needs counts, or each person’s labels", noun.many: "–"}
    several = int((found.num_people > 1).sum())
    return {"value": "–" if math.isnan(found.alpha) else f"{found.alpha:.3f}",
            noun.many: f"{several:,}"}  # fmt: skip


def _plain(estimate: Estimate) -> str:
    return interval_text(estimate, 3)


def _percents(estimate: Estimate) -> str:
    value, low, high = estimate
    return "–" if math.isnan(value) else f"{percent(value)} ({percent(low)} to {percent(high)})"
