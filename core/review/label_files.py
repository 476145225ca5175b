"""Files of labels, read back checked: whoever edits one in a spreadsheet makes mistakes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from core.review.decision_words import NONE_OF_THESE, NOT_USABLE, OLD_NONE_OF_THESE
from core.review.labels import STATUSES, Labels, codes_of
from core.study.broken_arrays import BROKEN
from core.study.dataset import Dataset
from core.study.ids import Ids, RowIds
from core.study.spreadsheets import as_typed


def load_codes(path: Path, dataset: Dataset) -> np.ndarray:
    """The labels of a file for a data set, as `core.review.labels.codes_of` gives them.

    Raises:
        FileNotFoundError, ValueError: as load_labels; or the data set has no labels of its own.
    """
    if dataset.labels is None:
        raise ValueError(f"{dataset.title} came without labels; open it again with --labels {path}")
    return codes_of(load_labels(path, dataset.labels, dataset.num_classes, dataset.ids))


def load_labels(path: Path, given: np.ndarray, num_classes: int, ids: Ids | None = None) -> Labels:
    """Labels of the data set whose labels came as `given`, from a `.csv` or `.npz` file.

    CSV: a header with `id` and `label`, and each id once in any order; `status` and
    `given_label` are read if they are there. A column `index` in place of `id` holds rows, and
    the status "not a digit" means "none of these": so wrote version 0.1. NPZ: `labels` in the
    order of the data, and `usable` if it is there.

    Args:
        path: The file.
        given: Labels as they came (N,): the file must have as many, and fit their
            `given_label` if it has that.
        num_classes: K.
        ids: Of the N items; "0" to "N - 1" if not given.

    Raises:
        FileNotFoundError: no such file.
        ValueError: another ending, a broken file, a wrong number of labels, an unknown class, an
            id twice or unknown; one line that names the file and what it holds.
    """
    ids = ids or RowIds(len(given))
    if path.suffix not in (".csv", ".npz"):
        raise ValueError(f"{path} must end in .csv or .npz")
    if not path.is_file():
        raise FileNotFoundError(f"No such file: {path}")
    frame = _read_csv(path, ids) if path.suffix == ".csv" else _read_npz(path)
    if len(frame) != len(given):
        raise ValueError(f"{path} holds {len(frame)} labels where the data set has {len(given)}")
    unknown = frame.loc[(frame["label"] < 0) | (frame["label"] >= num_classes), "label"]
    if len(unknown):
        raise ValueError(
            f"{path} has the unknown class {unknown.iloc[0]} at {ids[unknown.index[0]]};"
            f" classes are 0 to {num_classes - 1}"
        )
    if "given_label" in frame and (frame["given_label"].to_numpy() != given).any():
        raise ValueError(f"{path} was made for another data set: its given labels differ")
    return Labels(frame["label"].to_numpy(np.int64), frame["usable"].to_numpy(bool))


_SHOWN = 12
"""Columns that a sentence names."""


def _short(text: str) -> str:
    """What a sentence says of a cell."""
    return text if len(text) <= 200 else f"{text[:199]}…"


def _read_csv(path: Path, ids: Ids) -> pd.DataFrame:
    """Labels by row, in the order of the data."""
    try:
        text = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, OSError) as error:  # pandas' own errors are ValueErrors
        raise ValueError(f"{path} is no CSV file: {' '.join(str(error).split())}") from error
    key = "index" if "index" in text and "id" not in text else "id"
    if not {key, "label"} <= set(text.columns):
        known = ", ".join(map(repr, text.columns[:_SHOWN]))
        raise ValueError(f"{path} must have the columns id and label, it has {_short(known)}")
    if not isinstance(text.index, pd.RangeIndex):  # pandas takes what is too much for row names
        raise ValueError(f"{path} has more cells in a row than its header names")
    numbers = [name for name in ("label", "given_label") if name in text]
    frame = pd.DataFrame({name: _whole_numbers(text[name], path) for name in numbers})
    status = text.get("status", pd.Series("as given", index=text.index))
    status = status.replace(OLD_NONE_OF_THESE, NONE_OF_THESE)
    strange = status[~status.isin(STATUSES)]
    if len(strange):
        raise ValueError(f"{path} has the unknown status {_short(strange.iloc[0])!r}")
    rows = _rows(text[key], path, ids)
    return frame.assign(usable=~status.isin(NOT_USABLE)).set_index(rows).sort_index()


def _rows(items: pd.Series, path: Path, ids: Ids) -> pd.Index:
    rows = _as_written_or_typed(items.tolist(), ids)
    if None in rows:
        raise ValueError(
            f"{path} has the {items.name} {_short(items[rows.index(None)])!r}, which the data set"
            " lacks"
        )
    twice = items[items.duplicated()]
    if len(twice):
        raise ValueError(f"{path} has the {items.name} {_short(twice.iloc[0])!r} more than once")
    return pd.Index(rows, dtype="int64")


def _as_written_or_typed(items: list[str], ids: Ids) -> list[int | None]:
    """The row of each id as it stands in a file, or else as spreadsheets are told to leave it."""
    rows = ids.rows(items)
    left = [place for place, row in enumerate(rows) if row is None]
    for place, row in zip(left, ids.rows([as_typed(items[at]) for at in left]), strict=True):
        rows[place] = row
    return rows


def _whole_numbers(text: pd.Series, path: Path) -> pd.Series:
    strange = text[~text.str.fullmatch(r"[0-9]{1,9}")]
    if len(strange):
        where = f"line {strange.index[0] + 2}, column {text.name}"
        raise ValueError(f"{path}, {where}: {_short(strange.iloc[0])!r} is not a whole number")
    return text.astype(np.int64)


def _read_npz(path: Path) -> pd.DataFrame:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in ("labels", "given_labels", "usable")
                      if name in archive}  # fmt: skip
        if not all(isinstance(array, np.ndarray) for array in arrays.values()):
            raise ValueError("a member does not begin as an array does")
    except BROKEN as error:
        raise ValueError(f"{path} is no NPZ file of numbers, or a damaged one") from error
    labels = arrays.get("labels")
    if labels is None:
        raise ValueError(f"{path} must hold whole numbers (N,) as labels, it has none")
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        found = _short(f"{labels.dtype} {labels.shape}")
        raise ValueError(f"{path} must hold whole numbers (N,) as labels, it has {found}")
    fit = arrays.get("usable", np.ones(len(labels), bool))
    if fit.shape != labels.shape or fit.dtype != bool:
        found = _short(f"{fit.dtype} {fit.shape}")
        raise ValueError(f"{path} must hold bool {labels.shape} as usable, it has {found}")
    frame = pd.DataFrame({"label": labels.astype(np.int64), "usable": fit})
    given = arrays.get("given_labels")
    if given is not None and given.shape != labels.shape:
        raise ValueError(f"{path} has {len(labels)} labels but given_labels of shape {given.shape}")
    return frame if given is None else frame.assign(given_label=given)
