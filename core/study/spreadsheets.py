"""Tables as CSV that are safe to open in a spreadsheet."""

from __future__ import annotations

import pandas as pd

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless_csv(table: pd.DataFrame, index: bool = True, header: bool = True) -> str:
    """`table` as CSV in which no text starts a formula when a spreadsheet opens it.

    An apostrophe is put before text cells, row names and column names that begin with
    `= + - @`, a tab or a line break. Numbers stay numbers, negative ones too.

    Args:
        table: Any.
        index: Whether the row names go along, as the first column.
        header: Whether the first line names the columns.

    Source: OWASP, CSV Injection.
    """
    safe = table.copy()
    for name in safe.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in safe.dtypes]]:
        safe[name] = safe[name].map(_harmless, na_action="ignore")
    if index and not pd.api.types.is_numeric_dtype(safe.index.dtype):
        safe.index = safe.index.map(_harmless)
    safe.columns = [_harmless(name) for name in safe.columns]
    # With a bare line feed as terminator a carriage return in a note would not be quoted.
    return safe.to_csv(index=index, header=header, lineterminator="\r\n")


def as_typed(cell: str) -> str:
    """A text cell of `harmless_csv` without the apostrophe put before it."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_STARTS_A_FORMULA) else cell


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA) else cell
