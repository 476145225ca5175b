"""Which items a classifier may decide alone: the one rule behind every threshold.

By itself, because every page applies it while only few need the statistics of `selective`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def is_accepted(values: ArrayLike, threshold: float, higher_is_surer: bool = True) -> np.ndarray:
    """Whether each item is sure enough to be decided without a person; bool, as `values`."""
    array = np.asarray(values)
    end = np.asarray(threshold).astype(array.dtype)
    return array >= end if higher_is_surer else array <= end
