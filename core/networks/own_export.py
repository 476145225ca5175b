"""One's own digits as files: a table safe in a spreadsheet, and the pictures."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pandas as pd

from core.study.pngs import png
from core.study.spreadsheets import harmless_csv


def own_csv(table: pd.DataFrame) -> bytes:
    """The table as CSV; a file's name that a spreadsheet would compute is made harmless."""
    return harmless_csv(table).encode()


def own_parquet(table: pd.DataFrame) -> bytes:
    """The table as Parquet, names as they were."""
    buffer = io.BytesIO()
    table.to_parquet(buffer)
    return buffer.getvalue()


def own_zip(images: np.ndarray, table: pd.DataFrame) -> bytes:
    """The table as CSV and each row's image as `<index>.png`: no name in it comes from a person.

    Args:
        images: uint8 (N, H, W); the table's index counts into it.
        table: Rows of their score table.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("table.csv", own_csv(table), compress_type=zipfile.ZIP_DEFLATED)
        for index in table.index:
            archive.writestr(f"{index}.png", png(images[index]))
    return buffer.getvalue()
