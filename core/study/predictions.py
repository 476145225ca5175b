"""What one classifier says of a data set's items: its values as they were given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:  # what only reads files need not wait for pandas
    import pandas as pd

Kind = Literal["logits", "probabilities", "log-probabilities", "votes", "counts"]
KINDS: tuple[Kind, ...] = ("logits", "probabilities", "log-probabilities", "votes", "counts")
SHARES: tuple[Kind, ...] = ("probabilities", "votes", "counts")
"""Those that are probabilities once each row is divided by its sum."""
LARGEST = 1e35
"""A value further from 0 cannot be told from infinity once it is divided by a small temperature."""
Tier = Literal["full", "top-1", "answers"]
"""full: a distribution over the classes; top-1: a prediction and its confidence; answers: only a
prediction."""


def nothing() -> None:
    """What reads values or features where there are none."""
    return


@dataclass(frozen=True)
class Predictions:
    """One classifier's answers on N items of K classes, S members; files are read on demand.

    Attributes:
        name: Short and fit for a link and a folder's name.
        title: What a person reads.
        kind: What the values are.
        tier: What can be known from them.
        num_members: S.
        member: What each is called: a "member", or a "draw" of one network's weights.
        temperature: Over 0; divides the logits before they become probabilities.
        read_values: Gives the values (S, N, K) of a full distribution, float or integer, most
            often memory-mapped; None in the other tiers.
        read_scores: Gives the score table, see `core.measures.table`.
        read_features: Gives features float (N, D), or None.
        out_of_sample: Whether the classifier was not fitted on these labels; None if not known.
        map_method: How the map in the score table was laid out, where it was made of the features.
        accuracy: The share of all labelled items that are right, where it is known without reading
            the score table; None where it is not.
    """

    name: str
    title: str
    kind: Kind
    num_members: int
    read_values: Callable[[], np.ndarray | None]
    read_scores: Callable[[], pd.DataFrame]
    read_features: Callable[[], np.ndarray | None] = nothing
    tier: Tier = "full"
    temperature: float = 1.0
    out_of_sample: bool | None = None
    map_method: str | None = None
    accuracy: float | None = None
    member: str = "member"

    @cached_property
    def values(self) -> np.ndarray:
        """The values (S, N, K) as they were given; not for all rows at once where K is large.

        Raises:
            ValueError: there is no distribution, or its file cannot be read.
        """
        found = self.read_values()
        if found is None:
            raise ValueError(f"{self.title} comes without a distribution over the classes.")
        return found

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The score table: one row per item, its index the row number; shared, read only."""
        return self.read_scores()

    @cached_property
    def features(self) -> np.ndarray | None:
        """What the network sees just before its logits, float32 (N, D), where it came along."""
        return self.read_features()

    @property
    def has_distribution(self) -> bool:
        """Whether there are probabilities of all classes."""
        return self.tier == "full"
