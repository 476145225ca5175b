"""Which class is taken for which: a matrix of few classes."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from core.figures import palette
from core.figures.some_classes import cut
from core.measures.selection import Selection
from core.study.dataset import UNLABELLED, Noun

MOST_CLASSES = 30
"""Up to so many a matrix can be read; of more the pairs are listed."""
_MOST_LETTERS = 14


def confusion_figure(selection: Selection, class_names: tuple[str, ...], noun: Noun) -> go.Figure:
    """How many labelled items of each class (down) are predicted as each class (across).

    Right answers stand in the light, mistakes in the shadow, the deeper the more there are: the
    colours are of log10(1 + count). What never happens has none.

    Args:
        selection: The items.
        class_names: The K names, at most MOST_CLASSES.
        noun: What an item is called.
    """
    counts, names = count_pairs(selection, len(class_names)), list(class_names)
    places = list(range(len(names)))
    axis = {
        "tickvals": places, "ticktext": [cut(name, _MOST_LETTERS) for name in names],
        "constrain": "domain", "zeroline": False, "showgrid": False,
    }  # fmt: skip
    told = [
        [
            f"{given} predicted as {read}: {noun.counted(int(counts[i, j]))}"
            for j, read in enumerate(names)
        ]
        for i, given in enumerate(names)
    ]
    levels, is_right = np.where(counts > 0, np.log10(1 + counts), np.nan), np.eye(len(names)) > 0
    heats = [
        go.Heatmap(
            z=np.where(shown, levels, np.nan),
            zmin=0,
            zmax=max(float(np.nanmax(levels[shown], initial=0)), 1.0),
            text=np.where(shown & (counts > 0), counts.astype(str), ""),
            texttemplate="%{text}" if len(names) <= 15 else None,
            customdata=told,
            hovertemplate="%{customdata}<extra></extra>",
            hoverongaps=bool(shown is is_right),
            colorscale=palette.evenly(colours),
            showscale=False,
            xgap=1,
            ygap=1,
        )
        for shown, colours in ((is_right, palette.RIGHT_CELLS), (~is_right, palette.WRONG_CELLS))
    ]
    layout = {
        "height": 200 + 22 * max(len(names), 8),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": axis | {"title": {"text": "predicted class"}},
        "yaxis": axis | {"title": {"text": "label"}, "autorange": "reversed"},
    }
    return go.Figure(heats, layout)


def count_pairs(selection: Selection, num_classes: int) -> np.ndarray:
    """How often each label (row) is predicted as each class (column), int64 (K, K)."""
    label = selection.of(selection.arrays.label).astype(np.int64)
    prediction = selection.of(selection.arrays.prediction)
    known = label != UNLABELLED
    found = np.bincount(label[known] * num_classes + prediction[known], minlength=num_classes**2)
    return found.reshape(num_classes, num_classes)
