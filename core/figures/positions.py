"""Where the items lie on a scatter: what its axes show, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.measures.score_arrays import ScoreArrays

JITTER = 0.36  # of the distance between two classes
FLOOR = 1e-12  # a logarithmic axis ends here, far below what float32 logits can tell apart
CLASSES = frozenset({"label", "prediction"})
"""The columns of class codes."""


@dataclass(frozen=True)
class View:
    """What the axes show.

    Attributes:
        x, y: Columns; `label` is spread a little so that its points lie beside each other.
        log_x, log_y: Logarithmic axes, for columns that are nowhere negative.
    """

    x: str
    y: str
    log_x: bool = False
    log_y: bool = False


class Positions(NamedTuple):
    """Where each of N items lies in the values of the axes; NaN where it has no place.

    Attributes:
        x, y: float32 (N,).
    """

    x: np.ndarray
    y: np.ndarray


def positions(arrays: ScoreArrays, view: View) -> Positions:
    """Where all items lie; an item keeps its place under every filter."""
    return Positions(_on_axis(arrays, view.x, view.log_x), _on_axis(arrays, view.y, view.log_y))


def _on_axis(arrays: ScoreArrays, column: str, logarithmic: bool) -> np.ndarray:
    if column in CLASSES:
        values = arrays.codes(column).astype(np.float32) + _spread(len(arrays))
    else:
        values = arrays[column].astype(np.float32, copy=False)
    return np.maximum(values, _lowest(values)) if logarithmic else values


def _lowest(values: np.ndarray) -> np.float32:
    """Where values of 0 lie on a logarithmic axis: a decade below the others, so that rounded
    probabilities of 1 leave the others room.
    """
    above = values[values > 0]
    return np.float32(max(FLOOR, float(above.min()) / 10 if above.size else FLOOR))


def _spread(num_items: int) -> np.ndarray:
    """A place beside the class that follows from the row's number alone: float32 (N,)."""
    scrambled = np.arange(num_items, dtype=np.uint32) * np.uint32(2_654_435_761)  # modulo 2**32
    return (2 * JITTER * (scrambled / 2**32 - 0.5)).astype(np.float32)
