"""What is classified: items with ids, labels where they are known, and whatever shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from core.study.ids import Ids
from core.study.images import Images

if TYPE_CHECKING:  # what only reads files need not wait for pandas
    import pandas as pd

UNLABELLED = -1
"""The code of an item whose label is not known."""


_SPOKEN_AS_VOWEL = re.compile(r"(?!eu|one\b|uni|us[ae]|ut[ei])[aeiou]|hour|heir|hono", re.I)
"""The beginning of most English nouns that take "an"."""


class Noun(NamedTuple):
    """What an item is called: "digit", "digits"."""

    one: str
    many: str

    @property
    def with_article(self) -> str:
        """`a digit`, `an item`, `a user`."""
        return f"{'an' if _SPOKEN_AS_VOWEL.match(self.one) else 'a'} {self.one}"

    def counted(self, number: int) -> str:
        """`1 digit`, `2,000 digits`."""
        return f"{number:,} {self.one if number == 1 else self.many}"


class Sheet(NamedTuple):
    """One picture file among the static files that holds every item's picture side by side.

    Attributes:
        file: Its name in `static/`.
        width, height: Of one tile, in pixels; a row holds `core.study.pngs.sheet_columns` tiles.
    """

    file: str
    width: int
    height: int


class Details(Protocol):
    """Further columns of the items: text, table cells; a few rows at a time."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in their order."""

    @property
    def text(self) -> str | None:
        """The column that holds the items' text, if they are texts."""

    def take(self, rows: Sequence[int] | np.ndarray) -> pd.DataFrame:
        """These rows of every column, in the order of `rows`; its index is `rows`."""


@dataclass(frozen=True)
class Dataset:
    """N items of K classes.

    Attributes:
        key: Short and fit for a link and a folder's name.
        title: What a person reads.
        noun: What an item is called.
        class_names: The K names, in the order of the probabilities.
        ids: Of the items, in the order of the rows.
        labels: Class codes int32 (N,), UNLABELLED where not known; None where none is known.
        images: The items' pictures, if they have any.
        details: Further columns, if there are any.
        label_shares: (N, K) in [0, 1], NaN where nobody did, where several people labelled.
        num_people: int32 (N,), how many labelled each item; None where that is not known.
        sheet: All pictures in one file that ships, where there is one.
        data_hash: Computes what names the data, see `fingerprint`.
    """

    key: str
    title: str
    noun: Noun
    class_names: tuple[str, ...]
    ids: Ids
    labels: np.ndarray | None
    data_hash: Callable[[], str]
    images: Images | None = None
    details: Details | None = None
    label_shares: np.ndarray | None = None
    num_people: np.ndarray | None = None
    sheet: Sheet | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def num_classes(self) -> int:
        """How many classes there are, K."""
        return len(self.class_names)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 in hexadecimal: equal for equal data; decisions on labels are kept under it."""
        return self.data_hash()

    @cached_property
    def labelled(self) -> np.ndarray:
        """The rows whose label is known, int32."""
        if self.labels is None:
            return np.zeros(0, np.int32)
        return np.flatnonzero(self.labels != UNLABELLED).astype(np.int32)
