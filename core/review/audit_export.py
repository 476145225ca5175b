"""What a reviewer takes away: tables safe to open in a spreadsheet, and the images themselves."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pandas as pd

from core.study.images import Images
from core.study.pngs import png
from core.study.spreadsheets import harmless_csv

_UNSAFE = r"[^0-9A-Za-z_-]"  # no dot either: "..", and names that some systems reserve
_LONGEST = 80


def log_csv(log: pd.DataFrame) -> str:
    """The decision log, from `load_log`, as CSV; scores as JSON, times in ISO 8601."""
    return harmless_csv(_flat(log), index=False)


def log_parquet(log: pd.DataFrame) -> bytes:
    """The decision log as Parquet, its text as it was typed; scores as JSON."""
    buffer = io.BytesIO()
    log.assign(scores=log["scores"].map(_json)).to_parquet(buffer, index=False)
    return buffer.getvalue()


def reviewed_zip(images: Images, corrected: pd.DataFrame) -> bytes:
    """A ZIP of the reviewed images as PNG, in one folder a status, and the labels as CSV.

    The column `file` of labels.csv names the picture of each id, since not every id can be the
    name of a file.

    Args:
        images: Of the N items.
        corrected: The table of core.review.labels.correct_labels of them.
    """
    rows = np.flatnonzero(corrected["status"] != "as given")
    reviewed = corrected.iloc[rows]
    reviewed = reviewed.assign(file=_file_names(reviewed))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("labels.csv", harmless_csv(reviewed))
        for name, row in zip(reviewed["file"], rows.tolist(), strict=True):
            archive.writestr(name, png(images.image(row)))
    return buffer.getvalue()


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
