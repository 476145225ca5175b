"""A filter as pandas would apply it, row by row: the oracle, and short for a test's own use."""

import pandas as pd

from core.measures.filters import Filter, select
from core.measures.register import BY_COLUMN
from core.measures.score_arrays import ScoreArrays


def filtered(table, wanted):
    """The rows of a score table that pass, by our own arrays."""
    return table.iloc[select(ScoreArrays(table), wanted).rows]


def filtered_by_pandas(table, wanted: Filter):
    """The same by pandas' ranks and comparisons."""
    keep = pd.Series(True, index=table.index)
    ends = [end for end in (wanted.low, wanted.high) if end is not None]
    if ends:
        values = table[wanted.measure]
        if wanted.by_percentile:
            values = values.rank(method="max", pct=True) * 100
        if wanted.low is not None:
            keep &= values >= (min(ends) if len(ends) == 2 else wanted.low)
        if wanted.high is not None:
            keep &= values <= (max(ends) if len(ends) == 2 else wanted.high)
    if wanted.labels:
        keep &= table["label"].isin(wanted.labels)
    if wanted.predictions:
        keep &= table["prediction"].isin(wanted.predictions)
    if wanted.pair:
        same = (table["label"] == wanted.pair[0]) & (table["prediction"] == wanted.pair[1])
        keep &= same.fillna(False)
    if wanted.only_mistakes:
        keep &= (~table["correct"]).fillna(False)
    found = table[keep.astype(bool)]
    if wanted.most is None:
        return found
    rising = not BY_COLUMN[wanted.measure].unsure_is_high
    order = found.sort_values(wanted.measure, ascending=rising, kind="stable")
    return order.head(wanted.most).sort_index()
