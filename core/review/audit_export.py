"""What a reviewer takes away: tables safe to open in a spreadsheet, and the digits themselves."""

from __future__ import annotations

import io
import json
import zipfile

import pandas as pd

from core.study.images import Images
from core.study.pngs import png
from core.study.spreadsheets import harmless_csv


def log_csv(log: pd.DataFrame) -> str:
    """The decision log, from `load_log`, as CSV; scores as JSON, times in ISO 8601."""
    return harmless_csv(_flat(log), index=False)


def log_parquet(log: pd.DataFrame) -> bytes:
    """The decision log as Parquet, its text as it was typed; scores as JSON."""
    buffer = io.BytesIO()
    log.assign(scores=log["scores"].map(_json)).to_parquet(buffer, index=False)
    return buffer.getvalue()


def pictures_zip(images: Images, corrected: pd.DataFrame) -> bytes:
    """A ZIP of the reviewed items' pictures, in one folder a status, and the labels as CSV.

    Args:
        images: Of the whole data set.
        corrected: core.review.labels.correct_labels of them.
    """
    reviewed = corrected[corrected["status"] != "as given"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("labels.csv", harmless_csv(reviewed))
        names = (
            reviewed["status"].str.replace(" ", "-")
            + "/" + reviewed.index.astype(str).str.zfill(5)
            + "-label-" + reviewed["given_label"].astype(str)
            + "-to-" + reviewed["label"].astype(str) + ".png"
        )  # fmt: skip
        for name, row in zip(names, reviewed.index, strict=True):
            archive.writestr(name, png(images.image(int(row))))
    return buffer.getvalue()


def _flat(log: pd.DataFrame) -> pd.DataFrame:
    times = log["time"].dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return log.assign(scores=log["scores"].map(_json), time=times)


def _json(scores: object) -> str:
    return json.dumps(scores, sort_keys=True)
