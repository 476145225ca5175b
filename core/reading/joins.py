"""Rows of several files put together: by ids where both have them, else by order."""

from __future__ import annotations

from pathlib import PurePosixPath

import numpy as np
import pyarrow as pa

from core.reading.errors import ReadingError, counted, listed
from core.reading.fields import Column
from core.reading.report import Report


def unique_ids(ids: Column, file: str) -> pa.StringArray:
    """The ids, each on one row only.

    Raises:
        ReadingError: an id is missing or stands on two rows; names them.
    """
    if ids.values.null_count:
        row = int(np.flatnonzero(ids.values.is_null().to_numpy(zero_copy_only=False))[0])
        raise ReadingError(
            f"{file}, row {row:,}: the id in {ids.name!r} is empty; fill it in, "
            "or name another column with --id (or --id none)."
        )
    if len(ids.values.unique()) < len(ids.values):
        first, second, name = _twice(ids.values)
        raise ReadingError(
            f"{file}: the id {name!r} in {ids.name!r} is on rows {first:,} and {second:,}; "
            "make ids unique, or name another column with --id (or --id none)."
        )
    return ids.values


def _twice(values: pa.StringArray) -> tuple[int, int, str]:
    seen: dict[str, int] = {}
    for row, name in enumerate(values.to_pylist()):
        if name in seen:
            return seen[name], row, name
        seen[name] = row
    return 0, 0, ""


def places(wanted: pa.StringArray, ids: Column, file: str, report: Report) -> np.ndarray:
    """The rows of `ids` that hold the ids wanted, int64 (N,); -1 where there is none.

    Names of files match without folders and endings where none matches as it stands.

    Raises:
        ReadingError: no id matches.
    """
    here = unique_ids(ids, file)
    found = _index(wanted, here)
    if (found < 0).all():
        found = _by_stem(wanted, here)
        if (found >= 0).any():
            report.add("joined", file, "ids compared without folders and file endings")
    if (found < 0).all():
        raise ReadingError(
            f"{file}: none of its ids in {ids.name!r} ({listed(here[:2].to_pylist())}) is among "
            f"the others' ({listed(wanted[:2].to_pylist())}); name the right column with --id."
        )
    return found


def _index(wanted: pa.Array, here: pa.Array) -> np.ndarray:
    import pyarrow.compute as pc  # noqa: PLC0415 - slow, and of no use to arrays in their order

    return pc.index_in(wanted, value_set=here).fill_null(-1).to_numpy().astype(np.int64)


def _by_stem(wanted: pa.StringArray, here: pa.StringArray) -> np.ndarray:
    stems, others = _stems(wanted), _stems(here)
    if len(set(stems)) < len(stems) or len(set(others)) < len(others):
        return np.full(len(wanted), -1)
    return _index(pa.array(stems), pa.array(others))


def _stems(ids: pa.StringArray) -> list[str]:
    return [PurePosixPath(name.replace("\\", "/")).stem for name in ids.to_pylist()]


def say_joined(
    found: np.ndarray, wanted: pa.StringArray, num_there: int, file: str, report: Report
) -> None:
    """Put down how many ids matched, and which did not."""
    missing = np.flatnonzero(found < 0)
    report.add("joined", file, "joined by id", len(found) - len(missing), len(found))
    if missing.size:
        examples = tuple(wanted.take(pa.array(missing[:5])).to_pylist())
        report.add("noted", file, f"{counted(missing.size, 'id')} not in it", examples=examples)
    if (extra := num_there - (len(found) - len(missing))) > 0:
        report.add("set aside", file, f"{counted(extra, 'row')} whose id no prediction has")


def same_number(num_rows: int, num_items: int, file: str, other: str) -> None:
    """Raise where two files without common ids differ in their number of rows.

    Raises:
        ReadingError: names both files and both numbers.
    """
    if num_rows != num_items:
        raise ReadingError(
            f"{file} has {counted(num_rows, 'row')} and {other} has {num_items:,}; "
            "give both an id column, or the same rows in the same order."
        )
