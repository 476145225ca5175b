"""What one file offers to a study, before the files are put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa

from core.reading.errors import cut

Part = Literal["main", "held-out", "training"]


class Column(NamedTuple):
    """One value per row, under the name it has in its file."""

    name: str
    values: pa.Array


class Scores(NamedTuple):
    """Numbers for all classes.

    Attributes:
        name: Of the array, the list column or what the columns' names share.
        values: (N, K), or three axes for several members; as they were given.
        classes: The names of the K columns; None where the numbers have no names.
        first: The number of the first column where the columns are numbered, else None.
        columns: The K columns as they are called in the table.
    """

    name: str
    values: np.ndarray
    classes: tuple[str, ...] | None = None
    first: int | None = None
    columns: tuple[str, ...] | None = None

    @property
    def shown(self) -> str:
        """What a report calls it: the array, or the first and the last column."""
        if self.columns is None:
            return repr(self.name)
        first, last = (cut(self.columns[end]) for end in (0, -1))
        return f"columns {first!r} to {last!r}"


@dataclass
class Fields:
    """What one file offers; what it lacks is empty or None.

    Attributes:
        file: Its name.
        stem: Its name without folders and endings.
        num_rows: N; of the first axis where arrays have several.
        part: Which part of the data it tells of.
        scores: Sets of scores, most often one.
        number: One number per row: a confidence or the probability of one class.
        numbers: Several such columns, of which it is asked whose they are.
        number_of: The class that the number's own name tells, as "KO" of `prob_KO`.
        answers: The predicted class a row.
        labels: Candidates for the label.
        labels_guessed: Whether the label was told by its place or shape, not by a name.
        named_as_labels: Whether the file was given as the one with the labels.
        label_matrix: (N, K) one-hot labels, shares, or annotators' labels.
        ids: What names the rows.
        features: (N, D).
        rest: Further columns.
        class_names: Where a file lists them.
    """

    file: str
    stem: str
    num_rows: int = 0
    part: Part = "main"
    scores: list[Scores] = field(default_factory=list)
    number: Column | None = None
    numbers: list[Column] = field(default_factory=list)
    number_of: str | None = None
    answers: Column | None = None
    labels: list[Column] = field(default_factory=list)
    labels_guessed: bool = False
    named_as_labels: bool = False
    label_matrix: Scores | None = None
    ids: Column | None = None
    features: np.ndarray | None = None
    rest: pa.Table | None = None
    class_names: tuple[str, ...] | None = None

    @property
    def predicts(self) -> bool:
        """Whether a model speaks in it."""
        numbers = self.number is not None or bool(self.numbers)
        return bool(self.scores) or numbers or self.answers is not None
