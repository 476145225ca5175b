"""What is audited: a study's labels, the answers of a model that never learnt them, the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.measures.probabilities import member_probs
from core.review.audit_estimate import Remaining, estimate_remaining
from core.review.decision_words import NONE_OF_THESE
from core.review.label_methods import METHODS
from core.review.label_quality import rank_predictions
from core.study.dataset import Dataset
from core.study.predictions import Predictions
from core.study.study import Study

WHOLE = "test"
"""What links and commands call the study itself, beside its parts."""


@dataclass(frozen=True)
class Audit:
    """Labelled items with their ranking; shared and read only.

    Attributes:
        dataset: The items; decisions are kept under its fingerprint.
        model: Whose answers rank them.
        labels: As given, class codes (N,).
        ranking: `rank_predictions`, worst first: the labelled rows of the data set.
    """

    dataset: Dataset
    model: Predictions
    labels: np.ndarray
    ranking: pd.DataFrame

    @property
    def data_hash(self) -> str:
        """The data set's fingerprint."""
        return self.dataset.fingerprint

    def member_probs(self, row: int) -> np.ndarray:
        """Each member's probabilities of one item, float32 (S, K)."""
        return member_probs(self.model, np.array([row]))[:, 0]


@dataclass(frozen=True)
class Progress:
    """How far a reviewer is, and what may remain.

    Attributes:
        num_images: Items in all.
        settled: On how many something was decided.
        relabelled: How many of them got another label.
        strange: How many are of none of the classes.
        unclear: How many cannot be told.
        remaining: How many of the first two kinds may be among the others; None if it is too early.
    """

    num_images: int
    settled: int
    relabelled: int
    strange: int
    unclear: int
    remaining: Remaining | None


def part_of(study: Study, name: str) -> Study:
    """The study itself, called "test", or a part of it with labels of its own.

    Raises:
        ValueError: no such part; the message lists those there are.
    """
    if name == WHOLE:
        return study
    if name not in study.parts:
        raise ValueError(f"split must be {' or '.join((WHOLE, *study.parts))}, not {name!r}")
    return study.parts[name]


def load_audit(
    study: Study,
    name: str,
    method: str = METHODS[0],
    with_cleanlab: bool = True,
    rank: Callable[[Callable[[], pd.DataFrame]], pd.DataFrame] = lambda fresh: fresh(),
) -> Audit:
    """Rank the labels of a study by one of its models, which must not have been fitted on them.

    Args:
        study: With labels.
        name: The model's.
        method: As in `rank_predictions`.
        with_cleanlab: As in `rank_predictions`.
        rank: Gives the ranking, from what computes it or from where it was kept.

    Raises:
        ValueError: no such model, no labels, or no probabilities of all classes.
    """
    model, labels = study.model(name), study.dataset.labels
    if labels is None or not len(study.dataset.labelled):
        raise ValueError(f"{study.title} has no labels to audit")
    if not model.has_distribution:
        raise ValueError(f"{model.title} comes without the probabilities that rank labels")
    rows = study.dataset.labelled
    ranking = rank(lambda: rank_predictions(model, labels, rows, method, with_cleanlab))
    return Audit(study.dataset, model, labels, ranking)


def exported(audit: Audit) -> pd.DataFrame:
    """The ranking as people take it along: index `id`, classes by name."""
    names = np.array(audit.dataset.class_names, dtype=object)
    table = audit.ranking.assign(
        label=names[audit.ranking["label"]], suggestion=names[audit.ranking["suggestion"]]
    )
    return table.set_index(pd.Index(audit.dataset.ids.take(table.index), name="id"))


def queue(ranking: pd.DataFrame, current: pd.DataFrame) -> np.ndarray:
    """What a reviewer has still to settle, worst first; what was skipped comes at the end.

    Args:
        ranking: Of the labels.
        current: The decisions of this reviewer that stand, by row (core.review.by_row).
    """
    left = ranking.index[~ranking.index.isin(current.index)]
    skipped = ranking.index[ranking.index.isin(current.index[current["decision"] == "skip"])]
    return np.concatenate([left.to_numpy(), skipped.to_numpy()])


def place_of(ranking: pd.DataFrame, index: int) -> int:
    """The place of an item in the ranking, from 0; it must be there.

    Looked for in all of them: an index to look it up in takes 34 MB for a million.
    """
    return int(np.flatnonzero(ranking.index.to_numpy() == index)[0])


def ranked(ranking: pd.DataFrame, index: int) -> pd.Series:
    """What the ranking says of an item."""
    return ranking.iloc[place_of(ranking, index)]


def ranked_some(ranking: pd.DataFrame, indices: np.ndarray | pd.Index) -> pd.DataFrame:
    """What the ranking says of some items, in their order: label and prediction of each."""
    found = ranking.loc[ranking.index.isin(indices), ["label", "suggestion"]].loc[indices]
    return found.rename(columns={"suggestion": "prediction"})


def neighbour(ranking: pd.DataFrame, index: int, by: int) -> int:
    """The image `by` places further on in the ranking, round and round."""
    return int(ranking.index[(place_of(ranking, index) + by) % len(ranking)])


def next_unsettled(ranking: pd.DataFrame, current: pd.DataFrame, index: int) -> int | None:
    """The first image after `index` in the ranking on which nothing was decided, or None."""
    after = ranking.index[place_of(ranking, index) + 1 :]
    left = after[~after.isin(current.index)]
    return int(left[0]) if len(left) else None


def progress(ranking: pd.DataFrame, current: pd.DataFrame) -> Progress:
    """Where a reviewer stands, and what the rest of the ranking may still hold.

    Args:
        ranking: Of the labels.
        current: The decisions of this reviewer that stand, by row (core.review.by_row).
    """
    settled = current.index[current["decision"] != "skip"]
    wrong = current.index[current["decision"].isin(["relabel", NONE_OF_THESE])]
    remaining = estimate_remaining(
        ranking["log_odds"].to_numpy(), ranking.index.isin(settled), ranking.index.isin(wrong)
    )
    relabelled, strange, unclear = (
        int((current["decision"] == kind).sum()) for kind in ("relabel", NONE_OF_THESE, "unclear")
    )
    return Progress(len(ranking), len(settled), relabelled, strange, unclear, remaining)
