"""Labels files: the corrected labels of a data set, written for others and read back checked."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from core.review.agreement import verdicts

NOT_USABLE = ("unclear", "not a digit")
STATUSES = ("as given", "keep", "relabel", *NOT_USABLE, "disputed")


@dataclass(frozen=True)
class Labels:
    """Labels int64 (N,), and whether each is one that a model can be trained or judged on."""

    labels: np.ndarray
    usable: np.ndarray


def correct_labels(given: np.ndarray, current: pd.DataFrame) -> pd.DataFrame:
    """The given labels (N,) with the decisions that stand applied: index `index`, N rows.

    Columns `label`, `given_label` and `status`, one of STATUSES. Where reviewers differ the
    label stays as given and the status is "disputed"; where the digit is unclear or none the
    label stays too, and `Labels.usable` will be False.

    Args:
        given: Labels as they came (N,).
        current: core.review.decisions.current_decisions of this data set.
    """
    table = verdicts(current)
    status = pd.Series("as given", index=pd.RangeIndex(len(given), name="index"), dtype=object)
    label = given.astype(np.int64)
    if len(table):
        alike = table.nunique(axis=1) == 1
        verdict = table.bfill(axis=1).iloc[:, 0].where(alike, "disputed")
        new = pd.to_numeric(verdict.str.removeprefix("relabel "), errors="coerce").dropna()
        label[new.index] = new
        status[verdict.index] = verdict.where(~verdict.str.startswith("relabel "), "relabel")
    return pd.DataFrame({"label": label, "given_label": given.astype(np.int64), "status": status})


def usable(corrected: pd.DataFrame) -> Labels:
    """The labels of `correct_labels`, with those marked that no model should learn."""
    fit = ~corrected["status"].isin(NOT_USABLE).to_numpy()
    return Labels(corrected["label"].to_numpy(np.int64), fit)


def with_labels(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """A score table judged by other labels: unusable rows gone, `label` and `correct` replaced.

    `log_likelihood` is left out, being that of the old labels.
    """
    judged = table.assign(
        label=pd.array(labels.labels, dtype="Int16"),
        correct=pd.array(labels.labels == table["prediction"].to_numpy(), dtype="boolean"),
    )
    return judged[labels.usable].drop(columns="log_likelihood", errors="ignore")


def relabel_table(table: pd.DataFrame, path: Path, num_classes: int) -> pd.DataFrame:
    """A score table judged by the labels of a file.

    Raises:
        FileNotFoundError, ValueError: as load_labels.
    """
    given = table["label"].to_numpy(np.int64)
    return with_labels(table, load_labels(path, given, num_classes))


def labels_npz(corrected: pd.DataFrame) -> bytes:
    """`labels` uint8 or int64 (N,), `given_labels` alike and `usable` bool (N,)."""
    found = usable(corrected)
    small = np.uint8 if found.labels.max(initial=0) <= 255 else np.int64
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        labels=found.labels.astype(small),
        given_labels=corrected["given_label"].to_numpy(small),
        usable=found.usable,
    )
    return buffer.getvalue()


def load_labels(path: Path, given: np.ndarray, num_classes: int) -> Labels:
    """Labels of the data set whose labels came as `given`, from a `.csv` or `.npz` file.

    CSV: a header with `index` and `label`, and each index once in any order; `status` and
    `given_label` are read if they are there. NPZ: `labels` in the order of the data, and
    `usable` if it is there.

    Args:
        path: The file.
        given: Labels as they came (N,): the file must have as many, and fit their
            `given_label` if it has that.
        num_classes: K.

    Raises:
        FileNotFoundError: no such file.
        ValueError: another ending, a broken file, a wrong number of labels, an unknown class, an
            index twice; one line that names the file and what it holds.
    """
    readers = {".csv": _read_csv, ".npz": _read_npz}
    if path.suffix not in readers:
        raise ValueError(f"{path} must end in .csv or .npz")
    if not path.is_file():
        raise FileNotFoundError(f"{path} is no file")
    frame = readers[path.suffix](path)
    if len(frame) != len(given):
        raise ValueError(f"{path} holds {len(frame)} labels where the data set has {len(given)}")
    unknown = frame.loc[(frame["label"] < 0) | (frame["label"] >= num_classes), "label"]
    if len(unknown):
        raise ValueError(
            f"{path} has the unknown class {unknown.iloc[0]} at index {unknown.index[0]};"
            f" classes are 0 to {num_classes - 1}"
        )
    if "given_label" in frame and (frame["given_label"].to_numpy() != given).any():
        raise ValueError(f"{path} was made for another data set: its given labels differ")
    return Labels(frame["label"].to_numpy(np.int64), frame["usable"].to_numpy(bool))


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        text = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, OSError) as error:  # pandas' own errors are ValueErrors
        raise ValueError(f"{path} is no CSV file: {error}") from error
    if not {"index", "label"} <= set(text.columns):
        raise ValueError(f"{path} must have the columns index and label, it has {[*text.columns]}")
    numbers = [name for name in ("index", "label", "given_label") if name in text]
    frame = pd.DataFrame({name: _whole_numbers(text[name], path) for name in numbers})
    status = text.get("status", pd.Series("as given", index=text.index))
    strange = status[~status.isin(STATUSES)]
    if len(strange):
        raise ValueError(f"{path} has the unknown status {strange.iloc[0]!r}")
    twice = frame.loc[frame["index"].duplicated(), "index"]
    if len(twice):
        raise ValueError(f"{path} has the index {twice.iloc[0]} more than once")
    if (beyond := frame.loc[frame["index"] >= len(frame), "index"]).any():
        raise ValueError(f"{path} has the index {beyond.iloc[0]} but only {len(frame)} labels")
    return frame.assign(usable=~status.isin(NOT_USABLE)).set_index("index").sort_index()


def _whole_numbers(text: pd.Series, path: Path) -> pd.Series:
    strange = text[~text.str.fullmatch(r"[0-9]{1,9}")]
    if len(strange):
        where = f"line {strange.index[0] + 2}, column {text.name}"
        raise ValueError(f"{path}, {where}: {strange.iloc[0]!r} is no whole number")
    return text.astype(np.int64)


def _read_npz(path: Path) -> pd.DataFrame:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in ("labels", "given_labels", "usable")
                      if name in archive}  # fmt: skip
    except (ValueError, OSError, EOFError, TypeError, BadZipFile, zlib.error) as error:
        raise ValueError(f"{path} is no NPZ file of numbers, or a damaged one") from error
    labels = arrays.get("labels")
    if labels is None or labels.ndim != 1 or labels.dtype.kind not in "iu":
        found = "none" if labels is None else f"{labels.dtype} {labels.shape}"
        raise ValueError(f"{path} must hold whole numbers (N,) as labels, it has {found}")
    fit = arrays.get("usable", np.ones(len(labels), bool))
    if fit.shape != labels.shape or fit.dtype != bool:
        raise ValueError(
            f"{path} must hold bool {labels.shape} as usable, it has {fit.dtype} {fit.shape}"
        )
    frame = pd.DataFrame({"label": labels.astype(np.int64), "usable": fit})
    given = arrays.get("given_labels")
    if given is not None and given.shape != labels.shape:
        raise ValueError(f"{path} has {len(labels)} labels but given_labels of shape {given.shape}")
    return frame if given is None else frame.assign(given_label=given)
