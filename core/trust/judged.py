"""Labelled items and what a classifier says of them: what every question of trust starts from.

N items, K classes, S members. A few numbers an item are kept; the distributions are read in blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.measures.probabilities import as_slice
from core.measures.streamed_probs import SomeProbs, probs_of
from core.study.dataset import UNLABELLED
from core.study.mapped_pages import release_pages
from core.study.predictions import Predictions
from core.trust.judged_numbers import measures_at, measures_at_hand, top_numbers


class Distribution(NamedTuple):
    """Of N items: the label's probability and the sum of squares, (N,), and all probabilities."""

    of_label: np.ndarray
    squares: np.ndarray
    probs: SomeProbs


@dataclass(frozen=True)
class Judged:
    """Labelled items and what a classifier says of them.

    Attributes:
        rows: int (N,) row numbers in the data set.
        labels: int64 (N,) class codes.
        prediction: int64 (N,), the most probable class; of equal ones the first.
        confidence: float (N,), the highest of the mean probabilities; None where only answers are
            known. float64 where probabilities were given, so that equal ones stay equal.
        of_label: float64 (N,), the label's probability; None without a distribution.
        squares: float64 (N,), `sum_k p_k**2`; None without a distribution.
        measures: Column -> (N,), those that can decide on declining.
        probs: The mean probabilities (N, K); None without a distribution.
        num_classes: K.
    """

    rows: np.ndarray
    labels: np.ndarray
    prediction: np.ndarray
    confidence: np.ndarray | None
    of_label: np.ndarray | None
    squares: np.ndarray | None
    measures: Mapping[str, np.ndarray]
    probs: SomeProbs | None
    num_classes: int

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def correct(self) -> np.ndarray:
        """Whether the predicted class is the label, bool (N,)."""
        return self.prediction == self.labels

    @property
    def has_distribution(self) -> bool:
        """Whether there are probabilities of all classes."""
        return self.probs is not None

    @property
    def distribution(self) -> Distribution:
        """What is known from the probabilities of all classes.

        Raises:
            ValueError: there are none.
        """
        if self.of_label is None or self.squares is None or self.probs is None:
            raise ValueError(
                "This needs the probabilities of all classes, which were not given; open a file"
                " of probabilities or logits."
            )
        return Distribution(self.of_label, self.squares, self.probs)

    @property
    def known_confidence(self) -> np.ndarray:
        """The confidence, (N,).

        Raises:
            ValueError: there is none.
        """
        if self.confidence is None:
            raise ValueError(
                "This needs each answer's confidence, which was not given; open a file of"
                " confidences, probabilities or logits."
            )
        return self.confidence

    def only(self, rows: np.ndarray) -> Judged:
        """The items among these whose row numbers are in `rows`, in their own order."""
        kept = np.flatnonzero(np.isin(self.rows, rows))

        def part(values: np.ndarray | None) -> np.ndarray | None:
            return None if values is None else values[kept]

        return Judged(
            self.rows[kept],
            self.labels[kept],
            self.prediction[kept],
            part(self.confidence),
            part(self.of_label),
            part(self.squares),
            {name: values[kept] for name, values in self.measures.items()},
            None if self.probs is None else self.probs.only(kept),
            self.num_classes,
        )


def judge(
    predictions: Predictions,
    rows: np.ndarray | None = None,
    factor: float = 1.0,
    labels: np.ndarray | None = None,
    declining: bool = True,
    num_classes: int | None = None,
) -> Judged:
    """What a classifier says of its labelled items.

    At a factor of 1 the measures are the score table's. Atypicality comes from features and so
    does not change with the temperature.

    Args:
        predictions: Of which classifier.
        rows: Row numbers int (n,) to look at, all if None; those without a label are left out.
        factor: Over 0, times the predictions' own temperature.
        labels: Class codes of all items, UNLABELLED where not known; the score table's if None.
        declining: Whether to compute the measures that decide on declining at another factor:
            calibration needs none of them, and a thousand classes take ten times as long.
        num_classes: K, where there is no distribution to know it from.

    Raises:
        ValueError: another temperature is asked for where there is no distribution.
    """
    codes = known_labels(predictions) if labels is None else np.asarray(labels, np.int64)
    rows = np.arange(len(codes)) if rows is None else np.asarray(rows)
    is_known = codes[rows] != UNLABELLED
    rows = rows if is_known.all() else rows[is_known]  # shared, where nothing is left out
    labels = codes[as_slice(rows)]
    if not predictions.has_distribution:
        return _without_distribution(predictions, rows, labels, factor, num_classes)
    probs = probs_of(predictions, rows, factor * predictions.temperature)
    found = top_numbers(probs, labels)
    if factor == 1:
        measures = measures_at_hand(predictions.scores, predictions.num_members, rows)
    elif declining:
        measures = measures_at(predictions, rows, factor * predictions.temperature)
    else:
        measures = {"confidence": found.confidence}
    return Judged(rows, labels, *found, measures, probs, probs.shape[1])


def known_labels(predictions: Predictions) -> np.ndarray:
    """The score table's labels, int64, UNLABELLED where one is missing."""
    labels = predictions.scores["label"]
    return labels.fillna(UNLABELLED).to_numpy(np.int64)


def zero_labels(predictions: Predictions, judged: Judged) -> int:
    """Items whose label was given a probability of exactly 0, so that their NLL is infinite.

    `core.trust.metrics.nll` counts such a probability as 1.2e-38, 87 nats.
    """
    if not predictions.has_distribution or predictions.kind == "logits":
        return 0
    zero = -np.inf if predictions.kind == "log-probabilities" else 0
    of_label = predictions.values[:, judged.rows, judged.labels]
    release_pages(predictions.values)
    return int((of_label == zero).all(0).sum())


def _without_distribution(
    predictions: Predictions,
    rows: np.ndarray,
    labels: np.ndarray,
    factor: float,
    num_classes: int | None,
) -> Judged:
    if factor != 1:
        raise ValueError(
            f"{predictions.title} comes without a distribution over the classes, so it has no"
            " temperature to change; give the probabilities or logits of all classes."
        )
    scores = predictions.scores
    prediction = scores["prediction"].to_numpy(np.int64)[rows]
    confidence = None
    if predictions.tier == "top-1":
        confidence = scores["confidence"].to_numpy()[rows]
    if num_classes is None:
        num_classes = int(max(labels.max(initial=0), prediction.max(initial=0))) + 1
    measures = {} if confidence is None else {"confidence": confidence}
    return Judged(rows, labels, prediction, confidence, None, None, measures, None, num_classes)
