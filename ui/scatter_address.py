"""A scatter's items and axes as an address, so that the browser can ask for a window of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from math import isfinite
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from core.figures.positions import CLASSES, View
from core.figures.window import Window
from core.measures.filters import Filter
from core.measures.register import BY_COLUMN
from core.measures.table import MAP
from ui.base_path import below_base
from ui.picked import Key, Picked

MOST_LETTERS = 20_000
"""Of an address's filter: a thousand classes and more."""


class Asked(NamedTuple):
    """What the browser asks for."""

    wanted: Filter
    view: View
    colour: str
    window: Window | None
    page: int


def scatter_address(key: Key, wanted: Filter, view: View, colour: str) -> str:
    """Where the windows of a scatter are asked for, with `&x0=…&x1=…&y0=…&y1=…&page=…` appended."""
    of = "/".join(quote(part, safe="") for part in (key.study, key.model))
    default = asdict(Filter())
    said = {name: part for name, part in asdict(wanted).items() if part != default[name]}
    plain = {"filter": json.dumps(said), "view": json.dumps(asdict(view)), "colour": colour}
    return below_base(f"/points/{of}?{urlencode({'version': key.version} | plain)}")


def read_address(said: Mapping[str, str], picked: Picked) -> Asked:
    """What an address asks for.

    Args:
        said: The texts behind its keys.
        picked: The study and model it names.

    Raises:
        ValueError: it asks for something that this model lacks, or is no such address.
    """
    try:
        wanted = _filter(_plain(said["filter"]), picked)
        view = read_view(_plain(said["view"]), picked)
        ends = [said.get(name) for name in ("x0", "x1", "y0", "y1")]
        window = None if None in ends else _window([float(end or "") for end in ends], view)
        page = int(said.get("page", "0"))
        colour = _one_of(said["colour"], {*CLASSES, "correct", *picked.columns})
    except (KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError("this is no address of a scatter") from error
    return Asked(wanted, view, colour, window, page)


def _plain(text: str) -> dict[str, Any]:
    if len(text) > MOST_LETTERS:
        raise ValueError("the address is too long")
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError
    return found


def _filter(said: dict[str, Any], picked: Picked) -> Filter:
    if set(said) - {field.name for field in fields(Filter)}:
        raise ValueError("there is no such condition")
    classes = len(picked.class_names)
    if "measure" in said:
        _one_of(said["measure"], set(picked.columns))
    for name in ("low", "high"):
        if name in said and not isfinite(said[name]):
            raise ValueError(f"{name} must be a number")
    for name in ("by_percentile", "only_mistakes"):
        if not isinstance(said.get(name, False), bool):
            raise TypeError
    if not isinstance(said.get("most", 1), int) or said.get("most", 1) < 1:
        raise ValueError("most must be a number over 0")
    for name in ("labels", "predictions", "pair"):
        if name in said:
            said[name] = tuple(_code(code, classes) for code in said[name])
    if len(said.get("pair", (0, 0))) != 2:
        raise ValueError("a pair has two classes")
    return Filter(**said)


def _code(code: object, num_classes: int) -> int:
    if not isinstance(code, int) or not 0 <= code < num_classes:
        raise ValueError(f"there are classes 0 to {num_classes - 1} only")
    return code


def read_view(said: Mapping[str, Any], picked: Picked) -> View:
    """Axes as an address or a link names them.

    Raises:
        ValueError: this model has no such column, or it has no logarithmic axis.
    """
    known = {*CLASSES, *picked.columns, *(name for name in MAP if name in picked.scores)}
    x, y = (_one_of(said[name], known) for name in ("x", "y"))
    logs = [said.get(f"log_{axis}", False) is True for axis in "xy"]
    for column, is_log in zip((x, y), logs, strict=True):
        if is_log and not (column in BY_COLUMN and BY_COLUMN[column].log_axis):
            raise ValueError(f"{column} has no logarithmic axis")
    return View(x, y, *logs)


def _window(ends: list[float], view: View) -> Window:
    if not all(isfinite(end) for end in ends):
        raise ValueError("a window ends at numbers")
    x, y = sorted(ends[:2]), sorted(ends[2:])
    if (view.log_x and x[0] <= 0) or (view.log_y and y[0] <= 0):
        raise ValueError("a window of a logarithmic axis starts over 0")
    return Window(x[0], x[1], y[0], y[1])


def _one_of(name: object, known: set[str]) -> str:
    if not isinstance(name, str) or name not in known:
        raise ValueError("there is no such column")
    return name
