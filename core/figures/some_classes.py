"""Which of many classes a figure shows: those that are furthest off."""

from __future__ import annotations

from html import escape, unescape

import numpy as np

MOST_CLASSES = 30


def cut(name: str, longest: int) -> str:
    """A name as it is, or its beginning; what is written for HTML is not cut inside a letter."""
    if len(unescape(name)) <= longest:
        return name
    return f"{escape(unescape(name)[: longest - 1], quote=False)}…"


def furthest(off: dict[str, np.ndarray], num_classes: int) -> list[int]:
    """The classes to show, in their own order: all up to 30, else the 30 furthest off.

    Args:
        off: Title of each model -> (K,) how far each class is off, nan where nothing is known; of
            several models the largest counts.
        num_classes: K.
    """
    if num_classes <= MOST_CLASSES:
        return list(range(num_classes))
    largest = np.max([np.nan_to_num(far, nan=-1.0) for far in off.values()], axis=0, initial=-1.0)
    order = np.argsort(-np.broadcast_to(largest, num_classes), kind="stable")
    return sorted(int(k) for k in order[:MOST_CLASSES])


def only_some(shown: list[int], num_classes: int) -> str:
    """The words ", the 30 of 1,000 furthest off", or an empty string where all are shown."""
    if len(shown) == num_classes:
        return ""
    return f", the {len(shown)} of {num_classes:,} furthest off"
