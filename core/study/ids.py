"""What names an item outside the program: links, decisions and exports carry ids, never rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

    def rows(self, ids: Sequence[str]) -> list[int | None]:
        """The row of each of many ids."""


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

    def rows(self, ids: Sequence[str]) -> list[int | None]:
        """The row of each of many ids."""
        return [self.row(id) for id in ids]


class NamedIds:
    """Ids as they came with the data.

    They are looked for among all: a table to look a million up in takes 160 MB.

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
        import pyarrow.compute as pc  # noqa: PLC0415 - to open a file needs none of it

        found = pc.index(self._names, id).as_py() if _is_unicode(id) else -1
        return None if found < 0 else found

    def rows(self, ids: Sequence[str]) -> list[int | None]:
        """The row of each of many ids, in one pass over the names."""
        import pyarrow.compute as pc  # noqa: PLC0415 - to open a file needs none of it

        wanted = [id for id in ids if _is_unicode(id)]
        places = pc.index_in(self._names, value_set=pa.array(wanted, self._names.type))
        here = np.flatnonzero(places.is_valid().to_numpy(zero_copy_only=False))
        known = {
            wanted[place]: int(row)
            for place, row in zip(places.take(here).to_pylist(), here, strict=True)
        }
        return [known.get(id) for id in ids]

    def _twice(self) -> str:
        seen: dict[str, int] = {}
        for row, name in enumerate(self._names.to_pylist()):
            if name in seen:
                return f"the id {name!r} is on row {seen[name]} and on row {row}"
            seen[name] = row
        return "there are null ids"


def _is_unicode(text: str) -> bool:
    """Whether a text can be a name at all: half a character, as a link may hold one, cannot."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
