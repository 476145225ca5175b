"""Numbers of judged items, a block of probabilities at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from core.measures.probabilities import as_slice, blocks, logits_of
from core.measures.register import BY_COLUMN, DECLINING
from core.measures.streamed_probs import MeanProbs
from core.measures.uncertainty import measure_logits
from core.study.mapped_pages import release_pages
from core.study.predictions import Predictions


class _Numbers(NamedTuple):
    prediction: np.ndarray
    confidence: np.ndarray
    of_label: np.ndarray
    squares: np.ndarray


def top_numbers(probs: MeanProbs, labels: np.ndarray) -> _Numbers:
    """Each item's answer, its confidence, its label's probability and the sum of squares."""
    prediction = np.zeros(len(labels), np.int64)
    # Three arrays, not the rows of one, which would stay whole with any of them.
    confidence, of_label, squares = (np.zeros(len(labels)) for _ in range(3))
    kinds = {np.dtype(np.float32)}

    def fill(rows: slice, block: np.ndarray) -> None:
        kinds.add(block.dtype)
        places = np.arange(len(block))
        prediction[rows] = block.argmax(1)
        confidence[rows] = block[places, prediction[rows]]
        of_label[rows] = block[places, labels[rows]]
        exact = block.astype(np.float64, copy=False)
        squares[rows] = np.einsum("nk,nk->n", exact, exact)

    probs.each(fill)
    said = confidence.astype(np.result_type(*kinds), copy=False)
    return _Numbers(prediction, said, of_label, squares)


class _AtHand(Mapping[str, np.ndarray]):
    """Columns of a score table at some rows, taken each time one is asked for: of half a million
    rows six of them would take 12 MB, and one is looked at.
    """

    def __init__(self, scores: pd.DataFrame, names: list[str], rows: np.ndarray) -> None:
        self._columns = {name: scores[name].to_numpy() for name in names}
        self._places = as_slice(rows)

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name][self._places]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def measures_at_hand(
    scores: pd.DataFrame, num_members: int, rows: np.ndarray
) -> Mapping[str, np.ndarray]:
    """The score table's; those that only differ with several members are left out for one.

    Of neighbouring rows they are parts of the table's own arrays: not to be written to.
    """
    names = [
        name
        for name in DECLINING
        if name in scores and (num_members > 1 or not BY_COLUMN[name].many_members)
    ]
    return _AtHand(scores, names, rows)


def measures_at(
    predictions: Predictions, rows: np.ndarray, temperature: float
) -> Mapping[str, np.ndarray]:
    """The measures anew at another temperature; atypicality knows none."""
    scores = predictions.scores
    at_hand = measures_at_hand(scores, predictions.num_members, rows)
    found = {n: np.zeros(len(rows), np.float32) for n in at_hand if n != "atypicality"}
    for part in blocks(len(rows), predictions.values.shape[2], predictions.num_members):
        measured = measure_logits(logits_of(predictions, rows[part]), temperature)
        for name, values in found.items():
            values[part] = measured[name]
        release_pages(predictions.values)
    return {**at_hand, **found}
