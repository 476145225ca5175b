"""Which columns of a table are the classes' scores, by their names and by their sums."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.reading.lists import column_matrix
from core.reading.names import (
    ANSWERS,
    FEATURES,
    KNOWN,
    LABELS,
    SHARES,
    framed,
    is_score_prefix,
    loosely,
    normal,
    numbered,
    words_in,
)

_SAMPLE = 1_000
_AT_ENDS = 5
_SUM_ERROR = 1e-2
_FEATURE_PREFIXES = words_in(
    """
    x f dim pixel feat feature emb embedding pca umap tsne v h z
    """
)


class Group(NamedTuple):
    """Columns that belong together.

    Attributes:
        prefix: What their names share.
        columns: Their names in the table.
        classes: What distinguishes them.
        first: The first number where they are numbered.
    """

    prefix: str
    columns: tuple[str, ...]
    classes: tuple[str, ...]
    first: int | None

    @property
    def is_features(self) -> bool:
        """Whether the names say that these are features."""
        return self.prefix in _FEATURE_PREFIXES or loosely(self.prefix, FEATURES)

    @property
    def is_labels(self) -> bool:
        """Whether the names say that these are labels in one-hot columns, or shares of people."""
        return bool(self.prefix) and (
            self.prefix in LABELS | SHARES
            or loosely(self.prefix, SHARES)
            or self.prefix.split("_")[0] in {"true", "target", "gt", "actual", "label"}
        )


def groups_of(table: pa.Table, free: list[str], label_values: frozenset[str]) -> list[Group]:
    """Groups of two and more columns of numbers, in the order of the table.

    Args:
        table: All columns.
        free: The columns of numbers that may belong to a group.
        label_values: The values of the label, wherever it is; they may name columns.
    """
    found = _numbered_groups(table, free)
    taken = {name for group in found for name in group.columns}
    left = [name for name in free if name not in taken]
    plain = [name for name in left if normal(name) not in LABELS]
    named = _named_like(left, label_values, table) or _prefixed(left, table)
    return found + (named or _summing(table, plain))


def _numbered_groups(table: pa.Table, free: list[str]) -> list[Group]:
    by_prefix: dict[str, list[tuple[int, str]]] = {}
    for name in free:
        if (parts := numbered(name)) is not None:
            by_prefix.setdefault(parts[0], []).append((parts[1], name))
    groups = []
    for prefix, members in by_prefix.items():
        members.sort()
        numbers = [number for number, _ in members]
        columns = tuple(name for _, name in members)
        in_a_row = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        if len(members) < 2 or numbers[0] not in {0, 1} or not in_a_row:
            continue
        group = Group(prefix, columns, tuple(map(str, numbers)), numbers[0])
        known = is_score_prefix(prefix) or group.is_features or group.is_labels
        if known or sums_to_one(table, columns):
            groups.append(group)
    return groups


def _named_like(free: list[str], values: frozenset[str], table: pa.Table) -> list[Group]:
    """Columns named like the label's values, with or without something before them."""
    by_prefix: dict[str, dict[str, str]] = {}
    for name in free:
        ends = [value for value in values if value and name.strip().endswith(value)]
        if ends:
            value = max(ends, key=len)
            prefix = name.strip().removesuffix(value)
            if not prefix or prefix[-1] in "_-. :/(" or is_score_prefix(normal(prefix)):
                by_prefix.setdefault(prefix, {})[name] = value
    groups = []
    for prefix, found in by_prefix.items():
        if len(set(found.values())) < 2:
            continue
        columns = _with_neighbours(free, list(found), prefix, table)
        classes = tuple(name.strip().removeprefix(prefix) for name in columns)
        groups.append(Group(normal(prefix), tuple(columns), classes, None))
    return groups


def _with_neighbours(free: list[str], found: list[str], prefix: str, table: pa.Table) -> list[str]:
    """The columns found, and classes no item has, told by the prefix or by the rows' sums."""
    if prefix:
        return [name for name in free if name.strip().startswith(prefix)]
    places = [table.column_names.index(name) for name in found]
    wide = [name for name in free if _beside(table, name, min(places), max(places), free)]
    if sums_to_one(table, found) or not sums_to_one(table, wide):
        return found
    return wide


def _beside(table: pa.Table, name: str, low: int, high: int, free: list[str]) -> bool:
    place = table.column_names.index(name)
    between = table.column_names[min(place, low) : max(place, high) + 1]
    return all(other in free for other in between)


def _prefixed(free: list[str], table: pa.Table) -> list[Group]:
    """Columns like "prob_cat" and "prob_dog", but not "y_true" and "y_score"."""
    by_prefix: dict[str, list[str]] = {}
    for name in (name for name in free if normal(name) not in KNOWN):
        for cut in (place for place, sign in enumerate(name) if sign in "_-. :/"):
            prefix = normal(name[:cut])
            known = is_score_prefix(prefix) or prefix in LABELS | SHARES
            if prefix and known and name[cut + 1 :].strip():
                by_prefix.setdefault(name[: cut + 1], []).append(name)
                break
    return [
        Group(normal(prefix), tuple(names), framed([n.removeprefix(prefix) for n in names]), None)
        for prefix, names in by_prefix.items()
        if len(names) > 1 and not (normal(prefix) in ANSWERS | LABELS and _hold_codes(table, names))
    ]


def _hold_codes(table: pa.Table, names: list[str]) -> bool:
    """Whether columns hold classes' numbers, as several tasks do: "pred_verb" and "pred_noun"."""
    whole = all(pa.types.is_integer(table[name].type) for name in names)
    return whole and any((pc.max(table[name]).as_py() or 0) > 1 for name in names)


def _summing(table: pa.Table, free: list[str]) -> list[Group]:
    """Neighbouring columns whose rows sum to 1, whatever they are called."""
    return [
        Group("", tuple(found), framed([name.strip() for name in found]), None)
        for run in _runs(table.column_names, set(free))
        for found in _shares_in(table, run)
    ]


def _shares_in(table: pa.Table, run: list[str]) -> list[list[str]]:
    """The longest part of a run that sums to 1, and what lies before and behind it if that does
    too: the classes of another task.
    """
    found = _trimmed(table, run)
    if not found:
        return _tasks_in(table, run)
    start = run.index(found[0])
    before, behind = run[:start], run[start + len(found) :]
    others = [part for part in (before, behind) if len(part) > 1 and sums_to_one(table, part)]
    return sorted([found, *others], key=lambda part: run.index(part[0]))


def _tasks_in(table: pa.Table, run: list[str]) -> list[list[str]]:
    """A run cut where all rows come to 1, and to 1 again; none, unless it ends with the last."""
    parts: list[list[str]] = []
    rest = run
    while rest:
        sums = _sampled(table, rest).cumsum(1)
        full = np.flatnonzero((np.abs(sums - 1) < _SUM_ERROR).all(0))
        if not len(full) or full[0] == 0:
            return []
        parts.append(rest[: full[0] + 1])
        rest = rest[full[0] + 1 :]
    return parts if all(sums_to_one(table, part) for part in parts) else []


def _trimmed(table: pa.Table, run: list[str]) -> list[str]:
    """A run without a few other columns at its ends; empty where no part of it sums to 1."""
    cuts = sorted(((left, right) for left in range(_AT_ENDS) for right in range(_AT_ENDS)), key=sum)
    for left, right in cuts:
        found = run[left : len(run) - right]
        if len(found) > 1 and sums_to_one(table, found):
            return found
    return []


def _runs(names: Iterable[str], free: set[str]) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for name in names:
        if name in free:
            runs[-1].append(name)
        elif runs[-1]:
            runs.append([])
    return runs


def sums_to_one(table: pa.Table, columns: Iterable[str]) -> bool:
    """Whether the first rows are shares of one: none below 0, sums within 1e-2 of 1."""
    names = list(columns)
    if not names:
        return False
    values = _sampled(table, names)
    is_positive = bool(len(values)) and values.min() > -_SUM_ERROR
    return is_positive and bool((np.abs(values.sum(1) - 1) < _SUM_ERROR).all())


def _sampled(table: pa.Table, names: list[str]) -> np.ndarray:
    """The first rows without a gap, float64."""
    values = column_matrix(table.slice(0, _SAMPLE), names, "").astype(np.float64)
    return values[np.isfinite(values).all(1)]
