"""The split into an aleatoric and an epistemic estimate, and how far to believe it."""

from __future__ import annotations

import pandas as pd


def least_sure(table: pd.DataFrame, share: float) -> pd.DataFrame:
    """The rows of a score table with the highest predictive entropy: that share of them."""
    return table.nlargest(round(share * len(table)), "predictive_entropy")


def rank_correlation(table: pd.DataFrame) -> float:
    """Spearman's correlation of expected entropy with mutual information over a score table.

    In [-1, 1]; at 1 the two order the images the same and the split tells nothing more than
    either. NaN where one of them is constant, as for a single member.
    """
    # By its definition, as pandas' own method="spearman" loads SciPy's statistics for it.
    return float(table["expected_entropy"].rank().corr(table["mutual_information"].rank()))
