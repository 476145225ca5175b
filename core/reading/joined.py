"""All files on the same rows: which row of each file is which item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from core.reading.arrangement import Arranged
from core.reading.errors import ReadingError, counted
from core.reading.fields import Column, Fields
from core.reading.joins import places, same_number, say_joined, unique_ids
from core.reading.members import by_members
from core.reading.questions import Desk
from core.reading.report import Report


@dataclass
class Joined:
    """The items and where each file has them.

    Attributes:
        num_items: N.
        ids: Of the items, if any file names them.
        rows: By the file's identity: its row of each item, -1 where it has none; None where the
            rows are the items in their order.
        values: By the file's identity: its scores (S, n, K), before the rows are taken.
    """

    num_items: int
    ids: pa.StringArray | None
    rows: dict[int, np.ndarray | None]
    values: dict[int, np.ndarray]

    def of(self, file: Fields) -> np.ndarray | None:
        """A file's row of each item."""
        return self.rows.get(id(file))

    def column(self, file: Fields, column: Column) -> pa.Array:
        """A column of a file in the order of the items, null where the file has none."""
        return taken(column.values, self.of(file))

    def matrix(self, file: Fields, values: np.ndarray) -> np.ndarray:
        """A matrix of a file in the order of the items, NaN where the file has none."""
        rows = self.of(file)
        if rows is None:
            return values
        found = np.asarray(values)[rows]
        if (rows < 0).any():
            found = found.astype(np.result_type(found.dtype, np.float32))
            found[rows < 0] = np.nan
        return found


def taken(values: pa.Array | pa.ChunkedArray, rows: np.ndarray | None) -> pa.Array:
    """Rows of an Arrow column, null where the row is -1."""
    if rows is None:
        return values
    return values.take(pa.array(rows, pa.int64(), mask=rows < 0))


def join(arranged: Arranged, desk: Desk) -> Joined:
    """Find every file's rows.

    Raises:
        ReadingError: ids repeat or never match, or numbers of rows differ.
    """
    speaking = [file for files in arranged.models.values() for file in files]
    others = [*arranged.truth, *(o for o in arranged.others if o.class_names is None)]
    values = _values(speaking, others, desk)
    anchor = next((file for file in speaking if file.ids), speaking[0])
    wanted, namer = _wanted(anchor, others)
    num_items = anchor.num_rows if wanted is None else len(wanted)
    rows: dict[int, np.ndarray | None] = {}
    for file in [*speaking, *others]:
        rows[id(file)] = _rows(file, wanted, num_items, anchor, namer, desk.report)
    joined = Joined(num_items, wanted, rows, values)
    _keep_common(joined, speaking, desk.report)
    return joined


def _values(speaking: list[Fields], others: list[Fields], desk: Desk) -> dict[int, np.ndarray]:
    found = {}
    for file in speaking:
        if not file.scores:
            continue
        found[id(file)] = by_members(file.scores[0], _number_told(file, others), file.file, desk)
        file.num_rows = found[id(file)].shape[1]
        _fitting(file, desk.report)
    return found


def _fitting(file: Fields, report: Report) -> None:
    """Hold everything else in a file to the number of its scores."""
    columns = (file.ids, *file.labels, file.answers, file.number)
    for column in (column for column in columns if column is not None):
        told = f"{file.file}, {column.name!r},"
        same_number(len(column.values), file.num_rows, told, "its scores")
    if file.rest is not None and file.rest.num_rows != file.num_rows:
        names = tuple(file.rest.column_names[:5])
        report.add("set aside", file.file, "columns of another length than the scores",
                   examples=names)  # fmt: skip
        file.rest = None
    if file.features is not None and len(file.features) != file.num_rows:
        report.add("set aside", file.file, "features of another number of rows than the scores")
        file.features = None


def _number_told(file: Fields, others: list[Fields]) -> int | None:
    """N as ids or labels tell it, in the file or beside it."""
    for column in (file.ids, *file.labels[:1], file.answers):
        if column is not None:
            return len(column.values)
    if file.label_matrix is not None:
        return len(file.label_matrix.values)
    told = [_length(other) for other in others]
    return next((number for number in told if number), None)


def _length(file: Fields) -> int:
    if file.label_matrix is not None:
        return len(file.label_matrix.values)
    if file.labels:
        return len(file.labels[0].values)
    return len(file.ids.values) if file.ids else file.num_rows


def _wanted(anchor: Fields, others: list[Fields]) -> tuple[pa.StringArray | None, Fields]:
    """The items' ids, and the file they come from."""
    if anchor.ids:
        return unique_ids(anchor.ids, anchor.file), anchor
    for other in others:
        if other.ids and len(other.ids.values) == anchor.num_rows:
            return unique_ids(other.ids, other.file), other
    return None, anchor


def _rows(
    file: Fields, wanted: pa.StringArray | None, num_items: int, anchor: Fields, namer: Fields,
    report: Report,
) -> np.ndarray | None:  # fmt: skip
    if file is anchor or file is namer:
        return None
    if file.ids and wanted is not None and (anchor.ids or not file.predicts):
        found = places(wanted, file.ids, file.file, report)
        say_joined(found, wanted, len(file.ids.values), file.file, report)
        return None if np.array_equal(found, np.arange(len(file.ids.values))) else found
    number = file.num_rows if file.predicts else _number_of(file)
    if number:
        same_number(number, num_items, file.file, anchor.file)
        report.add("joined", file.file, "joined by order: no ids on both sides", number, num_items)
    return None


def _number_of(file: Fields) -> int:
    if file.features is not None and not file.num_rows:
        return len(file.features)
    return _length(file)


def _keep_common(joined: Joined, speaking: list[Fields], report: Report) -> None:
    """Leave out the items that some model says nothing of."""
    keep = np.ones(joined.num_items, bool)
    for file in speaking:
        if (rows := joined.of(file)) is not None:
            keep &= rows >= 0
    if keep.all():
        return
    if not keep.any():
        raise ReadingError("no item is in all files; give files of the same items.")
    assert joined.ids is not None  # noqa: S101 - rows differ only where ids were compared
    lost = joined.ids.filter(pa.array(~keep))
    report.add("set aside", "", f"{counted(len(lost), 'item')} that not every file has",
               len(lost), joined.num_items, tuple(lost[:5].to_pylist()))  # fmt: skip
    restrict(joined, keep)


def restrict(joined: Joined, keep: np.ndarray) -> None:
    """Leave only some items; those without a name are called by their row from then on."""
    chosen = np.flatnonzero(keep)
    joined.rows = {key: chosen if rows is None else rows[chosen]
                   for key, rows in joined.rows.items()}  # fmt: skip
    names = (
        pa.array([str(row) for row in range(joined.num_items)])
        if joined.ids is None
        else joined.ids
    )
    joined.ids = names.take(pa.array(chosen))
    joined.num_items = len(chosen)
