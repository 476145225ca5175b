"""Tables without a header: what a column is follows from its place and its values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.reading.containers import Contents
from core.reading.fields import Column, Fields, Scores
from core.reading.lists import column_matrix
from core.reading.names import LABELS, loosely
from core.reading.score_columns import sums_to_one


def headerless_fields(contents: Contents, table: pa.Table) -> Fields:
    """A leading row number or unique text names the rows; fractions are scores; a column of
    whole numbers or text beside them is a label, told by its place.
    """
    fields = Fields(contents.file, contents.stem, table.num_rows)
    names = list(table.column_names)
    if _leads(table, names):
        fields.ids = Column(names[0], table[names[0]].cast(pa.string()).combine_chunks())
        names = names[1:]
    fractions = [name for name in names if pa.types.is_floating(table[name].type)]
    fractions = _without_label(table, fractions, alone=len(names) == 1)
    whole = [name for name in names if pa.types.is_integer(table[name].type)]
    if not fractions and len(whole) > 1:
        fractions, whole = whole, []
    others = [name for name in names if name not in fractions]
    if len(others) > 1:  # what is the same in every row tells nothing
        others = [n for n in others if pc.count_distinct(table[n]).as_py() > 1] or others
    if len(fractions) > 1:
        fields.scores.append(
            Scores(
                "columns", column_matrix(table, fractions, contents.file), columns=tuple(fractions)
            )
        )
    elif fractions:
        fields.number = Column(fractions[0], table[fractions[0]].combine_chunks())
    fields.labels = [Column(name, table[name].combine_chunks()) for name in others]
    fields.labels_guessed = bool(others) and not loosely(contents.stem, LABELS)
    return fields


def _without_label(table: pa.Table, fractions: list[str], alone: bool) -> list[str]:
    """The columns but for labels written as 2.0, as NumPy's `savetxt` does: one column alone, or
    one beside columns that sum to 1 without it.
    """
    for name in fractions[:1] + fractions[-1:]:
        values = table[name].drop_null().to_numpy()
        if not len(values) or (values != np.floor(values)).any() or (values == values[0]).all():
            continue
        others = [other for other in fractions if other != name]
        if alone or (len(others) > 1 and sums_to_one(table, others)):
            return others
    return fractions


def _leads(table: pa.Table, names: list[str]) -> bool:
    """Whether the first of several columns names the rows."""
    if len(names) < 2:
        return False
    column = table[names[0]]
    if column.null_count or pc.count_distinct(column).as_py() < len(column):
        return False
    if pa.types.is_string(column.type):
        return len(column) > 1
    if not pa.types.is_integer(column.type):
        return False
    numbers = column.to_numpy()
    counts_up = bool((np.diff(numbers) == 1).all()) and numbers[0] in {0, 1}
    return counts_up or int(numbers.max()) > len(names)
