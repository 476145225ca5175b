"""Which study, and which of its models, is looked at?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from core.measures.register import measures_in
from core.study.dataset import Dataset, Noun
from core.study.predictions import Predictions
from core.study.study import Network, Study
from ui.words import drawn, noun_of


class Key(NamedTuple):
    """What caches know a model of a study by: small, and another one once its files change.

    Attributes:
        study: The study's key.
        version: Of the study's files; empty for one that ships.
        part: Of the study, for what can be audited besides; empty for the study itself.
        model: The model's name.
    """

    study: str
    version: str
    part: str
    model: str


@dataclass(frozen=True)
class Picked:
    """A study with the model that people picked."""

    key: Key
    study: Study

    @property
    def model(self) -> Predictions:
        """What the model says of the items."""
        return self.study.models[self.key.model]

    @property
    def dataset(self) -> Dataset:
        """The study's items."""
        return self.study.dataset

    @property
    def noun(self) -> Noun:
        """What an item is called, fit for any sentence."""
        return noun_of(self.study.dataset.noun)

    @property
    def title(self) -> str:
        """The model's title; with its name where another model has the same."""
        titles = [model.title for model in self.study.models.values()]
        title = self.model.title
        return title if titles.count(title) == 1 else f"{title} ({self.model.name})"

    @property
    def class_names(self) -> tuple[str, ...]:
        """The K names."""
        return self.study.dataset.class_names

    @property
    def drawn_names(self) -> tuple[str, ...]:
        """The K names as a figure takes them."""
        return _drawn(self.class_names)

    @property
    def scores(self) -> pd.DataFrame:
        """The model's score table, by row numbers."""
        return self.model.scores

    @property
    def num_values(self) -> int:
        """Members x items x classes, which says how long a computation takes; 0 where only answers
        are known.
        """
        if not self.model.has_distribution:
            return 0
        return self.model.num_members * len(self.dataset) * len(self.class_names)

    @property
    def network(self) -> Network | None:
        """What scores new images as this model, if there is one."""
        return self.study.networks.get(self.key.model)

    @property
    def columns(self) -> list[str]:
        """The measures that say something for this model."""
        return [m.column for m in measures_in(list(self.scores.columns), self.model.num_members)]

    def beside(self, name: str) -> Picked:
        """The same study with another of its models."""
        return Picked(self.key._replace(model=name), self.study)

    def all_models(self) -> list[Picked]:
        """The same study with each of its models, in their order."""
        return [self.beside(name) for name in self.study.models]


@lru_cache(maxsize=16)
def _drawn(class_names: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(drawn(name) for name in class_names)
    if len(set(names)) == len(names):
        return names
    return tuple(f"{name} ({code})" for code, name in enumerate(names))  # cut to be alike
