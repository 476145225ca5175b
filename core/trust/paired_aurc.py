"""The difference of two areas under the risk-coverage curve, on the same items.

N items, R resamples, A runs of items that no model tells apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.trust.detection import areas
from core.trust.intervals import (
    MOST_BUNDLES,
    NUM_RESAMPLES,
    SEED,
    UNKNOWN,
    Estimate,
    bootstrap,
    percentile_estimate,
)
from core.trust.metrics import aurc

_MOST_RUNS = 1_000
_FEW_ITEMS = 20_000
"""Items up to which a resample may be drawn item by item."""


def aurc_difference(
    surer: tuple[np.ndarray, np.ndarray],
    correct: tuple[np.ndarray, np.ndarray],
    num_resamples: int = NUM_RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """AURC of the second model less that of the first, with its paired 95 % bootstrap interval.

    Items between the same two errors of the one model and of the other are drawn as one bundle,
    which changes neither area. Of many items neighbours are joined, as if they were tied, for the
    resamples; the value itself joins none.

    Args:
        surer: Of both models, (N,) what ranks the items, high meaning sure.
        correct: Of both, each bool (N,).
        num_resamples: R.
        seed: Equal seeds give equal draws.
    """
    num_items = len(correct[0])
    if not num_items:
        return UNKNOWN
    runs = _run_of_each(surer[0], correct[0]), _run_of_each(surer[1], correct[1])
    value = aurc(surer[1], correct[1]) - aurc(surer[0], correct[0])
    first, runs, sizes = _joint_runs(runs, correct)
    harmonic = np.append(0, np.cumsum(1 / np.arange(1, num_items + 1)))
    ordered = [
        _Ordered.of(run[first], right[first]) for run, right in zip(runs, correct, strict=True)
    ]

    def differences(drawn: np.ndarray) -> np.ndarray:
        one, other = (areas(*model.counted(drawn), harmonic)[:, 1] for model in ordered)
        return other - one

    drawn = bootstrap(sizes, differences, num_resamples, seed)
    return percentile_estimate(value, drawn + value - differences(sizes[None])[0])


def _run_of_each(surer: np.ndarray, correct: np.ndarray) -> np.ndarray:
    """Each item's run, int (N,), surest first: items tied, or right answers between two errors."""
    _, step = np.unique(-np.asarray(surer, np.float64), return_inverse=True)
    is_clean = np.bincount(step, weights=~correct) == 0
    is_first = np.append(True, ~(is_clean[1:] & is_clean[:-1]))
    return (np.cumsum(is_first) - 1)[step]


def _joint_runs(
    runs: tuple[np.ndarray, np.ndarray], correct: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Bundles of items in the same runs: an item of each (C,), the runs of all items, the sizes.

    Neighbouring runs are joined until there are few enough of them and of bundles.
    """
    most = _FEW_ITEMS if len(correct[0]) <= _FEW_ITEMS else MOST_BUNDLES
    num_runs = _MOST_RUNS
    while True:
        first_run, second_run = (_joined(run, num_runs) for run in runs)
        cells = ((first_run * num_runs + second_run) * 2 + correct[0]) * 2 + correct[1]
        _, first, sizes = np.unique(cells, return_index=True, return_counts=True)
        if len(sizes) <= most:
            return first, (first_run, second_run), sizes
        num_runs //= 2


def _joined(run: np.ndarray, most: int) -> np.ndarray:
    number = int(run.max()) + 1
    return run if number <= most else run * most // number


class _Ordered(NamedTuple):
    """How bundles add up to one model's runs: right answers and errors of each, surest first."""

    order: np.ndarray
    first: np.ndarray
    place: np.ndarray
    num_runs: int

    @classmethod
    def of(cls, run: np.ndarray, correct: np.ndarray) -> _Ordered:
        place = 2 * run + correct
        order = np.argsort(place, kind="stable")
        first = np.flatnonzero(np.diff(place[order], prepend=-1))
        return cls(order, first, place[order][first], int(run.max()) + 1)

    def counted(self, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Right answers and errors (r, runs) of drawn bundles (r, C)."""
        counts = np.zeros((len(drawn), 2 * self.num_runs), np.int64)
        counts[:, self.place] = np.add.reduceat(drawn[:, self.order], self.first, axis=1)
        return counts[:, 1::2], counts[:, ::2]
