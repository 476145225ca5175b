"""What names an item outside the program: links, decisions and exports carry ids, never rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pyarrow as pa


class Ids(Protocol):
    """N unique strings in the order of the rows."""

    def __len__(self) -> int:
        """How many items, N."""

    def __getitem__(self, row: int) -> str:
        """The id of a row."""

    def take(self, rows: Iterable[int]) -> list[str]:
        """The ids of some rows, in their order."""

    def row(self, id: str) -> int | None:
        """The row of an id, or None where there is no such item."""


class RowIds:
    """The ids of items that came without any: "0" to "N - 1"."""

    def __init__(self, num_items: int) -> None:
        self._num_items = num_items

    def __len__(self) -> int:
        return self._num_items

    def __getitem__(self, row: int) -> str:
        if not 0 <= row < self._num_items:
            raise IndexError(f"there is no row {row}, only 0 to {self._num_items - 1}")
        return str(int(row))

    def take(self, rows: Iterable[int]) -> list[str]:
        """The ids of some rows, in their order."""
        return [self[row] for row in rows]

    def row(self, id: str) -> int | None:
        """The row of an id; only the plain decimal form is one: "07" names nothing."""
        if not id.isascii() or not id.isdecimal() or len(id) > len(str(self._num_items)):
            return None
        found = int(id)
        return found if found < self._num_items and str(found) == id else None


class NamedIds:
    """Ids as they came with the data.

    Args:
        names: N unique strings, or an Arrow array of them, which is not copied.

    Raises:
        ValueError: an id occurs twice; the message names it and its first two rows.
    """

    def __init__(self, names: Sequence[str] | pa.StringArray) -> None:
        self._names: Any = names if isinstance(names, pa.Array) else pa.array(names, pa.string())
        if len(self._names.unique()) != len(self._names):
            raise ValueError(self._twice())

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, row: int) -> str:
        return self._names[int(row)].as_py()

    def take(self, rows: Iterable[int]) -> list[str]:
        """The ids of some rows, in their order."""
        places = pa.array(np.fromiter(rows, np.int64), pa.int64())
        return self._names.take(places).to_pylist()

    def row(self, id: str) -> int | None:
        """The row of an id, or None where there is no such item."""
        return self._rows.get(id)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self._names.to_pylist())}

    def _twice(self) -> str:
        seen: dict[str, int] = {}
        for row, name in enumerate(self._names.to_pylist()):
            if name in seen:
                return f"the id {name!r} is on row {seen[name]} and on row {row}"
            seen[name] = row
        return "there are null ids"
