"""Tables and pictures as files that are sent while they are made: never whole in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.study.images import Images
from core.study.pngs import png
from core.study.spreadsheets import harmless_csv

Part = tuple[np.ndarray, pd.DataFrame]
"""Row numbers and their table, see `core.measures.export_table.export_parts`."""


class _Outlet(io.RawIOBase):
    """A file that is only written to, and gives up what was written."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:  # any buffer
        self._written.append(bytes(content))
        return len(self._written[-1])

    def taken(self) -> bytes:
        """What was written since the last time."""
        found, self._written = b"".join(self._written), []
        return found


def csv_pieces(parts: Iterable[Part]) -> Iterator[bytes]:
    """A table as CSV that is safe to open in a spreadsheet, in UTF-8."""
    for number, (_, table) in enumerate(parts):
        yield harmless_csv(table, header=number == 0).encode()


def parquet_pieces(parts: Iterable[Part]) -> Iterator[bytes]:
    """A table as Parquet, a row group a part."""
    outlet, schema, writer = _Outlet(), None, None
    for _, table in parts:
        found = pa.Table.from_pandas(table, schema=schema)
        if writer is None:
            schema = found.schema
            writer = pq.ParquetWriter(outlet, schema)
        writer.write_table(found)
        yield outlet.taken()
    if writer is not None:
        writer.close()
    yield outlet.taken()


def zip_pieces(images: Images, parts: Iterable[Part]) -> Iterator[bytes]:
    """A ZIP with the table as `table.csv` and the pictures of its rows as `<row>.png`.

    No name in it comes from the data. A picture that cannot be read is left out: the table still
    has its row, with the picture's name in a column.
    """
    all_rows: list[np.ndarray] = []

    def named() -> Iterator[Part]:
        for rows, table in parts:
            all_rows.append(rows)
            yield rows, table.assign(picture=[f"{row}.png" for row in rows])

    def pictures() -> Iterator[tuple[str, int]]:
        for row in np.concatenate(all_rows) if all_rows else ():
            yield f"{row}.png", int(row)

    return packed_pieces("table.csv", csv_pieces(named()), images, pictures())


def packed_pieces(
    name: str, table: Iterable[bytes], images: Images, pictures: Iterable[tuple[str, int]]
) -> Iterator[bytes]:
    """A ZIP with a table, and after it pictures as PNG; one that cannot be read is left out.

    Args:
        name: Of the table in the ZIP.
        table: Its pieces.
        images: Of all items.
        pictures: Names in the ZIP, and whose row each is; asked for after the table.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as file:
            for piece in table:
                file.write(piece)
                yield outlet.taken()
        for picture, row in pictures:
            with suppress(ValueError):
                archive.writestr(picture, png(images.image(row)))
            yield outlet.taken()
    yield outlet.taken()
