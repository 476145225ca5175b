"""Where one item stands among those of a data set, in plain words."""

from __future__ import annotations

import pandas as pd

from core.measures.register import Measure
from core.study.dataset import Dataset


def standing(table: pd.DataFrame, measure: Measure, value: float) -> tuple[int, int]:
    """How many rows are surer than `value` by a measure, and how many less sure.

    Equal rows count as neither.
    """
    found = table[measure.column].to_numpy()
    above, below = int((found > value).sum()), int((found < value).sum())
    return (below, above) if measure.unsure_is_high else (above, below)


def describe_standing(dataset: Dataset, table: pd.DataFrame, measure: Measure, value: float) -> str:
    """`less sure than 99.2 % of images in the test set`; for atypicality, `less typical than …`."""
    surer, less_sure = standing(table, measure, value)
    is_kind = measure.column == "atypicality"
    equal = len(table) - surer - less_sure
    if equal > max(surer, less_sure):
        return f"as {'typical' if is_kind else 'sure'} as {_share(equal, dataset)}"
    if surer >= less_sure:
        return f"less {'typical' if is_kind else 'sure'} than {_share(surer, dataset)}"
    return f"{'more typical' if is_kind else 'surer'} than {_share(less_sure, dataset)}"


def _share(count: int, dataset: Dataset) -> str:
    total, where = len(dataset), f"{dataset.noun.many} in {dataset.title}"
    if count == total:
        return f"all {total:,} {where}"
    if count > 0.9995 * total:
        return f"all but {total - count} of the {where}"
    return f"{100 * count / total:.1f} % of {where}"
