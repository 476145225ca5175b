"""A classifier's mean probabilities: kept where they are few, else read in blocks of items.

S members, N items, K classes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple, Protocol

import numpy as np

from core.measures.probabilities import (
    COMPILED_VALUES,
    as_logits,
    as_slice,
    blocks,
    shares_of,
    softmax,
)
from core.measures.uncertainty import measure_logits
from core.study.mapped_pages import release_pages
from core.study.predictions import SHARES, Kind, Predictions

KEPT_VALUES = 1_000_000
"""Probabilities (N x K) up to which they stay in memory: 4 MB in float32."""
THREADS = 2
"""That share the blocks of one reading: NumPy computes outside of Python's lock."""


class Block(NamedTuple):
    """Some items in the order of their rows.

    Attributes:
        rows: Their places in what was asked for, 0 to N - 1, as a slice.
        mean_probs: float32 (n, K).
    """

    rows: slice
    mean_probs: np.ndarray


class MeanProbs(Protocol):
    """Mean probabilities (N, K) over the members, read in blocks."""

    @property
    def shape(self) -> tuple[int, int]:
        """N and K."""

    def __iter__(self) -> Iterator[Block]:
        """All items, block after block."""

    def each(self, work: Callable[[slice, np.ndarray], None]) -> None:
        """Call `work(rows, mean_probs)` for every block, in any order, several at a time."""


class SomeProbs(MeanProbs, Protocol):
    """Mean probabilities of which a part can be taken."""

    def only(self, places: np.ndarray) -> SomeProbs:
        """Those at some places, int (n,) from 0 to N - 1, in that order."""


class KeptProbs:
    """Mean probabilities that are in memory, float (N, K)."""

    def __init__(self, mean_probs: np.ndarray) -> None:
        self._mean_probs = mean_probs
        self.shape = (int(mean_probs.shape[0]), int(mean_probs.shape[1]))

    def __iter__(self) -> Iterator[Block]:
        for rows in blocks(*self.shape):
            yield Block(rows, self._mean_probs[rows])

    def each(self, work: Callable[[slice, np.ndarray], None]) -> None:
        """Call `work(rows, mean_probs)` for every block."""
        for rows, block in self:
            work(rows, block)

    def only(self, places: np.ndarray) -> KeptProbs:
        """Those at some places, int (n,), in that order."""
        return KeptProbs(self._mean_probs[places])


class StreamedProbs:
    """A classifier's mean probabilities at a temperature, computed anew each time they are read.

    Probabilities at a temperature of 1 stay as they were given, in float64. Others come from the
    compiled graph, or, beyond COMPILED_VALUES, from NumPy in float32: equal to some 2e-7, in a
    tenth of the time.

    Args:
        predictions: With a full distribution.
        rows: Row numbers int (N,) in any order.
        temperature: Over 0.
    """

    def __init__(self, predictions: Predictions, rows: np.ndarray, temperature: float) -> None:
        num_members, _, num_classes = predictions.values.shape
        self.shape = (len(rows), int(num_classes))
        self._predictions, self._rows, self._temperature = predictions, rows, temperature
        self._computed = _way(predictions, temperature, num_members * len(rows) * num_classes)

    def __iter__(self) -> Iterator[Block]:
        for rows in blocks(*self.shape, self._predictions.num_members):
            yield Block(rows, self._at(rows))
            release_pages(self._predictions.values)

    def each(self, work: Callable[[slice, np.ndarray], None]) -> None:
        """Call `work(rows, mean_probs)` for every block, in any order, from THREADS threads."""

        def one(rows: slice) -> None:
            work(rows, self._at(rows))
            release_pages(self._predictions.values)

        waiting: deque[Future[None]] = deque()
        with ThreadPoolExecutor(THREADS) as pool:
            for rows in blocks(*self.shape, self._predictions.num_members):
                waiting.append(pool.submit(one, rows))
                if len(waiting) > 2 * THREADS:  # so that progress is told as it is made
                    waiting.popleft().result()
            for each in waiting:
                each.result()

    def _at(self, rows: slice) -> np.ndarray:
        given = np.asarray(self._predictions.values[:, as_slice(self._rows[rows])])
        return self._computed(given, self._predictions.kind, self._temperature)

    def only(self, places: np.ndarray) -> StreamedProbs:
        """Those at some places, int (n,), in that order, computed in the same way."""
        part = StreamedProbs(self._predictions, self._rows[places], self._temperature)
        part._computed = self._computed
        return part


def probs_of(predictions: Predictions, rows: np.ndarray, temperature: float) -> SomeProbs:
    """A classifier's mean probabilities at a temperature: kept up to KEPT_VALUES, else streamed.

    Args:
        predictions: With a full distribution.
        rows: Row numbers int (N,).
        temperature: Over 0.
    """
    streamed = StreamedProbs(predictions, rows, temperature)
    if streamed.shape[0] * streamed.shape[1] > KEPT_VALUES:
        return streamed
    return KeptProbs(whole(streamed))


def whole(probs: MeanProbs) -> np.ndarray:
    """All of them at once, float (N, K): for a few items only."""
    parts = [block.mean_probs for block in probs]
    return np.concatenate(parts) if parts else np.zeros(probs.shape, np.float32)


def _way(
    predictions: Predictions, temperature: float, num_values: int
) -> Callable[[np.ndarray, Kind, float], np.ndarray]:
    if predictions.kind in SHARES and temperature == 1:
        return _given
    return _compiled if num_values <= COMPILED_VALUES else _softmax


def _given(values: np.ndarray, _kind: Kind, _temperature: float) -> np.ndarray:
    return shares_of(values).mean(0)


def _compiled(values: np.ndarray, kind: Kind, temperature: float) -> np.ndarray:
    return measure_logits(as_logits(values, kind), temperature)["mean_probs"]


def _softmax(values: np.ndarray, kind: Kind, temperature: float) -> np.ndarray:
    probs = softmax(as_logits(values, kind), temperature)
    return np.ascontiguousarray(probs.mean(0) if len(probs) > 1 else probs[0])
