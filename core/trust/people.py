"""Where several people labelled: is the model unsure where they disagree?

N items that somebody labelled, K classes, R resamples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import entr, ndtri

from core.measures.register import BY_COLUMN
from core.measures.streamed_probs import StreamedProbs
from core.study.predictions import Predictions
from core.study.study import Study
from core.study.study_error import StudyError
from core.trust.intervals import (
    LEVEL,
    UNKNOWN,
    Estimate,
    bootstrap,
    bundle,
    clopper_pearson,
    percentile_estimate,
)
from core.trust.metrics import SMALLEST_PROB

HIGHEST = 0.05
"""The share of items with the highest model entropy, among which agreement is looked at again."""
_BUNDLES = 1_000


class Costs(NamedTuple):
    """Cross-entropy of the model's probabilities against the shares, and what no model goes below.

    Both in nats: the mean over the items, with its 95 % bootstrap interval; and the mean entropy of
    the shares themselves.
    """

    cross_entropy: Estimate
    least: float


@dataclass(frozen=True)
class People:
    """A model beside the people who labelled the same items.

    Attributes:
        rows: int64 (N,), row numbers in the data set.
        shares: float64 (N, K), of the labels that each item was given.
        human_entropy: (N,), of the shares; nats, 0 to ln K.
        model_entropy: (N,), the model's estimate by `measure`; nats.
        measure: Column of the model's estimate: expected_entropy with several members, which is the
            aleatoric one, else predictive_entropy.
        prediction: Class codes int64 (N,).
        cross_entropy: (N,), `-sum_k share_k ln p_k`; nats.
        num_people: int (N,), labels that each item was given; None where that is not known.
    """

    rows: np.ndarray
    shares: np.ndarray
    human_entropy: np.ndarray
    model_entropy: np.ndarray
    measure: str
    prediction: np.ndarray
    cross_entropy: np.ndarray
    num_people: np.ndarray | None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def gap(self) -> np.ndarray:
        """Human entropy less the model's, nats (N,): high where people are unsure, it is not."""
        return self.human_entropy - self.model_entropy

    @cached_property
    def correlation(self) -> Estimate:
        """Spearman's, of the two entropies, with its 95 % interval."""
        return rank_correlation(self.human_entropy, self.model_entropy)

    @cached_property
    def correlation_of_highest(self) -> tuple[Estimate, int]:
        """The same among the 5 % of highest model entropy, and how many items those are."""
        number = max(1, round(HIGHEST * len(self)))
        top = np.argsort(-self.model_entropy, kind="stable")[:number]
        return rank_correlation(self.human_entropy[top], self.model_entropy[top]), number

    @cached_property
    def costs(self) -> Costs:
        """How far the model's probabilities lie from the shares."""
        values = self.cross_entropy
        groups = bundle(np.zeros(len(values), int), values, most_per_cell=_BUNDLES)
        means = groups.sums([values])[:, 0] / groups.size
        drawn = bootstrap(groups.size, lambda size: size @ means / len(values))
        return Costs(
            percentile_estimate(float(values.mean()), drawn), float(self.human_entropy.mean())
        )

    @cached_property
    def accuracy_of_majority(self) -> tuple[Estimate, int]:
        """Share of items on which the model says what most people say; ties are left out."""
        top = self.shares.max(1, keepdims=True)
        single = (self.shares == top).sum(1) == 1
        agreed = self.prediction[single] == self.shares[single].argmax(1)
        return _share(agreed), int(single.sum())

    @cached_property
    def accuracy_of_any(self) -> Estimate:
        """Share of items on which the model says what at least one person says."""
        return _share(self.shares[np.arange(len(self)), self.prediction] > 0)

    @cached_property
    def alpha(self) -> float:
        """Krippendorff's, of the people among themselves; nan where their number is not known."""
        if self.num_people is None:
            return float("nan")
        return krippendorff_alpha(np.rint(self.shares * self.num_people[:, None]))


def beside_people(study: Study, name: str) -> People:
    """A model beside the shares of people's labels.

    Args:
        study: With label shares.
        name: Of a model with a distribution.

    Raises:
        ValueError: no such model, no distribution, or nobody's shares are known.
        StudyError: the shares are none.
    """
    model, shares = study.model(name), study.dataset.label_shares
    rows = np.zeros(0, int) if shares is None else np.flatnonzero(np.isfinite(shares).all(1))
    if shares is None or not len(rows):
        raise StudyError(f"{study.title} came without shares of people's labels.")
    known = np.asarray(shares[rows], np.float64)
    if known.min() < 0 or known.max() > 1 + 1e-6:
        raise StudyError(f"The label shares of {study.title} lie outside 0 to 1: open it anew.")
    measure = "expected_entropy" if model.num_members > 1 else "predictive_entropy"
    people = study.dataset.num_people
    scores = model.scores
    return People(
        rows=rows,
        shares=known,
        human_entropy=entr(known).sum(1),
        model_entropy=scores[measure].to_numpy(np.float64)[rows],
        measure=BY_COLUMN[measure].column,
        prediction=scores["prediction"].to_numpy(np.int64)[rows],
        cross_entropy=_cross_entropy(model, rows, known),
        num_people=None if people is None else np.asarray(people[rows]),
    )


def rank_correlation(first: np.ndarray, second: np.ndarray) -> Estimate:
    """Spearman's correlation with its 95 % interval; nan where one is constant or N < 4.

    Ties share their mean rank. The interval is Fisher's z with the variance
    `(1 + r**2 / 2) / (N - 3)`.

    Args:
        first: (N,).
        second: (N,).

    Reference: Bonett, Wright 2000, "Sample size requirements for estimating Pearson, Kendall and
    Spearman correlations", eq. 3.
    """
    if len(first) < 4 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return UNKNOWN
    found = float(pd.Series(first).rank().corr(pd.Series(second).rank()))
    if abs(found) >= 1 - 1e-12:
        return Estimate(round(found), round(found), round(found))
    half = ndtri((1 + LEVEL) / 2) * math.sqrt((1 + found**2 / 2) / (len(first) - 3))
    middle = math.atanh(found)
    return Estimate(found, math.tanh(middle - half), math.tanh(middle + half))


def krippendorff_alpha(counts: np.ndarray) -> float:
    """Krippendorff's alpha for nominal labels: 1 for full agreement, 0 for chance's, under 1.

    Items labelled by one person tell nothing and are left out; nan where no item is left, or where
    all labels are of one class.

    Args:
        counts: (N, K), how many people gave each item each label.

    Reference: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C.
    """
    counts = np.asarray(counts, np.float64)
    counts = counts[counts.sum(1) > 1]
    people, totals = counts.sum(1, keepdims=True), counts.sum(0)
    number = totals.sum()
    expected = (totals * (number - totals)).sum() / max(number - 1, 1)
    if not expected:
        return float("nan")
    observed = (counts * (people - counts) / (people - 1)).sum()
    return float(1 - observed / expected)


def _cross_entropy(model: Predictions, rows: np.ndarray, shares: np.ndarray) -> np.ndarray:
    found = np.zeros(len(rows))
    for places, probs in StreamedProbs(model, rows, model.temperature):
        logs = np.log(np.maximum(probs.astype(np.float64), SMALLEST_PROB))
        found[places] = -(shares[places] * logs).sum(1)
    return found


def _share(is_so: np.ndarray) -> Estimate:
    if not len(is_so):
        return UNKNOWN
    low, high = clopper_pearson(is_so.sum(), len(is_so))
    return Estimate(float(is_so.mean()), float(low), float(high))
