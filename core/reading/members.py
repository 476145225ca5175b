"""Which axis of an array counts members, items and classes."""

from __future__ import annotations

import numpy as np

from core.reading.errors import ReadingError
from core.reading.fields import Scores
from core.reading.questions import Desk, Option, Question

_FAR = 4
"""How many times more items than members leave no doubt which is which."""


def by_members(scores: Scores, num_items: int | None, file: str, desk: Desk) -> np.ndarray:
    """Scores as (S, N, K), as a view.

    Args:
        scores: With two axes or three.
        num_items: N where labels or ids tell it.
        file: To be named.
        desk: Where to ask.

    Raises:
        ReadingError: no axis has N entries.
    """
    if scores.values.ndim == 3:
        return _three_axes(scores, num_items, file, desk)
    rows = len(scores.values)
    if num_items and rows != num_items and rows % num_items == 0:
        return _stacked(scores, num_items, file, desk)
    return scores.values[np.newaxis]


def _three_axes(scores: Scores, num_items: int | None, file: str, desk: Desk) -> np.ndarray:
    values, axis = scores.values, desk.answers.get("members-axis")
    if axis is None:
        axis = _classes_first(values) or _by_number(values, num_items, file)
    if axis is None:
        axis = desk.ask(_question(values, file))
    if axis not in {"0", "1", "2"}:
        raise ReadingError(f"--members-axis {axis} is no axis of {file}; say 0, 1 or 2.")
    found = np.moveaxis(values, int(axis), 0)
    if num_items and found.shape[1] != num_items:
        raise ReadingError(
            f"{file} has the shape {values.shape}, but there are {num_items:,} items; "
            "name the members' axis with --members-axis, or give the labels of these items."
        )
    desk.report.add(
        "read", file,
        f"axis {axis} of {values.shape} read as {values.shape[int(axis)]} members of an ensemble",
    )  # fmt: skip
    return found


def _classes_first(values: np.ndarray) -> str | None:
    """The last axis where rows sum to 1 along the middle axis only: (N, K, S)."""
    sample = np.asarray(values[:200], np.float64)
    if not np.isfinite(sample).all() or sample.min() < 0 or sample.max() > 1:
        return None
    last, middle = (np.abs(sample.sum(axis) - 1).max() < 1e-2 for axis in (2, 1))
    return "2" if middle and not last else None


def _by_number(values: np.ndarray, num_items: int | None, file: str) -> str | None:
    first, second = values.shape[:2]
    if num_items:
        fits = [axis for axis, size in ((0, second), (1, first)) if size == num_items]
        if not fits:
            raise ReadingError(
                f"{file} has the shape {values.shape}, but there are {num_items:,} items; "
                "give the labels of these items."
            )
        return str(fits[0]) if len(fits) == 1 else None
    if first * _FAR <= second:
        return "0"
    return "1" if second * _FAR <= first else None


def _question(values: np.ndarray, file: str) -> Question:
    options = tuple(
        Option(str(axis), f"Axis {axis}: {values.shape[axis]} members, "
                          f"{values.shape[1 - axis]} items") for axis in (0, 1)
    )  # fmt: skip
    suggested = "0" if values.shape[0] <= values.shape[1] else "1"
    text = f"{file} has the shape {values.shape}. Which axis counts the ensemble's members?"
    return Question("members-axis", text, options, suggested, (), "--members-axis")


def _stacked(scores: Scores, num_items: int, file: str, desk: Desk) -> np.ndarray:
    rows, num_classes = scores.values.shape
    num_members = rows // num_items
    options = (
        Option("stacked", "Member after member: all items, then all items again"),
        Option("interleaved", "Item after item: all members of the first item, then the next"),
        Option("none", "Neither; the labels belong to something else"),
    )
    text = (
        f"{file} has {rows:,} rows for {num_items:,} items. "
        f"Are they {num_members} members of an ensemble, and in which order?"
    )
    question = Question("members-axis", text, options, "stacked", (), "--members-axis")
    answer = desk.ask(question)
    if answer == "none":
        raise ReadingError(
            f"{file} has {rows:,} rows and there are {num_items:,} labels; give one label per row."
        )
    if answer == "stacked":
        return scores.values.reshape(num_members, num_items, num_classes)
    return np.moveaxis(scores.values.reshape(num_items, num_members, num_classes), 1, 0)
