"""The forms in which programs write rows as JSON, brought to one: a list of objects."""

from __future__ import annotations

from typing import Any

from core.reading.names import KNOWN, normal

_ROWS = list[dict[str, Any]]
_ALMOST = 1e-2
_MANY = 10
"""Whole numbers by name are few where they count something: true positives, epochs."""


def rows_of(found: Any) -> _ROWS | None:
    """The rows of a JSON document, one object each; None where it has another form.

    Known are a list of objects, also as the only list of an object beside other facts; what
    `pandas.DataFrame.to_json` writes by columns, by rows and split; and an object that gives each
    item's object, its probabilities or its class by the item's name.
    """
    if isinstance(found, list):
        return found if found and all(isinstance(row, dict) for row in found) else None
    if not isinstance(found, dict) or not found:
        return None
    return _wrapped(found) or _split(found) or _of_objects(found) or _of_values(found)


def _wrapped(found: dict[str, Any]) -> _ROWS | None:
    """The only list among facts of other kinds: `{"model": "cnn", "predictions": [{…}]}`."""
    lists = [part for part in found.values() if isinstance(part, list)]
    return rows_of(lists[0]) if len(lists) == 1 else None


def _split(found: dict[str, Any]) -> _ROWS | None:
    """`to_json(orient="split")`: names of the columns, of the rows, and the values."""
    names, values = found.get("columns"), found.get("data")
    if not isinstance(names, list) or not isinstance(values, list) or not values:
        return None
    index = found.get("index", list(range(len(values))))
    lists = all(isinstance(row, list) and len(row) == len(names) for row in values)
    if not lists or not isinstance(index, list) or len(index) != len(values):
        return None
    rows = (dict(zip(map(str, names), row, strict=True)) for row in values)
    return _named(index, rows)


def _of_objects(found: dict[str, Any]) -> _ROWS | None:
    """`to_json()`, a column an object by the rows' names; or an object per item by its name."""
    parts = list(found.values())
    if len(parts) < 2 and not set(map(normal, found)) & KNOWN:
        return None
    if not all(isinstance(part, dict) and part.keys() == parts[0].keys() for part in parts):
        return None
    if not set(map(normal, found)) & KNOWN:
        return _named(list(found), iter(parts))
    columns = ({name: part[row] for name, part in found.items()} for row in parts[0])
    return _named(list(parts[0]), columns)


def _of_values(found: dict[str, Any]) -> _ROWS | None:
    """Probabilities or a class for each item by its name."""
    if set(map(normal, found)) & KNOWN or len(found) < 2:
        return None
    parts = list(found.values())
    if all(isinstance(part, str) for part in parts) or (
        all(type(part) is int for part in parts) and len(parts) >= _MANY
    ):
        return [{"id": name, "label": part} for name, part in found.items()]
    if all(_are_shares(part) and len(part) == len(parts[0]) for part in parts):
        return [
            {"id": name} | {f"c{place}": share for place, share in enumerate(part)}
            for name, part in found.items()
        ]
    return None


def _are_shares(part: Any) -> bool:
    if not isinstance(part, list) or len(part) < 2 or not all(type(one) is float for one in part):
        return False
    return min(part) >= 0 and abs(sum(part) - 1) < _ALMOST


def _named(names: list[Any], rows: Any) -> _ROWS:
    """Rows with the names that stand beside them, but where these only count."""
    listed = list(rows)
    counts = [str(name) for name in names] == [str(place) for place in range(len(listed))]
    if counts or any("id" in row for row in listed):
        return listed
    return [{"id": str(name)} | row for name, row in zip(names, listed, strict=True)]
