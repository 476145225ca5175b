"""Labels of several columns: one-hot, shares of people, or one column per person."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.reading.errors import ReadingError, counted
from core.reading.fields import Scores
from core.reading.kinds import ONE_CLASS
from core.reading.names import SHARES, loosely
from core.reading.questions import Desk
from core.study.dataset import UNLABELLED

MOST_OFF = 1e-3
"""From 1, of the sum of an item's shares before it is said."""


class Matrix(NamedTuple):
    """What a matrix of labels holds.

    Attributes:
        codes: int32 (N,), UNLABELLED where most said no one class.
        shares: (N, K) if people differ, NaN where nobody labelled.
        num_people: int32 (N,), how many labels each item was given; None where only shares came.
    """

    codes: np.ndarray
    shares: np.ndarray | None
    num_people: np.ndarray | None = None


def read_matrix(matrix: Scores, num_classes: int | None, file: str, desk: Desk) -> Matrix:
    """One-hot labels, shares of people, or one column an annotator.

    Raises:
        ReadingError: rows with none or several classes, which is multi-label.
    """
    values = np.asarray(matrix.values, np.float64)
    if num_classes and values.shape[1] != num_classes:
        return _annotators(values, num_classes, matrix.shown, file, desk)
    known = np.asarray(np.isfinite(values).all(1))
    if (values[known] < 0).any():
        return _annotators(values, num_classes or int(values.max()) + 1, matrix.shown, file, desk)
    binary = bool(np.isin(values[known], (0, 1)).all())
    if binary and not (loosely(matrix.name, SHARES) and (values[known].sum(1) != 1).any()):
        return Matrix(_one_hot(values, known, matrix.shown, file, desk), None)
    return _shares(values, known, binary, matrix.shown, file, desk)


def _shares(
    values: np.ndarray, known: np.ndarray, binary: bool, name: str, file: str, desk: Desk
) -> Matrix:
    """Counts of people's labels, shares of them, or several valid answers an item."""
    sums = np.where(known, values.sum(1), 0.0)
    fine = sums > 0
    shares = np.full(values.shape, np.nan, np.float32)
    shares[fine] = values[fine] / sums[fine, None]
    are_counts = not binary and bool((values[fine] == np.floor(values[fine])).all())
    what = "counts" if are_counts else "valid answers" if binary else "shares"
    desk.report.add("read", file, f"{what} of people's labels in {name}",
                    int(fine.sum()), len(fine))  # fmt: skip
    off = fine & (np.abs(sums - 1) > MOST_OFF)
    if what == "shares" and off.any():
        desk.report.add("corrected", file, "rows are divided by their sum, "
                        f"{sums[off].min():.3g} to {sums[off].max():.3g}",
                        int(off.sum()), len(off))  # fmt: skip
    return Matrix(most_said(shares), shares, sums.astype(np.int32) if are_counts else None)


def most_said(shares: np.ndarray) -> np.ndarray:
    """The class most people said, UNLABELLED where two share the lead."""
    top = np.nan_to_num(shares).max(1, keepdims=True)
    single = (shares == top).sum(1) == 1
    return np.where(single, np.nan_to_num(shares).argmax(1), UNLABELLED).astype(np.int32)


def _one_hot(values: np.ndarray, known: np.ndarray, name: str, file: str, desk: Desk) -> np.ndarray:
    sums = values.sum(1)
    if (wrong := np.flatnonzero(known & (sums != 1))).size:
        raise ReadingError(
            f"{file}, row {wrong[0]:,}: the labels in {name} hold {sums[wrong[0]]:.0f} classes "
            f"at once, so the data are multi-label; {ONE_CLASS}."
        )
    desk.report.add("read", file, f"one-hot labels in {name}", int(known.sum()), len(known))
    return np.where(known, np.nan_to_num(values).argmax(1), UNLABELLED).astype(np.int32)


def _annotators(values: np.ndarray, num_classes: int, name: str, file: str, desk: Desk) -> Matrix:
    """(N, A) codes, a column per person, below 0 or NaN where somebody said nothing."""
    said = np.isfinite(values) & (values >= 0)
    whole = values[said] == np.floor(values[said])
    if not whole.all() or (said.any() and values[said].max() >= num_classes):
        raise ReadingError(
            f"{file}: {name} of {values.shape[1]} columns is neither one-hot nor a label by "
            f"each person for {num_classes} classes; give one column per class, or codes from 0."
        )
    codes = values[said].astype(np.int64)
    flat = np.nonzero(said)[0] * num_classes + codes
    counts = np.bincount(flat, minlength=len(values) * num_classes).reshape(-1, num_classes)
    sums = counts.sum(1, keepdims=True)
    shares = np.where(sums > 0, counts / np.maximum(sums, 1), np.nan).astype(np.float32)
    desk.report.add("read", file, f"labels by {values.shape[1]} people in {name}",
                    int((sums > 0).sum()), len(values))  # fmt: skip
    if silent := int((~said.any(0)).sum()):
        desk.report.add("noted", file, f"{counted(silent, 'person', 'people')} labelled nothing")
    return Matrix(most_said(shares), shares, sums[:, 0].astype(np.int32))
