"""One cell of a stress table: a model on all its items, with one kind of damage at one severity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from core.measures.register import MEASURES
from core.stress.subject import Subject
from core.trust.calibration import bin_edges
from core.trust.calibration_errors import calibration_errors
from core.trust.intervals import Estimate, wilson

CLEAN = "none"
"""The kind of the row without damage, at severity 0."""
METRICS = ("accuracy", "nll", "ece", "referred")
MEASURED = tuple(m.column for m in MEASURES if m.column != "log_likelihood")
KEPT = ("correct", "log_likelihood", *MEASURED)
_NORMAL = 1.959964  # standard errors to either side: 95 %
_SURE_WRONG = -np.log(np.finfo(np.float32).tiny)


def cell(
    subject: Subject,
    kind: str,
    severity: int,
    advance: Callable[[int], None] = lambda items: None,
) -> dict[str, Any]:
    """One row of the table.

    Args:
        subject: A model and its items.
        kind: Of corruption, or CLEAN.
        severity: 1 to 5; 0 for CLEAN.
        advance: Told how many items were just finished.

    Returns:
        `kind`, `severity`, `num_items`, and each metric of `METRICS` and the mean of each measure
        of the model with `_low` and `_high`, its 95 % interval. Shares: Wilson's; ECE of 15 bins:
        test inversion (`core.trust.calibration_errors`); means: the normal approximation.
    """
    parts = []
    for block in range(subject.num_blocks):
        clean = kind == CLEAN
        images = subject.images(block) if clean else subject.damaged(kind, severity, block)
        scored = subject.scored(images, block)
        parts.append(
            scored[[name for name in KEPT if name in scored]].assign(
                referred=subject.rule.refers(scored)
            )
        )
        advance(len(images))
    return {"kind": kind, "severity": severity} | summarise(pd.concat(parts))


def summarise(scored: pd.DataFrame) -> dict[str, Any]:
    """The numbers of a cell from its items' measures, `correct` and `referred`."""
    correct = scored["correct"].to_numpy(bool)
    confidence = scored["confidence"].to_numpy(float)
    surprise = np.minimum(-scored["log_likelihood"].to_numpy(float), _SURE_WRONG)
    found = {
        "accuracy": share(correct),
        "nll": mean(surprise),
        "ece": calibration_errors(confidence, correct, bin_edges(confidence)).ece,
        "referred": share(scored["referred"].to_numpy(bool)),
    }
    found |= {name: mean(scored[name].to_numpy(float)) for name in MEASURED if name in scored}
    row: dict[str, Any] = {"num_items": len(scored)}
    for name, (value, low, high) in found.items():
        row |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return row


def share(hits: np.ndarray) -> Estimate:
    """The share of hits among N, with Wilson's interval."""
    low, high = wilson(hits.sum(), len(hits))
    return Estimate(float(hits.mean()), float(low), float(high))


def mean(values: np.ndarray) -> Estimate:
    """The mean of N values, with the normal approximation's interval."""
    value = float(values.mean())
    half = _NORMAL * float(values.std(ddof=1)) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    return Estimate(value, value - half, value + half)
