"""The least sure items of a scatter as pictures: which they are, and what they may not cover."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.figures import palette
from core.figures.positions import Positions
from core.measures.score_arrays import ScoreArrays

MOST_PICTURES = 12
MOST_AVOIDED = 1_000
"""Of the least sure items, those whose mistakes no picture may cover: others lie further away."""


def picture_trace(drawn: np.ndarray, arrays: ScoreArrays, places: Positions) -> dict[str, Any]:
    """A legend entry that hides and shows the pictures; the browser puts them beside their points.

    Its `meta` holds `rows`, the items that become pictures, the least sure first, and `avoid`, the
    x and y of mistakes that have to stay in sight.

    Args:
        drawn: Rows of the items drawn one by one, int (n,), the surest first.
        arrays: The table.
        places: Where all items of the table lie.
    """
    rows = drawn[::-1][:MOST_PICTURES]
    near = drawn[::-1][:MOST_AVOIDED]
    mistakes = near[arrays.correct[near] == 0]
    return {
        "type": "scatter",
        "x": places.x[rows],
        "y": places.y[rows],
        "mode": "markers",
        "name": f"pictures of the least sure ({len(rows)})",
        "marker": {"symbol": "square-open", "size": 11, "color": palette.SHADOW},
        "hoverinfo": "skip",  # the point below answers
        "meta": {
            "rows": rows.tolist(),
            "avoid": [places.x[mistakes].tolist(), places.y[mistakes].tolist()],
        },
    }
