"""How several models do on the same items, and on items unlike them: a row a number.

The columns of such a table: `model`, `items` (which set, as a person reads it), `metric`, and the
number with its 95 % interval in `value`, `low` and `high`, nan where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri

from core.measures.estimate_correlation import rank_correlation
from core.measures.register import higher_is_surer
from core.study.predictions import Predictions
from core.trust.answers import errors
from core.trust.calibration import metric_estimates
from core.trust.detection import detection
from core.trust.intervals import LEVEL, UNKNOWN, Estimate
from core.trust.judged import judge
from core.trust.selective import risk_coverage

COLUMNS = ("model", "items", "metric", "value", "low", "high")
TELLING = (
    "least_confidence",
    "predictive_entropy",
    "expected_entropy",
    "mutual_information",
    "variation_ratio",
    "atypicality",
)
"""The measures by which errors and unlike items are looked for; confidence ties in 32 bits."""
COST = "What each costs"
"""What stands for a set in the rows that tell what a model costs."""
OF_MANY = ("expected_entropy", "mutual_information", "variation_ratio")


def judged_metrics(predictions: Predictions) -> dict[str, Estimate]:
    """Metrics of a model on labelled items, and how well each of its measures finds its errors.

    Returns:
        `accuracy`, `nll`, `brier`, `ece` and its null band `ece_null` of 15 bins, `correlation` of
        the two estimates where there are several members, and `auroc_` with a measure's column.
    """
    found = judge(predictions)
    calibration = errors(found)
    metrics = metric_estimates(found)
    metrics |= {"ece": calibration.ece, "ece_null": calibration.ece_null}
    if predictions.num_members > 1:
        metrics["correlation"] = correlation_estimate(predictions.scores)
    return metrics | separations(predictions.scores, found.correct, predictions.num_members)


def unlike_metrics(
    usual: pd.DataFrame, unlike: pd.DataFrame, num_members: int
) -> dict[str, Estimate]:
    """How well each measure tells unlike items from usual ones: `auroc_` with its column.

    Args:
        usual: Score table of items like those the model was trained on.
        unlike: Score table of others.
        num_members: S.
    """
    columns = [name for name in TELLING if name in usual and name in unlike]
    table = pd.concat([usual[columns], unlike[columns]], ignore_index=True)
    return separations(table, np.arange(len(table)) < len(usual), num_members)


def separations(table: pd.DataFrame, sure: np.ndarray, num_members: int) -> dict[str, Estimate]:
    """AUROC of each measure for telling rows from those it should be sure of (N,) bool."""
    columns = [
        name for name in TELLING if name in table and (num_members > 1 or name not in OF_MANY)
    ]
    return {
        f"auroc_{name}": detection(
            risk_coverage(table[name].to_numpy(float), sure, higher_is_surer(name))
        ).auroc
        for name in columns
    }


def correlation_estimate(table: pd.DataFrame) -> Estimate:
    """Spearman's correlation of the aleatoric with the epistemic estimate, with its interval.

    Reference: Bonett and Wright, "Sample size requirements for estimating Pearson, Kendall and
    Spearman correlations", 2000, section 3.
    """
    found = rank_correlation(table)
    if not np.isfinite(found) or len(table) < 4 or abs(found) >= 1:
        return UNKNOWN if not np.isfinite(found) else Estimate(found, float("nan"), float("nan"))
    half = ndtri((1 + LEVEL) / 2) * np.sqrt((1 + found**2 / 2) / (len(table) - 3))
    ends = np.tanh(np.arctanh(found) + np.array([-half, half]))
    return Estimate(found, float(ends[0]), float(ends[1]))


def as_rows(model: str, items: str, metrics: Mapping[str, Estimate]) -> pd.DataFrame:
    """The rows of one model on one set of items."""
    return pd.DataFrame(
        [(model, items, metric, *estimate) for metric, estimate in metrics.items()],
        columns=list(COLUMNS),
    )


def estimate_in(table: pd.DataFrame, model: str, items: str, metric: str) -> Estimate:
    """One number of such a table; all nan where it is not there."""
    rows = table[
        (table["model"] == model) & (table["items"] == items) & (table["metric"] == metric)
    ]
    return Estimate(*(float(rows.iloc[0][end]) for end in COLUMNS[3:])) if len(rows) else UNKNOWN


def sets_in(table: pd.DataFrame) -> dict[str, bool]:
    """The sets of such a table in order, and whether their labels are known."""
    judged = set(table.loc[table["metric"] == "accuracy", "items"])
    return {items: items in judged for items in pd.unique(table["items"]) if items != COST}


def read_comparison(path: Path) -> pd.DataFrame:
    """Such a table from its file.

    Raises:
        ValueError: it is no such table.
        OSError: it cannot be read.
    """
    table = pd.read_csv(path)
    numbers = table.columns[3:]
    if tuple(table.columns) != COLUMNS or any(
        table[name].dtype.kind not in "fi" for name in numbers
    ):
        raise ValueError(f"{path} must hold the columns {', '.join(COLUMNS)}")
    return table
