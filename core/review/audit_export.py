"""What a reviewer downloads: tables safe to open in a spreadsheet, and the images themselves."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import numpy as np
import pandas as pd

from core.measures.export_files import packed_pieces
from core.study.images import Images
from core.study.spreadsheets import harmless_csv

_UNSAFE = r"[^0-9A-Za-z_-]"  # no dot either: "..", and names that some systems reserve
_LONGEST = 80
_A_PIECE = 20_000
"""Rows of a table that are text at once."""


def labels_csv(corrected: pd.DataFrame) -> Iterator[bytes]:
    """The table of core.review.labels.correct_labels as CSV, piece by piece."""
    return _csv(corrected, index=True)


def log_csv(log: pd.DataFrame) -> Iterator[bytes]:
    """The decision log, from `load_log`, as CSV in pieces; scores as JSON, times in ISO 8601."""
    return _csv(_flat(log), index=False)


def _csv(table: pd.DataFrame, index: bool) -> Iterator[bytes]:
    for start in range(0, max(len(table), 1), _A_PIECE):
        piece = table.iloc[start : start + _A_PIECE]
        yield harmless_csv(piece, index=index, header=start == 0).encode()


def log_parquet(log: pd.DataFrame) -> bytes:
    """The decision log as Parquet, its text as it was typed; scores as JSON."""
    buffer = io.BytesIO()
    log.assign(scores=log["scores"].map(_json)).to_parquet(buffer, index=False)
    return buffer.getvalue()


def reviewed_zip(images: Images, corrected: pd.DataFrame) -> Iterator[bytes]:
    """A ZIP of the reviewed images as PNG, in one folder a status, and the labels as CSV.

    It comes piece by piece. The column `file` of labels.csv names the picture of each id, since not
    every id can be the name of a file.

    Args:
        images: Of the N items.
        corrected: The table of core.review.labels.correct_labels of them.
    """
    rows = np.flatnonzero(corrected["status"] != "as given")
    reviewed = corrected.iloc[rows]
    reviewed = reviewed.assign(file=_file_names(reviewed))
    pictures = zip(reviewed["file"], rows.tolist(), strict=True)
    return packed_pieces("labels.csv", labels_csv(reviewed), images, pictures)


def _file_names(reviewed: pd.DataFrame) -> pd.Series:
    """STATUS/PLACE-ID-label-GIVEN-to-LABEL.png; the place keeps apart ids that look alike here."""
    place = pd.Series(range(len(reviewed)), index=reviewed.index).astype(str).str.zfill(5)
    ids = reviewed.index.to_series().str.replace(_UNSAFE, "_", regex=True).str[:_LONGEST]
    return (
        reviewed["status"].str.replace(" ", "-") + "/" + place + "-" + ids
        + "-label-" + reviewed["given_label"].astype(str)
        + "-to-" + reviewed["label"].astype(str) + ".png"
    )  # fmt: skip


def _flat(log: pd.DataFrame) -> pd.DataFrame:
    times = log["time"].dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return log.assign(scores=log["scores"].map(_json), time=times)


def _json(scores: object) -> str:
    return json.dumps(scores, sort_keys=True)
