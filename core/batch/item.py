"""One row of an input: its picture, its id and its label."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from core.pictures.decoded_pictures import decode_picture


class Item(NamedTuple):
    """One row of the input.

    Attributes:
        id: Unique in the input.
        picture: uint8 (H, W) or (H, W, 3); None where it cannot be read.
        label: A class code, -1 where it is not known.
        problem: Why it cannot be read, in a sentence; empty if it can.
        path: Relative to the input's folder, of a picture that is a file of its own.
    """

    id: str
    picture: np.ndarray | None
    label: int
    problem: str = ""
    path: str = ""


def decoded(id: str, content: Any, label: int, path: str = "") -> Item:
    """The row of a picture file's bytes; with its problem where they are none."""
    if not isinstance(content, bytes):
        return Item(id, None, label, f"{id} holds no picture.", path)
    try:
        return Item(id, decode_picture(content, id), label, "", path)
    except ValueError as error:
        return Item(id, None, label, str(error), path)


def code_of(cell: Any, codes: dict[str, int]) -> int:
    """A label as a class code: a name, or a number in range; -1 for anything else."""
    text = str(cell).strip() if cell is not None else ""
    if text in codes:
        return codes[text]
    whole = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
    return whole if whole < len(codes) else -1
