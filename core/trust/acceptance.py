"""Which items a classifier may decide alone: the one rule behind every threshold.

By itself, because every page applies it while only few need the statistics of `selective`.
"""

from __future__ import annotations

import numpy as np


def is_accepted(values, threshold: float, higher_is_surer: bool = True) -> np.ndarray:
    """Whether each item is sure enough to be decided without a person; bool, as `values`."""
    values = np.asarray(values)
    end = np.asarray(threshold).astype(values.dtype)
    return values >= end if higher_is_surer else values <= end
