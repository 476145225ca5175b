"""How many members are enough? What fewer of them would have said, and how far chance moves it.

S members, N items, K classes, R numbers of members.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.measures.probabilities import member_blocks
from core.study.dataset import UNLABELLED
from core.study.predictions import Predictions
from core.trust.metrics import SMALLEST_PROB

MOST_ITEMS = 10_000
SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100)


class SampleSizes(NamedTuple):
    """What the first 1, 2, … S members say, as means over N items.

    Attributes:
        sizes: int (R,), how many members.
        nll: (R,) in nats; nan without labels.
        mutual_information: (R,) in nats, 0 for one member.
        error: (R,) its standard error from the choice of members, in nats; nan for one.
        num_items: N.
    """

    sizes: np.ndarray
    nll: np.ndarray
    mutual_information: np.ndarray
    error: np.ndarray
    num_items: int

    @property
    def relative_error(self) -> float:
        """The standard error of all members' mutual information as a share of it."""
        return float(self.error[-1] / self.mutual_information[-1])

    def enough(self, share: float = 0.05) -> int | None:
        """The fewest members from which on the standard error is below that share, or None."""
        with np.errstate(invalid="ignore", divide="ignore"):
            small = self.error <= share * self.mutual_information
        if not small[-1]:
            return None
        unsettled = np.flatnonzero(~small)
        return int(self.sizes[unsettled[-1] + 1] if len(unsettled) else self.sizes[0])


def sample_sizes(predictions: Predictions, seed: int = 0) -> SampleSizes:
    """Mean NLL and mutual information of the first members, more and more of them.

    The standard error is the jackknife's: how much the mean moves as each member in turn is left
    out. It tells how far another draw of members would have moved the mean, on the same items.

    Args:
        predictions: With a full distribution; members in an order that means nothing.
        seed: For the 10,000 items that are drawn where there are more.

    Reference: Efron and Stein, "The Jackknife Estimate of Variance", 1981, eq. 1.3.
    """
    num_members, num_items, _ = predictions.values.shape
    sizes = np.array([s for s in SIZES if s < num_members] + [num_members])
    rows = _some_rows(num_items, seed)
    labels = predictions.scores["label"].fillna(UNLABELLED).to_numpy(np.int64)[rows]
    nll = np.zeros(len(sizes))
    information = [np.zeros(size + 1) for size in sizes]
    for places, probs in member_blocks(predictions, rows):
        _add(probs.astype(np.float64), labels[places], sizes, nll, information)
    known = int((labels != UNLABELLED).sum())
    means = [found / len(rows) for found in information]
    return SampleSizes(
        sizes,
        nll / known if known else np.full(len(sizes), np.nan),
        np.array([found[0] for found in means]),
        np.array([_jackknife(found[1:]) for found in means]),
        len(rows),
    )


def _add(
    probs: np.ndarray,
    labels: np.ndarray,
    sizes: np.ndarray,
    nll: np.ndarray,
    information: list[np.ndarray],
) -> None:
    """Add a block's sums over its items (S, n, K) to those of every number of members.

    An entry of `information` holds the sum with all of so many members, then without each.
    """
    known = np.flatnonzero(labels != UNLABELLED)
    totals = probs.cumsum(axis=0)
    alone = np.array([_entropy_sum(member) for member in probs])
    for number, (size, found) in enumerate(zip(sizes, information, strict=True)):
        total, entropies = totals[size - 1], alone[:size].sum()
        of_label = total[known, labels[known]] / size
        nll[number] -= np.log(np.maximum(of_label, SMALLEST_PROB)).sum()
        if size == 1:
            continue
        found[0] += _entropy_sum(total / size) - entropies / size
        for left_out in range(size if size > 2 else 0):
            rest = np.maximum(total - probs[left_out], 0) / (size - 1)
            found[1 + left_out] += _entropy_sum(rest) - (entropies - alone[left_out]) / (size - 1)


def _jackknife(without: np.ndarray) -> float:
    """The standard error from a mean's values without each of s members (s,); nan below three.

    Of two members each alone has no mutual information, so leaving one out says nothing.
    """
    count = len(without)
    return float(np.sqrt((count - 1) * without.var())) if count > 2 else float("nan")


def _entropy_sum(probs: np.ndarray) -> float:
    """The entropies of (n, K), added up, in nats."""
    return -float((probs * np.log(np.maximum(probs, np.finfo(float).tiny))).sum())


def _some_rows(num_items: int, seed: int) -> np.ndarray:
    if num_items <= MOST_ITEMS:
        return np.arange(num_items)
    return np.sort(np.random.default_rng(seed).choice(num_items, MOST_ITEMS, replace=False))
