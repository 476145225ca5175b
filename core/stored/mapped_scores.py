"""A large score table's columns beside it on disk, memory-mapped: only what is used is read.

They follow from the table and carry its size and time, so that another table's are never taken for
its own. A folder that cannot be written does without, and so does a study that is sent elsewhere.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd

from core.measures.register import MEASURES
from core.measures.table import IDENTITY, MAP
from core.stored.stored_arrays import read_array, write_array
from core.study.dataset import UNLABELLED
from core.study.study_error import StudyError
from core.study.write_aside import folder_aside, remove_folder, rename_folder, sweep

COLUMNS = ".columns"
LEAST_ROWS = 200_000
"""Smaller tables are read as quickly as their columns are found."""
_OURS = (*IDENTITY, *(measure.column for measure in MEASURES), *MAP)
"""The columns that are kept, in the table's order; a name from elsewhere is no file's name."""
_KINDS = {"label": "i", "prediction": "i", "correct": "i"}
_UNKNOWN = -1


def keep_columns(table: pd.DataFrame, path: Path) -> None:
    """Write the columns of a large table beside its file; nothing if they cannot be written.

    Args:
        table: A score table.
        path: Of its file, which is there.
    """
    if len(table) < LEAST_ROWS:
        return
    with suppress(OSError):
        sweep(path.parent)
        with folder_aside(path.parent) as aside:
            target = aside / _stamp(path)
            target.mkdir()
            for name in (name for name in _OURS if name in table):
                write_array(target / f"{name}.npy", _plain(table, name))
            place = path.with_name(COLUMNS)
            if not rename_folder(aside, place):
                remove_folder(place)  # of an earlier table
                rename_folder(aside, place)


def mapped_columns(path: Path, num_items: int) -> pd.DataFrame | None:
    """The score table over its columns on disk; None where they are not there, cut or another's.

    Args:
        path: Of the table's file.
        num_items: N.

    Raises:
        FileNotFoundError: there is no table.
    """
    if num_items < LEAST_ROWS:
        return None
    folder = path.with_name(COLUMNS) / _stamp(path)
    try:
        here = [name for name in _OURS if (folder / f"{name}.npy").exists()]
        if not set(IDENTITY) <= set(here):
            return None
        arrays = {
            name: read_array(folder / f"{name}.npy", (num_items,), _KINDS.get(name, "f"))
            for name in here
        }
    except (OSError, StudyError):
        return None
    columns = {name: _column(name, np.asarray(array)) for name, array in arrays.items()}
    return pd.DataFrame(columns, index=pd.RangeIndex(num_items, name="index"), copy=False)


def _stamp(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size}-{found.st_mtime_ns}"


def _plain(table: pd.DataFrame, name: str) -> np.ndarray:
    if name == "label":
        kind = table["prediction"].to_numpy().dtype
        return table[name].to_numpy(kind, na_value=UNLABELLED)
    if name == "correct":
        return table[name].to_numpy(np.int8, na_value=_UNKNOWN)
    return table[name].to_numpy()


def _column(name: str, values: np.ndarray) -> object:
    if name == "label":
        return pd.arrays.IntegerArray(values, values == UNLABELLED)
    if name == "correct":
        return pd.arrays.BooleanArray(values == 1, values == _UNKNOWN)
    return values
