"""What labels are made of: codes with their names, and texts and numbers as names."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np
import pyarrow as pa

_WHOLE = re.compile("-?[0-9]{1,18}")
_NONE = frozenset({"", "-1", "nan", "NaN", "None", "null", "<NA>"})
SIGNS = frozenset({"-1", "1"})
"""The two classes of a support vector machine; beside others, -1 is no label."""


class Classes(NamedTuple):
    """What is known of the classes before the labels are read.

    Attributes:
        num: K; None where only labels and answers can tell.
        names: Of the columns or from a list; None where the columns have none.
        are_numbers: Whether the names are nothing but the columns' numbers.
        columns: The columns as they are called in the table.
    """

    num: int | None = None
    names: tuple[str, ...] | None = None
    are_numbers: bool = False
    columns: tuple[str, ...] = ()


class Coded(NamedTuple):
    """Class codes int32 (N,), UNLABELLED where not known, and the K names."""

    codes: np.ndarray
    names: tuple[str, ...]


def text_of(value: object) -> str:
    """A label's value as text: 3.0 is "3", nothing is ""."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def distinct(values: pa.Array) -> list[str]:
    """The values there are, as text, in the order in which they are first seen."""
    if (numbers := whole_numbers(values)) is not None:
        _, first = np.unique(numbers, return_index=True)
        seen = numbers[np.sort(first)].tolist()
    else:
        seen = values.unique().to_pylist()
    found = dict.fromkeys(text_of(value) for value in seen)
    texts = [text for text in found if text not in _NONE]
    return sorted(SIGNS) if texts == ["1"] and "-1" in found else texts


def whole_numbers(values: pa.Array | pa.ChunkedArray) -> np.ndarray | None:
    """Whole numbers without a gap; what Arrow does with all else waits for pandas."""
    if not isinstance(values, pa.Array) or not pa.types.is_integer(values.type):
        return None
    if values.null_count or not len(values):
        return None
    kind = np.dtype(str(values.type))
    return np.frombuffer(values.buffers()[1], kind, len(values), values.offset * kind.itemsize)


def sorted_names(texts: list[str]) -> list[str]:
    """Names in their order: numbers by value, others by letter."""
    if all(is_whole(text) for text in texts):
        return sorted(texts, key=int)
    return sorted(texts)


def is_whole(text: str) -> bool:
    """Whether a text is a whole number, of no more digits than 64 bits hold."""
    return _WHOLE.fullmatch(text) is not None
