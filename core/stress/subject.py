"""What is put under stress: a model's network with items whose pictures and labels are known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from core.corruptions.kinds import corrupt
from core.measures.register import higher_is_surer
from core.networks.scoring import Scorer, scorer_of, table_of
from core.study.dataset import UNLABELLED, Dataset
from core.study.study import Network, Study
from core.trust.acceptance import is_accepted
from core.trust.answers import curves
from core.trust.choosing import choose
from core.trust.selective import threshold_at

AT_ONCE = 500
"""Items that are damaged and scored together; those of one such block share a seed."""
USUAL_SHARE = 0.05
"""Of the held-out items that go to a person, where nothing else is said: as on the Trust page."""
SEED = 0


@dataclass(frozen=True)
class Rule:
    """An item goes to a person when its `column` is less sure than `threshold`."""

    column: str
    threshold: float

    def refers(self, table: pd.DataFrame) -> np.ndarray:
        """Which rows of a score table go to a person, bool (N,)."""
        values = table[self.column].to_numpy()
        return ~is_accepted(values, self.threshold, higher_is_surer(self.column))


def usual_rule(study: Study, name: str) -> Rule:
    """The rule that the Trust page begins with: it refers 5 % of what was held out, by confidence.

    Raises:
        ValueError: too few labelled items to choose it on.
    """
    by_measure = curves(choose(study, name).chosen_on)
    column = next(iter(by_measure))
    return Rule(column, threshold_at(by_measure[column], USUAL_SHARE))


@dataclass(frozen=True)
class Subject:
    """A model with the items that are damaged.

    Attributes:
        study: Which.
        name: Of the model.
        rows: int (N,), of labelled items; a draw of them, or all.
        rule: What sends an item to a person.
        threads: One a core if None.
    """

    study: Study
    name: str
    rows: np.ndarray
    rule: Rule
    threads: int | None = None

    @cached_property
    def scorer(self) -> Scorer:
        """What scores new images."""
        return scorer_of(self.study, self.name)

    @property
    def dataset(self) -> Dataset:
        """Whose items are stressed."""
        return self.study.dataset

    @property
    def num_blocks(self) -> int:
        """How many blocks the items make."""
        return -(-len(self.rows) // AT_ONCE)

    def rows_of(self, block: int) -> np.ndarray:
        """The rows of a block of items, int (n,)."""
        return self.rows[block * AT_ONCE : (block + 1) * AT_ONCE]

    def images(self, block: int) -> np.ndarray:
        """The undamaged images of a block, uint8 (n, H, W) or (n, H, W, 3).

        Raises:
            ValueError: a picture is of another size than the network reads.
        """
        pictures = self.dataset.images
        if pictures is None:
            raise ValueError(f"{self.study.title} has no pictures to damage")
        network = self.scorer.network
        return np.stack(
            [
                as_read(network, pictures.image(int(row)), self.dataset.ids[int(row)])
                for row in self.rows_of(block)
            ]
        )

    def damaged(self, kind: str, severity: int, block: int) -> np.ndarray:
        """The images of a block with one kind of damage; each time the same."""
        return corrupt(self.images(block), kind, severity, (SEED, block))

    def scored(self, images: np.ndarray, block: int) -> pd.DataFrame:
        """The score table of a block's images, with their labels and their row numbers."""
        rows = self.rows_of(block)
        answers = self.scorer.predict(images, self.threads)
        labels = None if self.dataset.labels is None else self.dataset.labels[rows]
        table = table_of(self.scorer, answers, labels)
        return table.set_index(pd.Index(rows, name="index"))


def subject_of(
    study: Study, name: str, sample: int | None = None, threads: int | None = None
) -> Subject:
    """A model of a study with its labelled items.

    Args:
        study: Which.
        name: Of the model.
        sample: So many of the items, drawn once and for all; all of them if None.
        threads: One a core if None.

    Raises:
        ValueError: no such model, no network, no pictures, or too few labels.
    """
    scorer_of(study, name)
    if study.dataset.images is None:
        raise ValueError(f"{study.title} has no pictures to damage")
    rows = labelled(study.dataset)
    rule = usual_rule(study, name)
    if sample is not None and sample < len(rows):
        rows = np.sort(np.random.default_rng(SEED).choice(rows, sample, replace=False))
    return Subject(study, name, rows, rule, threads)


def labelled(dataset: Dataset) -> np.ndarray:
    """The rows whose label is known, int64."""
    if dataset.labels is None:
        return np.zeros(0, np.int64)
    return np.flatnonzero(dataset.labels != UNLABELLED)


def as_read(network: Network, picture: np.ndarray, id: str) -> np.ndarray:
    """A picture as an image that a network reads.

    One that reads pictures as a whole has its own way to fit them; one that reads small images of
    ink is given nothing but these.

    Raises:
        ValueError: as `check_size`.
    """
    if not network.finds_ink:
        return network.fit(picture)
    check_size(picture, network.image_shape, id)
    return picture


def check_size(image: np.ndarray, shape: tuple[int, int], id: str) -> None:
    """Refuse a picture that a network does not read.

    Raises:
        ValueError: its height, width or colours are others; the message names the item.
    """
    if image.shape != shape:
        colours = " in colour" if image.ndim == 3 else ""
        raise ValueError(
            f"The picture of {id} is {image.shape[1]} × {image.shape[0]} pixels{colours}; the"
            f" network reads {shape[1]} × {shape[0]} in grey"
        )
