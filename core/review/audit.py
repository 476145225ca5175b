"""What is audited: a data set, the answers of a model that never learnt its labels, the queue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.measures.uncertainty import measure_logits
from core.review.audit_estimate import Remaining, estimate_remaining
from core.review.decision_words import NONE_OF_THESE
from core.review.label_quality import METHODS, rank_labels
from core.study.classifiers import Classifier
from core.study.ids import Ids, RowIds
from examples.mnist_data import read_labels, split_hash

SPLITS = ("test", "train")


@dataclass(frozen=True)
class Audit:
    """A data set with its ranking; all arrays are shared and read only.

    Attributes:
        split: "test" or "train".
        data_set: Its name.
        data_hash: Its SHA-256, examples.mnist_data.data_hash.
        model: Name of the model that ranked.
        ids: Of the items (N,).
        labels: As given (N,).
        probs: Mean probabilities (N, K).
        member_probs: (S, N, K).
        ranking: core.review.label_quality.rank_labels, worst first, by row.
    """

    split: str
    data_set: str
    data_hash: str
    model: str
    ids: Ids
    labels: np.ndarray
    probs: np.ndarray
    member_probs: np.ndarray
    ranking: pd.DataFrame


@dataclass(frozen=True)
class Progress:
    """How far a reviewer is: items in all, settled, found wrong, unclear; what may remain."""

    num_images: int
    settled: int
    wrong: int
    unclear: int
    remaining: Remaining | None

    @property
    def wrong_rate(self) -> float:
        """Share of the settled labels that are wrong; NaN before the first."""
        return self.wrong / self.settled if self.settled else float("nan")


def load_audit(
    classifier: Classifier, split: str, method: str = METHODS[0], with_cleanlab: bool = True
) -> Audit:
    """Rank the labels of a split of MNIST.

    "test" takes the classifier's own answers, since it never saw the test images. "train" takes
    out-of-fold answers: each image's by a network fitted on the other folds. `method` and
    `with_cleanlab` as in rank_labels.

    Raises:
        ValueError: no such split, or no out-of-fold answers of this classifier.
    """
    if split not in SPLITS:
        raise ValueError(f"split must be test or train, not {split!r}")
    labels = read_labels(split)
    logits = classifier.test_logits if split == "test" else classifier.out_of_fold_logits
    answers = [measure_logits(member[None], classifier.temperature) for member in logits]
    member_probs = np.stack([answer["mean_probs"] for answer in answers])
    probs = member_probs.mean(axis=0, dtype=np.float64)
    audit = Audit(
        split=split,
        data_set=f"MNIST {split}",
        data_hash=split_hash(split),
        model=classifier.name,
        ids=RowIds(len(labels)),
        labels=labels,
        probs=probs,
        member_probs=member_probs,
        ranking=rank_labels(probs, labels, member_probs, method, with_cleanlab),
    )
    for array in (labels, probs, member_probs):
        array.setflags(write=False)
    return audit


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
    """The place of an image in the ranking, from 0."""
    return int(ranking.index.get_indexer(pd.Index([index]))[0])


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
    unclear = int((current["decision"] == "unclear").sum())
    return Progress(len(ranking), len(settled), len(wrong), unclear, remaining)
