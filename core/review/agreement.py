"""Do the reviewers agree? Verdicts, Cohen's kappa and the items they dispute."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd


def verdicts(current: pd.DataFrame) -> pd.DataFrame:
    """What each reviewer settled, one row per item and one column per reviewer; NaN where nothing.

    A verdict is "keep", "relabel 3", "unclear" or "none of these". What was skipped is not settled.

    Args:
        current: core.review.decisions.current_decisions, or those by row; the index is kept.
    """
    settled = current[current["decision"] != "skip"]
    verdict = settled["decision"].where(
        settled["decision"] != "relabel", "relabel " + settled["new_label"].astype("string")
    )
    long = pd.DataFrame({"reviewer": settled["reviewer"], "verdict": verdict.astype(object)})
    return long.set_index("reviewer", append=True)["verdict"].unstack("reviewer").sort_index()


def disputed(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `verdicts` on which at least two reviewers differ."""
    return table[table.nunique(axis=1) > 1]


def agreement(table: pd.DataFrame) -> pd.DataFrame:
    """Each pair of reviewers: items both settled, share settled alike, Cohen's kappa.

    Columns reviewer_a, reviewer_b, num_both, agreed in [0, 1], kappa in [-1, 1].

    Args:
        table: From `verdicts`.
    """
    rows = []
    for a, b in combinations(table.columns, 2):
        both = table[[a, b]].dropna()
        agreed = float((both[a] == both[b]).mean()) if len(both) else np.nan
        kappa = cohens_kappa(both[a].to_numpy(), both[b].to_numpy())
        rows.append((a, b, len(both), agreed, kappa))
    return pd.DataFrame(rows, columns=["reviewer_a", "reviewer_b", "num_both", "agreed", "kappa"])


def cohens_kappa(first: np.ndarray, second: np.ndarray) -> float:
    """Agreement of two reviewers beyond chance, `(p_o - p_e) / (1 - p_e)`, at most 1.

    `p_o` is the share of items they settled alike and `p_e` the share expected if each kept
    their own frequencies but answered at random. NaN where nothing was settled by both or where
    chance alone makes them agree always, since then there is nothing to measure.

    Args:
        first: Verdicts (N,) of any comparable type.
        second: Verdicts (N,) on the same items.

    Source: Cohen (1960), A coefficient of agreement for nominal scales, eq. 1.
    """
    if len(first) == 0:
        return float("nan")
    _, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    counts = np.zeros((codes.max() + 1, codes.max() + 1))
    np.add.at(counts, (codes[: len(first)], codes[len(first) :]), 1)
    table = counts / len(first)
    observed = float(np.trace(table))
    expected = float(table.sum(axis=1) @ table.sum(axis=0))
    return (observed - expected) / (1 - expected) if expected < 1 else float("nan")
