"""Labels that are none, refused by what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.reading.errors import ReadingError
from core.reading.fields import Column, Fields
from core.reading.label_values import distinct, is_whole
from core.reading.names import ANSWERS, SHARES, before_bracket, loosely

_MOST_NUMBERS = 1_000


def refuse_fractions(file: str, name: str, values: np.ndarray) -> None:
    """Raise where labels (N,) are fractions.

    Raises:
        ReadingError: names the first row of them.
    """
    if values.dtype.kind != "f":
        return
    wrong = np.flatnonzero(np.isfinite(values) & (values != np.floor(values)))
    if wrong.size:
        raise ReadingError(
            f"{file}, row {wrong[0]:,}: {name!r} holds {values[wrong[0]]:.4g}, and a label is a "
            "class's number or name; save the classes, or name another column with --label."
        )


def refuse_labels_of_places(file: Fields) -> None:
    """Raise where labels (N, T) stand beside scores (N, T, K): one a word or a pixel.

    Raises:
        ReadingError: gives the shapes to save.
    """
    labels = file.label_matrix
    if labels is None or loosely(labels.name, SHARES) or labels.values.dtype.kind not in "iu":
        return
    for scores in file.scores:
        if scores.values.ndim == 3 and scores.values.shape[:2] == labels.values.shape:
            items, places = labels.values.shape
            rows, classes = items * places, scores.values.shape[2]
            raise ReadingError(
                f"{file.file}: {labels.name!r} holds {places} labels for each of {items} items, "
                "as of words or pixels. Save one row per label: reshape "
                f"{scores.name!r} to ({rows}, {classes}) and the labels to ({rows},)."
            )


def refuse_regression(texts: Sequence[str], columns: Sequence[Column], file: str) -> None:
    """Raise where whole numbers are too many and too scattered for classes.

    Args:
        texts: The different numbers in all columns.
        columns: Of labels and answers.
        file: To be named.

    Raises:
        ReadingError: they look like the target of a regression.
    """
    num_rows = max(len(column.values) for column in columns)
    many = len(texts) > max(_MOST_NUMBERS, num_rows / 10)
    if many and max(map(int, texts)) > 1.2 * len(texts):
        raise ReadingError(
            f"{file}: {columns[-1].name!r} holds {len(texts):,} different numbers in "
            f"{num_rows:,} rows, as a regression does; Penumbra reads classifiers."
        )


def refuse_measured(file: str, name: str, values: np.ndarray) -> None:
    """Raise where a prediction (N,) is a fraction beyond all confidences.

    Args:
        file: To be named.
        name: Of the column.
        values: As they were given.

    Raises:
        ReadingError: it looks like the answer of a regression.
    """
    known = values[np.isfinite(values)]
    if before_bracket(name) in ANSWERS and (known != np.floor(known)).any():
        raise ReadingError(
            f"{file}: {name!r} holds numbers from {known.min():.4g} to {known.max():.4g}, as a "
            "regression does; Penumbra reads classifiers."
        )


def refuse_strangers(columns: Sequence[Column], file: str) -> None:
    """Raise where labels are names and answers numbers, or the other way round.

    Raises:
        ReadingError: names both columns and what would bring them together.
    """
    kinds = {column.name: {is_whole(text) for text in distinct(column.values)}
             for column in columns}  # fmt: skip
    numbers = next((name for name, kind in kinds.items() if kind == {True}), None)
    names = next((name for name, kind in kinds.items() if kind == {False}), None)
    if numbers is not None and names is not None:
        raise ReadingError(
            f"{file}: {names!r} holds names of classes and {numbers!r} their numbers; give the "
            "names in the order of the numbers with --class-names, or name another --label."
        )
