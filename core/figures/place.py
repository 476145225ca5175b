"""Where one's own pictures lie among a study's items: the scatter, and the point of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.positions import FLOOR, View
from core.figures.scatter import describe_scatter, scatter_figure
from core.measures.register import BY_COLUMN
from core.measures.score_arrays import ScoreArrays
from core.measures.selection import Selection
from core.study.dataset import Noun

HEIGHT = 470
PLACES = {
    "doubt": View("prediction", "least_confidence", log_y=True),
    "entropy": View("least_confidence", "predictive_entropy", log_x=True, log_y=True),
    "split": View("expected_entropy", "mutual_information", log_x=True, log_y=True),
    "typical": View("atypicality", "predictive_entropy", log_y=True),
    "map": View("map_x", "map_y"),
}
"""Views in which an item without a label has a place."""


def places_in(table: pd.DataFrame, num_members: int) -> tuple[str, ...]:
    """The views that this table and number of members allow."""
    return tuple(
        name
        for name, view in PLACES.items()
        if {view.x, view.y} <= set(table.columns) and (name != "split" or num_members > 1)
    )


def place_figure(
    table: pd.DataFrame, view: View, class_names: tuple[str, ...], num_members: int, noun: Noun
) -> go.Figure:
    """All items, coloured by right or wrong; axes reach to the ends of the measures' ranges.

    So a picture less sure than every item still has a place on the figure.
    """
    everything = Selection(ScoreArrays(table))
    figure = scatter_figure(everything, view, "correct", class_names).figure
    figure.update_layout(height=HEIGHT, legend={"title": {"text": f"The {noun.many}, read "}})
    figure.update_traces(marker={"opacity": 0.45})
    size = (num_members, len(class_names))
    figure.update_xaxes(range=_range(table, view.x, view.log_x, *size))
    figure.update_yaxes(range=_range(table, view.y, view.log_y, *size))
    return figure


def describe_place(table: pd.DataFrame, view: View, noun: Noun) -> str:
    """The figure in a sentence, for who cannot see it."""
    text = describe_scatter(Selection(ScoreArrays(table)), view, "correct", noun)
    return f"{text} Your {noun.many} are marked on it; the table beside says where each stands."


def place_of(
    row: Mapping[str, Any] | pd.Series, view: View, table: pd.DataFrame, alike: np.ndarray
) -> tuple[float, float]:
    """The coordinates of one's own picture.

    Args:
        row: Its row of a score table.
        view: The axes.
        table: The items' score table.
        alike: The items most like it, the most similar first; on the map, which no formula
            continues, it is placed at their median.
    """
    if view.x in BY_COLUMN or view.x == "prediction":
        return (
            _on_axis(row[view.x], table[view.x], view.log_x),
            _on_axis(row[view.y], table[view.y], view.log_y),
        )
    near = table.loc[alike, [view.x, view.y]].median()
    return float(near[view.x]), float(near[view.y])


def _on_axis(value: float, column: pd.Series, logarithmic: bool) -> float:
    """On a logarithmic axis a value below every item's lies with the lowest of them."""
    return max(float(value), float(column.min()), FLOOR) if logarithmic else float(value)


def _range(
    table: pd.DataFrame, column: str, logarithmic: bool, num_members: int, num_classes: int
) -> list[float] | None:
    if column not in BY_COLUMN:
        return None
    low, high = 0.0, BY_COLUMN[column].high.at(num_members, num_classes)
    if logarithmic:
        low = float(np.log10(FLOOR if (table[column] <= FLOOR).any() else table[column].min()))
        high = float(np.log10(high))
    room = 0.04 * (high - low)
    return [low - room, high + room]
