"""Where one digit stands among the test digits, in plain words."""

from __future__ import annotations

import pandas as pd

from core.measures.register import Measure


def standing(table: pd.DataFrame, measure: Measure, value: float) -> tuple[int, int]:
    """How many rows are surer than `value` by a measure, and how many less sure.

    Equal rows count as neither.
    """
    found = table[measure.column].to_numpy()
    above, below = int((found > value).sum()), int((found < value).sum())
    return (below, above) if measure.unsure_is_high else (above, below)


def describe_standing(table: pd.DataFrame, measure: Measure, value: float) -> str:
    """`less sure than 99.2 % of test digits`; for atypicality, `less typical than …`."""
    surer, less_sure = standing(table, measure, value)
    is_kind = measure.column == "atypicality"
    equal = len(table) - surer - less_sure
    if equal > max(surer, less_sure):
        return f"as {'typical' if is_kind else 'sure'} as {_share(equal, len(table))}"
    if surer >= less_sure:
        return f"less {'typical' if is_kind else 'sure'} than {_share(surer, len(table))}"
    return f"{'more typical' if is_kind else 'surer'} than {_share(less_sure, len(table))}"


def _share(count: int, total: int) -> str:
    if count == total:
        return f"all {total:,} test digits"
    if count > 0.9995 * total:
        return f"all but {total - count} of the test digits"
    return f"{100 * count / total:.1f} % of test digits"
