"""The labels of a data set after a review of them."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.review.agreement import verdicts
from core.review.by_row import by_row
from core.review.decision_words import NOT_USABLE
from core.study.dataset import UNLABELLED
from core.study.ids import Ids

AT_ONCE = 100_000
STATUSES = ("as given", "keep", "relabel", *NOT_USABLE, "disputed")


@dataclass(frozen=True)
class Labels:
    """Labels int64 (N,), and whether each is one that a model can be trained or judged on."""

    labels: np.ndarray
    usable: np.ndarray


@dataclass(frozen=True)
class CorrectedLabels:
    """The labels after the review.

    Attributes:
        table: N rows in the order of the data, index `id`; columns `label`, `given_label` and
            `status`, one of STATUSES.
        num_unknown: Decisions left out because the data set has no item of their id.
    """

    table: pd.DataFrame
    num_unknown: int


def correct_labels(given: np.ndarray, current: pd.DataFrame, ids: Ids) -> CorrectedLabels:
    """The given labels (N,) with the decisions that stand applied.

    Where reviewers differ the label stays as given and the status is "disputed"; where the item
    is unclear or of none of the classes the label stays too, and `Labels.usable` will be False.

    Args:
        given: Labels as they came (N,).
        current: core.review.decisions.current_decisions of this data set.
        ids: Of the N items.
    """
    decided = by_row(current, ids)
    table = verdicts(decided.current)
    status = pd.Series("as given", index=pd.RangeIndex(len(given)), dtype=object)
    label = given.astype(np.int64)
    if len(table):
        alike = table.nunique(axis=1) == 1
        verdict = table.bfill(axis=1).iloc[:, 0].where(alike, "disputed")
        new = pd.to_numeric(verdict.str.removeprefix("relabel "), errors="coerce").dropna()
        label[new.index] = new
        status[verdict.index] = verdict.where(~verdict.str.startswith("relabel "), "relabel")
    columns = {"label": label, "given_label": given.astype(np.int64), "status": status.to_numpy()}
    return CorrectedLabels(pd.DataFrame(columns, index=_index(ids)), decided.num_unknown)


def _index(ids: Ids) -> pd.Index:
    """All ids, some at a time: a million Python strings take five times what is kept."""
    parts = [
        pd.Series(ids.take(range(start, min(start + AT_ONCE, len(ids)))), dtype="str")
        for start in range(0, len(ids), AT_ONCE)
    ]
    return pd.Index(pd.concat(parts) if parts else [], dtype="str", name="id")


def usable(corrected: pd.DataFrame) -> Labels:
    """The labels of a CorrectedLabels.table, with those marked that no model should learn."""
    labels = corrected["label"].to_numpy(np.int64)
    fit = ~corrected["status"].isin(NOT_USABLE).to_numpy() & (labels != UNLABELLED)
    return Labels(labels, fit)


def codes_of(labels: Labels) -> np.ndarray:
    """Class codes int64 (N,) to judge a model by: UNLABELLED where a label is not usable."""
    return np.where(labels.usable, labels.labels, UNLABELLED)


def labels_npz(corrected: pd.DataFrame) -> bytes:
    """`labels` uint8 or int64 (N,), `given_labels` alike and `usable` bool (N,).

    A label that is not known stays UNLABELLED, which takes int64, and is not usable.
    """
    found = usable(corrected)
    is_byte = 0 <= found.labels.min(initial=0) <= found.labels.max(initial=0) <= 255
    small = np.uint8 if is_byte and corrected["given_label"].min() >= 0 else np.int64
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        labels=found.labels.astype(small),
        given_labels=corrected["given_label"].to_numpy(small),
        usable=found.usable,
    )
    return buffer.getvalue()
