"""The log of decisions on labels: appended, never changed; an undo is a row too."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.review.database import plain_errors
from core.review.decision_tables import LOG
from core.review.decision_words import DECISIONS

MAX_ITEM = 500  # with the reviewer at most 2,400 bytes; PostgreSQL's index takes 2,704
MAX_REVIEWER = 100
MAX_NOTE = 2_000
_KINDS = {
    "number": "int64",
    "item": "str",
    "given_label": "int64",
    "new_label": "Int64",
    "time": "datetime64[us, UTC]",
}
Asked = str | sa.BindParameter[str]
_SQLITE_WRITER = Lock()
"""SQLite's own wait for a lock is a lottery: of ten threads the unluckiest waited 4.5 s."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What one reviewer decided on one item; `id` is drawn here, so that a retry is known as one.

    Attributes:
        data_set: Name of the data set.
        data_hash: Its fingerprint.
        item: The item's id in the data set.
        given_label: The label it has there.
        decision: One of core.review.decision_words.DECISIONS.
        new_label: The right class, for "relabel" only.
        undoes: The id of the decision taken back, for "undo" only.
        reviewer: Who decided.
        model: The model which ranked.
        note: Free text.
        scores: Measures at that time, column -> number; a NaN is kept as None.
        id: 32 hexadecimal digits.
        time: With its zone.

    Raises:
        ValueError: a field is not as described; the message names it.
    """

    data_set: str
    data_hash: str
    item: str
    given_label: int
    decision: str
    reviewer: str
    model: str
    new_label: int | None = None
    undoes: str | None = None
    note: str = ""
    scores: Mapping[str, float | None] = field(default_factory=dict)
    id: str = field(default_factory=lambda: uuid4().hex)
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        if self.decision not in DECISIONS:
            raise ValueError(f"decision must be one of {DECISIONS}, not {self.decision!r}")
        if (self.decision == "relabel") != (self.new_label is not None):
            raise ValueError(f"new_label must come with 'relabel' alone, got {self.new_label!r}")
        if (self.decision == "undo") != (self.undoes is not None):
            raise ValueError(f"undoes must come with 'undo' alone, got {self.undoes!r}")
        _require_text("item", self.item, 1, MAX_ITEM)
        _require_text("reviewer", self.reviewer, 1, MAX_REVIEWER)
        _require_text("note", self.note, 0, MAX_NOTE)
        for name in ("given_label", "new_label"):
            object.__setattr__(self, name, _natural(name, getattr(self, name)))
        plain = {name: _finite(value) for name, value in self.scores.items()}
        object.__setattr__(self, "scores", MappingProxyType(plain))


def append(engine: sa.Engine, *decisions: Decision) -> None:
    """Write decisions to disk, all or none; when this returns, they outlive crash and power cut.

    Appending the same Decision again changes nothing, so after a StoreError simply try again:
    whether or not the first attempt had arrived, the log holds it once.

    Raises:
        StoreError: the decisions are not known to be written.
    """
    sqlite_file = engine.dialect.name == "sqlite"
    insert = (sqlite if sqlite_file else postgresql).insert(LOG).on_conflict_do_nothing()
    one_writer = _SQLITE_WRITER if sqlite_file else nullcontext()
    with one_writer, plain_errors(), engine.begin() as connection:
        connection.execute(insert, [_row(decision) for decision in decisions])


def undo_of(engine: sa.Engine, data_hash: str, reviewer: str, model: str) -> Decision | None:
    """The row that takes back the reviewer's newest decision that stands, to be appended.

    Raises:
        StoreError: the database cannot be read.
    """
    newest = _standing(data_hash, reviewer).order_by(LOG.c.number.desc()).limit(1)
    with plain_errors(), engine.connect() as connection:
        row = connection.execute(newest).mappings().first()
    if row is None:
        return None
    return Decision(
        data_set=row["data_set"],
        data_hash=data_hash,
        item=row["item"],
        given_label=row["given_label"],
        decision="undo",
        undoes=row["id"],
        reviewer=reviewer,
        model=model,
    )


def load_log(engine: sa.Engine, data_hash: str) -> pd.DataFrame:
    """Every row on a data set in the order written: the columns of Decision after `number`.

    Raises:
        StoreError: the database cannot be read.
    """
    return _read(engine, LOG.select().where(LOG.c.data_hash == data_hash).order_by(LOG.c.number))


def all_decisions(engine: sa.Engine) -> Iterator[Decision]:
    """Every row on every data set in the order written, read in one transaction.

    Raises:
        StoreError: the database cannot be read.
    """
    names = [item.name for item in fields(Decision)]
    query = sa.select(*(LOG.c[name] for name in names)).order_by(LOG.c.number)
    with plain_errors(), engine.connect() as connection:
        for row in connection.execution_options(yield_per=1_000).execute(query).mappings():
            yield Decision(**row)


def current_decisions(
    engine: sa.Engine,
    data_hash: str,
    reviewer: str | None = None,
    columns: Sequence[str] = tuple(LOG.c.keys()),
) -> pd.DataFrame:
    """The decision that stands for each reviewer and item: the newest that is not undone.

    Index `item`, once per reviewer who decided on it; those of load_log's columns asked for.

    Raises:
        StoreError: the database cannot be read.
    """
    asked = {"data_hash": data_hash} | ({} if reviewer is None else {"reviewer": reviewer})
    query = _current(tuple(dict.fromkeys(["item", *columns])), reviewer is not None)
    return _read(engine, query, asked, index="item")


@cache  # each press of a key asks it
def _current(columns: tuple[str, ...], is_of_one: bool) -> sa.Select[Any]:
    reviewer: Asked | None = sa.bindparam("reviewer") if is_of_one else None
    standing = _standing(sa.bindparam("data_hash"), reviewer)
    newest = standing.with_only_columns(sa.func.max(LOG.c.number)).group_by(
        LOG.c.reviewer, LOG.c.item
    )
    wanted = (LOG.c[name] for name in columns)
    return sa.select(*wanted).where(LOG.c.number.in_(newest)).order_by(LOG.c.number)


def _standing(data_hash: Asked, reviewer: Asked | None) -> sa.Select[Any]:
    undo = LOG.alias()
    undone = sa.exists().where(undo.c.undoes == LOG.c.id)
    rows = LOG.select().where(LOG.c.data_hash == data_hash, LOG.c.decision != "undo", ~undone)
    return rows if reviewer is None else rows.where(LOG.c.reviewer == reviewer)


def _read(
    engine: sa.Engine,
    query: sa.Select[Any],
    asked: Mapping[str, str] = MappingProxyType({}),
    index: str | None = None,
) -> pd.DataFrame:
    with plain_errors(), engine.connect() as connection:
        found = connection.execute(query, asked)
        names, rows = list(found.keys()), found.all()
    values = zip(*rows, strict=True) if rows else ((),) * len(names)
    columns = {name: _column(name, some) for name, some in zip(names, values, strict=True)}
    named = None if index is None else pd.Index(columns.pop(index), name=index)
    return pd.DataFrame(columns, index=named)


def _column(name: str, values: Sequence[Any]) -> Any:
    """Of its kind from the start: a frame's own change of kinds takes milliseconds."""
    return pd.Series(list(values), dtype=_KINDS.get(name)).array


def _row(decision: Decision) -> dict[str, Any]:
    row = {item.name: getattr(decision, item.name) for item in fields(decision)}
    return row | {"scores": dict(decision.scores)}


def _require_text(name: str, text: str, shortest: int, longest: int) -> None:
    if not shortest <= len(text.strip()) <= len(text) <= longest:
        raise ValueError(f"{name} must have {shortest} to {longest} characters, got {len(text)}")
    if "\0" in text or text != text.encode(errors="ignore").decode():  # a lone surrogate
        raise ValueError(f"{name} has a character that is no text: {text!r}")


def _natural(name: str, value: Any) -> int | None:
    if value is None:
        return None
    number = operator.index(value)
    if number < 0:
        raise ValueError(f"{name} must be 0 or more, got {number}")
    return number


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
