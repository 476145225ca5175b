"""Two models' answers on the items of a study, one row per item: what pages list and draw.

N items.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.measures.disagreement import disagreement
from core.study.study import Study
from core.trust.comparison import OUTCOMES, outcome_codes

AGREEMENT = ("differ", "agree")
"""The outcomes where no item has a label: whether both models give the same answer."""
ORDERS = ("disagreement", "confidence_gap", "row")
"""What lists of items can be sorted by, the most telling first."""


def side_by_side(study: Study, first: str, second: str) -> pd.DataFrame:
    """Both models' answers on the labelled items, or on all items where no label is known.

    Args:
        study: Which.
        first: Name of a model.
        second: Name of another one.

    Returns:
        Index: row numbers. `label` (missing where not known), `first` and `second` (class codes),
        `outcome` (of `OUTCOMES`, or of `AGREEMENT` without labels); where both models have them,
        `first_confidence` and `second_confidence` in [0, 1] with `confidence_gap`, their absolute
        difference; where both have a distribution, `disagreement`, the Jensen-Shannon divergence
        in nats, 0 to ln 2.

    Raises:
        ValueError: no such model.
    """
    models = study.model(first), study.model(second)
    one, other = (model.scores for model in models)
    has_labels = len(study.dataset.labelled) > 0
    columns = {
        "label": one["label"],
        "first": one["prediction"],
        "second": other["prediction"],
        "outcome": _outcomes(one, other, has_labels),
    }
    if "confidence" in one and "confidence" in other:
        columns |= {"first_confidence": one["confidence"], "second_confidence": other["confidence"]}
        gap = one["confidence"].astype(float) - other["confidence"].astype(float)
        columns["confidence_gap"] = gap.abs()
    if all(model.has_distribution for model in models):
        columns["disagreement"] = disagreement(*models)
    found = pd.DataFrame(columns, index=one.index)
    return found.iloc[study.dataset.labelled] if has_labels else found


def orders_in(table: pd.DataFrame) -> list[str]:
    """Of `ORDERS`, those that a table from `side_by_side` can be sorted by."""
    return [name for name in ORDERS if name in table or name == "row"]


def in_order(table: pd.DataFrame, order: str) -> pd.DataFrame:
    """The table sorted by one of `ORDERS`, the largest first; equal ones: the lower row first."""
    return table if order == "row" else table.sort_values(order, ascending=False, kind="stable")


def outcomes_in(table: pd.DataFrame) -> dict[str, int]:
    """How many items have each outcome, those of 0 too, in their order."""
    kinds = OUTCOMES if table["label"].notna().any() else AGREEMENT
    counts = table["outcome"].value_counts()
    return {name: int(counts.get(name, 0)) for name in kinds}


def _outcomes(one: pd.DataFrame, other: pd.DataFrame, has_labels: bool) -> pd.Categorical:
    answers = one["prediction"].to_numpy(np.int64), other["prediction"].to_numpy(np.int64)
    if not has_labels:
        return pd.Categorical(_named(AGREEMENT, answers[0] == answers[1]), AGREEMENT)
    labels = one["label"].fillna(-1).to_numpy(np.int64)
    codes = outcome_codes(answers[0] == labels, answers[1] == labels)
    return pd.Categorical(_named(OUTCOMES, codes), OUTCOMES)


def _named(names: tuple[str, ...], codes: np.ndarray) -> np.ndarray:
    return np.array(names, dtype=object)[codes.astype(np.int64)]
