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

    The colours are of log10(1 + count), so that rare confusions are seen beside the right answers.

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
    heat = go.Heatmap(
        z=np.log10(1 + counts),
        text=np.where(counts > 0, counts.astype(str), ""),
        texttemplate="%{text}" if len(names) <= 15 else None,
        customdata=told,
        hovertemplate="%{customdata}<extra></extra>",
        colorscale=palette.SCALE,
        showscale=False,
        xgap=1,
        ygap=1,
    )
    layout = {
        "height": 200 + 22 * max(len(names), 8),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": axis | {"title": {"text": "predicted class"}},
        "yaxis": axis | {"title": {"text": "label"}, "autorange": "reversed"},
    }
    return go.Figure(heat, layout)


def count_pairs(selection: Selection, num_classes: int) -> np.ndarray:
    """How often each label (row) is predicted as each class (column), int64 (K, K)."""
    label = selection.of(selection.arrays.label).astype(np.int64)
    prediction = selection.of(selection.arrays.prediction)
    known = label != UNLABELLED
    found = np.bincount(label[known] * num_classes + prediction[known], minlength=num_classes**2)
    return found.reshape(num_classes, num_classes)
