"""A study's pictures: arrays, encoded in the items' table, or files below a folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from core.pictures.decoded_pictures import MOST_BYTES, decode_picture
from core.stored.item_table import ItemTable
from core.study.study_error import StudyError
from core.study.thumbnails import on_squares

_BLANK = np.zeros((1, 1), np.uint8)
_LONGEST_NAME = 120


class ArrayImages:
    """Pictures of one size, memory-mapped.

    Args:
        read: Gives uint8 (N, H, W) or (N, H, W, 3).
        num_items: N.
    """

    def __init__(self, read: Callable[[], np.ndarray], num_items: int) -> None:
        self._read, self._num_items = read, num_items

    def __len__(self) -> int:
        return self._num_items

    def image(self, row: int) -> np.ndarray:
        """One picture, uint8 (H, W) or (H, W, 3)."""
        _check_row(row, self._num_items)
        return np.array(self._pictures[row])

    def thumbnails(self, rows: Sequence[int] | np.ndarray, size: int) -> np.ndarray:
        """Some pictures on squares of `size` pixels, as `core.study.images` says."""
        return on_squares([self.image(int(row)) for row in rows], size)

    @cached_property
    def _pictures(self) -> np.ndarray:
        return self._read()


class _CellImages(ABC):
    """Pictures that a column of the items' table holds or names.

    Args:
        items: The table.
        column: Its column.
        num_items: N.
    """

    def __init__(self, items: ItemTable, column: str, num_items: int) -> None:
        self._items, self._column, self._num_items = items, column, num_items

    def __len__(self) -> int:
        return self._num_items

    def image(self, row: int) -> np.ndarray:
        """One picture as it is.

        Raises:
            ValueError: it is missing, no picture, or outside its folder.
        """
        _check_row(row, self._num_items)
        (cell,) = self._cells(np.array([row]))
        return self._decoded(cell, row)

    def thumbnails(self, rows: Sequence[int] | np.ndarray, size: int) -> np.ndarray:
        """Some pictures on squares of `size` pixels, as `core.study.images` says."""
        places = np.asarray(rows, np.int64)
        cells = zip(self._cells(places), places.tolist(), strict=True)
        return on_squares([_or_blank(self._decoded, cell, row, size) for cell, row in cells], size)

    def _cells(self, rows: np.ndarray) -> Iterator[object]:
        return (cell.as_py() for cell in self._items.read([self._column], rows)[self._column])

    @abstractmethod
    def _decoded(self, cell: object, row: int, longest: int | None = None) -> np.ndarray:
        """One picture; `longest` is a side in pixels that is enough."""


class EncodedImages(_CellImages):
    """Pictures as PNG, JPEG … in a column of bytes."""

    def _decoded(self, cell: object, row: int, longest: int | None = None) -> np.ndarray:
        if not isinstance(cell, bytes):
            raise ValueError(f"Row {row} holds no picture.")
        return decode_picture(cell, f"The picture of row {row}", longest)


class FileImages(_CellImages):
    """Pictures in files below a folder, which stay where they are.

    Args:
        items: The table.
        column: Its column of paths, relative to the folder.
        num_items: N.
        root: The folder; None where the study came here without it.
    """

    def __init__(self, items: ItemTable, column: str, num_items: int, root: Path | None) -> None:
        super().__init__(items, column, num_items)
        self._root = root

    def _decoded(self, cell: object, row: int, longest: int | None = None) -> np.ndarray:
        name = f"The picture {_shown(cell)} of row {row}"
        path = self._path(cell, name)
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise ValueError(f"{name} cannot be read.") from error
        return decode_picture(content, name, longest)

    def _path(self, cell: object, name: str) -> Path:
        """Where the file lies, links followed: inside the folder, or not at all."""
        if self._root is None:
            raise ValueError(
                "The pictures' folder did not come with this study; open its files anew with"
                " --images."
            )
        if not isinstance(cell, str) or not cell:
            raise ValueError(f"{name} has no path.")
        try:
            path = (self._root / cell).resolve()
            inside = path.is_relative_to(self._root.resolve())
            found = inside and path.is_file()  # no device, no pipe
        except (OSError, ValueError, RuntimeError):  # a null byte, a loop of links
            inside, found = True, False
        if not inside:
            raise ValueError(f"{name} lies outside {self._root}.")
        if not found:
            raise ValueError(f"{name} is not in {self._root}.")
        return path


def _shown(cell: object) -> str:
    text = repr(cell)
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"


def _or_blank(
    decode: Callable[[object, int, int], np.ndarray], cell: object, row: int, size: int
) -> np.ndarray:
    try:
        return decode(cell, row, size)
    except StudyError:
        raise
    except ValueError:
        return _BLANK


def _check_row(row: int, num_items: int) -> None:
    if not 0 <= row < num_items:
        raise IndexError(f"there is no picture {row}, only 0 to {num_items - 1}")
