"""One number per row under a name that tells of which class it is, or only that it is a score."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from core.reading.fields import Fields
from core.reading.label_values import distinct
from core.reading.names import is_score_prefix, normal, tokens, words_in
from core.reading.plain_columns import column_of, is_category, is_number_column

_SCORE_WORDS = words_in(
    "prob probs proba probability probabilities confidence conf score scores risk certainty"
)
_SPREAD_WORDS = words_in("std sd se var variance error err low high lower upper ci min loss f1")
"""What a column beside a score is of: its spread, its interval, or how good it was."""
PER_CENT = 100.0


def take_named_number(fields: Fields, table: pa.Table, taken: set[str]) -> None:
    """Beside a label of two classes and no scores: the one column named after one of the two."""
    if fields.scores or not fields.labels:
        return
    classes = distinct(fields.labels[0].values)
    if len(classes) != 2:
        return
    free = [n for n in table.column_names if n not in taken and is_number_column(table[n])]
    free = [fields.number.name] if fields.number else [n for n in free if not is_category(table[n])]
    found = [
        (name, value) for name in free for value in classes if _is_score_of(name.strip(), value)
    ]
    if len(found) == 1:
        name, fields.number_of = found[0]
        fields.number = column_of(table, name)
        taken.add(name)


def take_score_by_words(fields: Fields, table: pa.Table, taken: set[str]) -> None:
    """Without scores: the one column of fractions or per cent whose name says it is a score;
    beside a label of two classes several, as of several models.
    """
    if fields.scores or fields.number is not None:
        return
    names = [name for name in table.column_names if name not in taken]
    found = [n for n in names if tokens(n) & _SCORE_WORDS and not tokens(n) & _SPREAD_WORDS]
    found = [name for name in found if _are_shares(table[name])]
    if len(found) == 1:
        fields.number = column_of(table, found[0])
        taken.add(found[0])
    elif found and fields.labels and len(distinct(fields.labels[0].values)) <= 2:
        fields.numbers = [column_of(table, name) for name in found]
        taken.update(found)


def _are_shares(column: pa.ChunkedArray) -> bool:
    """Whether a column holds fractions from 0 to 1, or to 100."""
    if not pa.types.is_floating(column.type) or is_category(column):
        return False
    numbers = column.drop_null().to_numpy()
    numbers = numbers[np.isfinite(numbers)]
    return bool(numbers.size) and numbers.min() >= 0 and numbers.max() <= PER_CENT


def _is_score_of(name: str, value: str) -> bool:
    """Whether a name is a class's with a word for scores before or behind it: "prob_KO"."""
    bare = name.rstrip(')]"')
    words = [word for word in (bare.removesuffix(value), bare.removeprefix(value)) if word != bare]
    return any(word and is_score_prefix(word) for word in (normal(w.strip('(["')) for w in words))
