"""The classes as the files name them, and the columns of all files in one order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np

from core.reading.containers import Source
from core.reading.dialect import encoding_of
from core.reading.errors import ReadingError, counted, listed
from core.reading.fields import Fields
from core.reading.label_values import Classes, is_whole
from core.reading.scratch import BLOCK_VALUES, allocate

_MOST_BYTES = 2**24
MOST_CLASSES = 50_000


def read_class_names(source: Source) -> tuple[str, ...]:
    """The names in a file: one a line, or a JSON list.

    Raises:
        ReadingError: it is missing, too large, or a name is there twice.
    """
    if not source.path.is_file():
        raise ReadingError(f"{source.name} does not exist; give a file with a class name per line.")
    if source.path.stat().st_size > _MOST_BYTES:
        raise ReadingError(f"{source.name} is too large for class names; give one name per line.")
    text = _text(source).strip("\ufeff \n")
    names = _from_json(text) if text.startswith(("[", "{")) else text.splitlines()
    names = [str(name).strip() for name in names if str(name).strip()]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ReadingError(f"{source.name} names the class {twice!r} twice; make names unique.")
    if not names:
        raise ReadingError(f"{source.name} holds no class names; give one name per line.")
    return tuple(names)


def _text(source: Source) -> str:
    encoding = encoding_of(source.path, source.name)
    try:
        return source.path.read_bytes().decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadingError(
            f"{source.name} holds bytes that are not {encoding.upper()}; save it again as UTF-8."
        ) from error


def _from_json(text: str) -> list[str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text.splitlines()
    if isinstance(found, dict):
        if all(is_whole(key) for key in found):
            return [found[key] for key in sorted(found, key=int)]
        return list(found)
    return list(found)


def classes_of(
    files: Sequence[Fields], values: Mapping[int, np.ndarray], names: tuple[str, ...] | None
) -> Classes:
    """K and the names, the same for all files.

    Args:
        files: Of models.
        values: Their scores (S, N, K) by the files' identity.
        names: Given by a file of names, if there is one.

    Raises:
        ReadingError: there is no class, a file lacks one of another, or their numbers differ.
    """
    with_scores = [file for file in files if file.scores]
    if not with_scores:
        return Classes(len(names) if names else None, names)
    first = next((f for f in with_scores if f.scores[0].classes), with_scores[0])
    num = values[id(first)].shape[2]
    if num == 0:
        raise ReadingError(
            f"{first.file}: the scores have no classes, only empty lists; export them again."
        )
    if num > MOST_CLASSES:
        raise ReadingError(
            f"{first.file} has {num:,} classes; Penumbra reads up to {MOST_CLASSES:,}: "
            "if these are features or rows, name the scores' array or transpose it."
        )
    for file in with_scores:
        _same_classes(file, first, values[id(file)].shape[2], num)
    if names is not None:
        if len(names) != num:
            raise ReadingError(
                f"{first.file} has {num} columns of scores and there are "
                f"{counted(len(names), 'class name')}; give one name per column."
            )
        return Classes(num, names)
    scores = first.scores[0]
    return Classes(num, scores.classes, scores.first is not None, scores.columns or ())


def _same_classes(file: Fields, first: Fields, mine: int, num: int) -> None:
    here, there = file.scores[0].classes, first.scores[0].classes
    if here and there and set(here) != set(there):
        lacking = [name for name in there if name not in here]
        where, other, name = (
            (file, first, lacking[0])
            if lacking
            else (first, file, next(name for name in here if name not in there))
        )
        raise ReadingError(
            f"{where.file} lacks the class {name!r} of {other.file} (it has "
            f"{listed(sorted(where.scores[0].classes or ()), 3)}); give all files the same classes."
        )
    if mine != num:
        raise ReadingError(
            f"{file.file} has {mine} classes and {first.file} has {num}; "
            "give all files the same classes."
        )


def order_of(file: Fields, classes: Classes, files: Sequence[Fields]) -> np.ndarray | None:
    """The columns of a file in the order of the classes; None where they are in it already.

    Args:
        file: With scores.
        classes: Of the study; a list of names tells the order where it names the same columns.
        files: Of all models; the first with named columns tells the order else.
    """
    mine = file.scores[0].classes
    first = next((f.scores[0].classes for f in files if f.scores and f.scores[0].classes), None)
    if mine and classes.names and set(mine) == set(classes.names):
        first = classes.names
    if mine is None or first is None or mine == first:
        return None
    return np.array([mine.index(name) for name in first])


def gather(
    parts: Sequence[np.ndarray], rows: Sequence[np.ndarray | None],
    columns: Sequence[np.ndarray | None], num_items: int, file: str,
) -> np.ndarray:  # fmt: skip
    """Members' scores (S, N, K) from several arrays (s, n, K): a view where there is only one.

    Args:
        parts: Of the files.
        rows: The rows of each to take; None for all.
        columns: The columns of each in the order of the classes; None for as they are.
        num_items: N.
        file: To be named where there is no room.
    """
    if len(parts) == 1 and rows[0] is None and columns[0] is None:
        return parts[0]
    num_members, num_classes = sum(len(part) for part in parts), parts[0].shape[2]
    dtype = np.result_type(*(part.dtype for part in parts))
    values = allocate((num_members, num_items, num_classes), dtype, file)
    step, member = max(1, BLOCK_VALUES // num_classes), 0
    for part, chosen, order in zip(parts, rows, columns, strict=True):
        for layer in part:
            for start in range(0, num_items, step):
                here = slice(start, min(start + step, num_items))
                block = layer[here if chosen is None else chosen[here]]
                values[member, here] = block if order is None else block[:, order]
            member += 1
    return values
