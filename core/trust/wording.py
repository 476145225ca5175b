"""Numbers in sentences: shares whose rounding never claims more, and what an item is called.

A share is a number in [0, 1]; it is written in per cent.
"""

from __future__ import annotations

import math

import numpy as np

from core.study.dataset import Noun

ITEM = Noun("item", "items")
"""What an item is called where the data set has no word of its own."""
_MOST_DIGITS = 6


def percent(share: float, digits: int = 2) -> str:
    """A share in per cent, "0.35 %"; what is not 0 or 1 is never written as 0 % or 100 %.

    Args:
        share: In [0, 1], or nan, which is written as a dash.
        digits: After the point.
    """
    if math.isnan(share):
        return "–"
    least = 10.0**-digits
    if share > 0 and 100 * share < least / 2:
        return f"under {least:.{digits}f} %"
    if share < 1 and 100 * (1 - share) < least / 2:
        return f"over {100 - least:.{digits}f} %"
    return f"{100 * share:.{digits}f} %"


def at_most(share: float, digits: int = 2) -> str:
    """An upper bound in per cent, rounded up, so that what is under the share is under the text."""
    scale = 10.0**digits
    # Nine digits first: 0.0035 in per cent and a hundred parts is 35.00000000000001 in binary.
    return f"{math.ceil(round(100 * share * scale, 9)) / scale:.{digits}f} %"


def beside(share: float, limit: float, digits: int = 2) -> str:
    """A share in per cent with as many digits as show on which side of a limit it lies."""
    line = round(100 * limit, _MOST_DIGITS)
    side = np.sign(round(100 * share, _MOST_DIGITS) - line)
    for number in range(digits, _MOST_DIGITS):
        text = f"{100 * share:.{number}f}"
        if np.sign(float(text) - line) == side:
            return f"{text} %"
    return f"{100 * share:.{_MOST_DIGITS}f} %"


def level(share: float) -> str:
    """A level that somebody chose, with the digits it needs: "99 %", "99.5 %"."""
    return f"{round(100 * share, _MOST_DIGITS):.10g} %"
