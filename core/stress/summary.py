"""A stress table in one number: the mean corruption error.

D. Hendrycks and T. Dietterich (2019), "Benchmarking Neural Network Robustness to Common Corruptions
and Perturbations", ICLR, section 4.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.corruptions.kinds import BENCHMARK, KINDS, UNTRAINED
from core.stress.cells import CLEAN


def corruption_errors(table: pd.DataFrame) -> dict[str, float]:
    """The error rate under each kind, the mean over its five severities; in [0, 1]."""
    means = 1 - table[table["kind"] != CLEAN].groupby("kind", sort=False)["accuracy"].mean()
    return {kind: float(means[kind]) for kind in BENCHMARK if kind in means}


def mean_corruption_error(table: pd.DataFrame, baseline: pd.DataFrame | None = None) -> float:
    """mCE: the mean over all kinds of the error under each; lower is better.

    Args:
        table: Of the model.
        baseline: Of a model that each kind's error is divided by first, as in the article (there
            AlexNet): 1 is as bad as it. Without one the mean error itself, in [0, 1].
    """
    errors = corruption_errors(table)
    if baseline is None:
        return float(np.mean(list(errors.values())))
    others = corruption_errors(baseline)
    ratios = [errors[kind] / others[kind] for kind in errors if others.get(kind)]
    return float(np.mean(ratios)) if ratios else float("nan")


def at_published(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The cells at MNIST-C's published severities in short.

    Args:
        rows: Cells; those at other severities are left out.

    Returns:
        `kinds`: by kind `error`, `confidence`, `ece` and `counterpart`, the operator of the
        ensemble's training like it, or None; `mean_error`, `worst_error`, and
        `untrained_mean_error` over the kinds without a counterpart.
    """
    kinds: dict[str, dict[str, Any]] = {
        str(row["kind"]): {
            "error": 1 - float(row["accuracy"]),
            "confidence": float(row["confidence"]),
            "ece": float(row["ece"]),
            "counterpart": KINDS[row["kind"]].counterpart,
        }
        for row in rows
        if row["kind"] in KINDS and row["severity"] == KINDS[row["kind"]].published
    }
    errors = {kind: found["error"] for kind, found in kinds.items()}
    untrained = [errors[kind] for kind in UNTRAINED if kind in errors]
    return {
        "kinds": kinds,
        "mean_error": float(np.mean(list(errors.values()))),
        "worst_error": max(errors.values()),
        "untrained_mean_error": float(np.mean(untrained)),
    }
