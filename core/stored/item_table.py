"""The items of a study in Parquet, a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.stored.folder_layout import ID, LABEL, ROW
from core.study.dataset import UNLABELLED
from core.study.ids import Ids, NamedIds, RowIds
from core.study.study_error import StudyError, place_of, unreadable


class ItemTable:
    """The items' file, read a few rows at a time; the further columns' `Details`.

    Args:
        path: Of the file.
        num_items: Rows it must have.
        names: The further columns that are shown.
        text: The one of them that holds the items' text.

    Raises:
        StudyError: at once or on reading: the file is missing, cut, foreign or lacks a column.
    """

    def __init__(
        self, path: Path, num_items: int, names: Sequence[str] = (), text: str | None = None
    ) -> None:
        self.path, self.names, self.text = path, tuple(names), text
        self._num_items = num_items
        _ = self._metadata  # checks the number of rows
        for name in (*self.names, *((text,) if text else ())):
            self.check_column(name)

    def take(self, rows: Sequence[int] | np.ndarray) -> pd.DataFrame:
        """These rows of the further columns, in the order of `rows`; its index is `rows`."""
        places = np.asarray(rows, np.int64)
        index = pd.Index(places, name=ROW)
        if not self.names:
            return pd.DataFrame(index=index)
        return self.read(self.names, places).to_pandas().set_index(index)

    def read(self, columns: Sequence[str], rows: np.ndarray) -> pa.Table:
        """Some rows int64 (n,) of some columns, in the order of `rows`.

        Raises:
            IndexError: a row that is not 0 to N - 1.
            StudyError: see the class.
        """
        if len(rows) and not 0 <= rows.min() <= rows.max() < self._num_items:
            raise IndexError(f"there are rows 0 to {self._num_items - 1} only")
        if not len(rows):
            return self._schema(columns).empty_table()
        order = np.argsort(rows, kind="stable")
        parts = list(self._parts(list(columns), rows[order]))
        back = np.empty(len(rows), np.int64)
        back[order] = np.arange(len(rows))
        return pa.concat_tables(parts).take(pa.array(back))

    def check_column(self, name: str) -> None:
        """Raises StudyError where there is no such column."""
        if name not in self._metadata.schema.to_arrow_schema().names:
            raise StudyError(
                f"{place_of(self.path)} lacks the column {name!r}; open the study's files anew."
            )

    def whole(self, column: str, kind: pa.DataType) -> pa.Array:
        """One column of all rows.

        Raises:
            StudyError: it is not of that kind; and see the class.
        """
        self.check_column(column)
        if self._schema([column]).field(0).type != kind:
            raise StudyError(f"{place_of(self.path)} holds {column!r} as another type than {kind}.")
        with self._opened() as file:
            return file.read([column], use_threads=False)[column].combine_chunks()

    def ids(self, named: bool) -> Ids:
        """The items' ids; without names the row numbers."""
        if not named:
            return RowIds(self._num_items)
        names = self.whole(ID, pa.string())
        if names.null_count:
            raise StudyError(f"{place_of(self.path)} lacks the id of a row.")
        try:
            return NamedIds(names)
        except ValueError as error:
            raise StudyError(f"{place_of(self.path)} cannot be used: {error}.") from error

    def labels(self, num_classes: int) -> np.ndarray:
        """Class codes int32 (N,), UNLABELLED where not known."""
        codes = self.whole(LABEL, pa.int32()).fill_null(UNLABELLED).to_numpy()
        if len(codes) and not UNLABELLED <= codes.min() <= codes.max() < num_classes:
            raise StudyError(
                f"{place_of(self.path)} holds a label that is none of {num_classes} classes."
            )
        return codes

    def _parts(self, columns: list[str], ascending: np.ndarray) -> Iterator[pa.Table]:
        """The asked rows of one row group after another."""
        groups = np.searchsorted(self._ends, ascending, side="right")
        starts = np.concatenate([[0], self._ends])
        with self._opened() as file:
            for group in np.unique(groups):
                local = ascending[groups == group] - starts[group]
                found = file.read_row_group(int(group), columns, use_threads=False)
                yield found.select(columns).take(pa.array(local))

    def _schema(self, columns: Sequence[str]) -> pa.Schema:
        schema = self._metadata.schema.to_arrow_schema()
        return pa.schema([schema.field(name) for name in columns])

    def _opened(self) -> _Opened:
        return _Opened(self.path, self._metadata)

    @cached_property
    def _metadata(self) -> pq.FileMetaData:
        with _Opened(self.path, None) as file:
            found = file.metadata
        if found.num_rows != self._num_items:
            raise StudyError(
                f"{place_of(self.path)} holds {found.num_rows} rows and not {self._num_items};"
                " open the study's files anew."
            )
        return found

    @cached_property
    def _ends(self) -> np.ndarray:
        """The row after each row group's last, int64."""
        groups = range(self._metadata.num_row_groups)
        return np.cumsum([self._metadata.row_group(group).num_rows for group in groups])


class _Opened:
    """The Parquet file for one reading, what goes wrong with it in one sentence."""

    def __init__(self, path: Path, metadata: pq.FileMetaData | None) -> None:
        self._path, self._metadata = path, metadata

    def __enter__(self) -> pq.ParquetFile:
        try:
            self._file = pq.ParquetFile(self._path, metadata=self._metadata)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._sentence(error) from error
        return self._file

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._file.close()
        if isinstance(error, pa.ArrowException | OSError):
            raise self._sentence(error) from error

    def _sentence(self, error: BaseException) -> StudyError:
        if isinstance(error, FileNotFoundError | PermissionError):
            return unreadable(self._path, error)
        return StudyError(
            f"{place_of(self._path)} is cut off, damaged or no Parquet file;"
            " open the study's files anew."
        )
