"""Predictions -> their score table, in blocks: never the probabilities of all items at once.

S members, N items, K classes.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from core.measures.measurable import check_rows
from core.measures.probabilities import as_logits, blocks, shares_of
from core.measures.runtime import Progress
from core.measures.table import build_table
from core.measures.uncertainty import measure_logits
from core.study.dataset import UNLABELLED
from core.study.mapped_pages import release_pages
from core.study.predictions import SHARES, Kind, Predictions

_MOST_THREADS = 4
_VALUES_A_ROW = 500


def score_predictions(
    predictions: Predictions,
    labels: np.ndarray | None = None,
    progress: Progress = lambda rows: None,
) -> pd.DataFrame:
    """The score table of a full distribution at its own temperature.

    Args:
        predictions: Of the tier "full".
        labels: Class codes (N,), UNLABELLED where not known, or None.
        progress: Called with the number of rows just scored, from any thread.

    Raises:
        ValueError: there is no distribution, or a value is not finite.
    """
    values, kind = predictions.values, predictions.kind
    return score_values(values, kind, labels, predictions.temperature, progress)


def score_values(
    values: np.ndarray,
    kind: Kind,
    labels: np.ndarray | None = None,
    temperature: float = 1.0,
    progress: Progress = lambda rows: None,
) -> pd.DataFrame:
    """The score table of values (S, N, K), with every measure of the register but atypicality.

    A label whose probability is 0 has the log-likelihood ln 1.2e-38 = -87.3, as in
    `core.trust.metrics.nll`; an item without a label has none.

    Args:
        values: In memory or memory-mapped, of any numeric type.
        kind: What they are.
        labels: Class codes (N,), UNLABELLED where not known, or None.
        temperature: Over 0; divides the logits.
        progress: Called with the number of rows just scored, from any thread.

    Raises:
        ValueError: a value is not finite, or a row of shares sums to 0.
    """
    num_members, num_items, num_classes = values.shape
    columns: dict[str, np.ndarray] = {}

    def score(rows: slice) -> None:
        found = _measured(values, rows, kind, labels, temperature)
        for name, column in found.items():
            columns.setdefault(name, np.empty(num_items, column.dtype))[rows] = column
        progress(rows.stop - rows.start)

    all_rows = list(blocks(num_items, num_classes, num_members))
    score(all_rows[0])  # makes the columns, and opens the graph
    with ThreadPoolExecutor(_num_threads(num_classes * num_members)) as pool:
        list(pool.map(score, all_rows[1:]))
    return build_table(columns, labels, num_classes=num_classes)


def score_answers(
    prediction: np.ndarray,
    num_classes: int,
    labels: np.ndarray | None = None,
    confidence: np.ndarray | None = None,
) -> pd.DataFrame:
    """The score table where only the prediction is known, and perhaps its confidence.

    No measure but `confidence` and `least_confidence` can be known; the others have no column.

    Args:
        prediction: Class codes (N,), 0 to K - 1.
        num_classes: K.
        labels: Class codes (N,), UNLABELLED where not known, or None.
        confidence: (N,) in [0, 1], or None.

    Raises:
        ValueError: a confidence is not in [0, 1].
    """
    measures = {"prediction": prediction}
    if confidence is not None:
        strange = np.flatnonzero(~((confidence >= 0) & (confidence <= 1)))
        if len(strange):
            row = int(strange[0])
            raise ValueError(f"the confidence on row {row} is {confidence[row]}, not in [0, 1]")
        measures["confidence"] = confidence.astype(np.float32)
        # In the type it came in: float32's 1 - 0.99999999 would be 0.
        measures["least_confidence"] = (1 - confidence).astype(np.float32)
    return build_table(measures, labels, num_classes=num_classes)


def _num_threads(row_values: int) -> int:
    """A graph keeps what a batch has needed: 50 MB at 1,000 values a row, and so one thread."""
    return max(1, min(_MOST_THREADS, os.cpu_count() or 1, _VALUES_A_ROW // row_values))


def _measured(
    values: np.ndarray,
    rows: slice,
    kind: Kind,
    labels: np.ndarray | None,
    temperature: float,
) -> dict[str, np.ndarray]:
    """One block's measures; without a label the log-likelihood is NaN."""
    part = np.asarray(values[:, rows])
    check_rows(part, kind, rows.start)
    given = None if labels is None else labels[rows]
    codes = None if given is None else np.where(given == UNLABELLED, 0, given)
    found = measure_logits(as_logits(part, kind), temperature, codes)
    del found["mean_probs"]
    if kind in SHARES and temperature == 1:
        found |= _as_given(shares_of(part).mean(0))
    release_pages(values)
    if given is not None:
        found["log_likelihood"][given == UNLABELLED] = np.nan
    return found


def _as_given(probs: np.ndarray) -> dict[str, np.ndarray]:
    """The measures of the highest probabilities (n, K), float64, that need no logarithm.

    On the way through float32 logarithms equal ones would part by some 1e-7, each its own way, and
    what ranks the items would no longer tie where the given numbers do.
    """
    second, top = np.partition(probs, -2, axis=-1)[:, -2:].T
    found = {
        "confidence": top,
        "least_confidence": np.maximum(probs.sum(-1) - top, 0),
        "margin": top - second,
    }
    return {name: values.astype(np.float32) for name, values in found.items()}
