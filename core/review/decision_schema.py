"""Which database is given: an empty one, one of ours of some version, or another program's."""

from __future__ import annotations

from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from core.review.database import StoreError, address, plain_errors, prepare
from core.review.decision_migration import migrate
from core.review.decision_tables import COLUMNS, LOG, METADATA, SCHEMA_VERSION, VERSION

_SCHEMA_LOCK = 7_305_117  # any number of our own: PostgreSQL's advisory locks have no names
_NAMED = 3  # tables of another program that a message lists


class SchemaError(StoreError):
    """The decision database was made by another version of this program."""


def open_store(engine: sa.Engine) -> None:
    """Make the tables where there are none, and bring those of an earlier version up to date.

    Raises:
        SchemaError: the database is of a version this program does not read; it is left as it is.
        StoreError: the database cannot be used, or is another program's, and left as it is.
    """
    prepare(engine)
    with plain_errors():
        version = _look(engine)
        if version in (None, *COLUMNS) and engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        if version is None or (version in COLUMNS and version < SCHEMA_VERSION):
            with engine.begin() as connection:
                version = _make_or_migrate(connection)
    if version != SCHEMA_VERSION:
        age = "an older" if version < SCHEMA_VERSION else "a newer"
        raise SchemaError(
            f"The decision database is of {age} schema, version {version}; this program "
            f"reads version {SCHEMA_VERSION}. Give it another database; this one is unchanged."
        )


def _look(engine: sa.Engine) -> int | None:
    """The version, see `_schema_version`.

    Looked at twice before a database is called another program's: while another replica brings it
    up to date, one look may find the old version and the new columns. That happens once.
    """
    with suppress(StoreError), engine.connect() as connection:
        return _schema_version(connection)
    with engine.connect() as connection:
        return _schema_version(connection)


def _make_or_migrate(connection: sa.Connection) -> int:
    """Under a lock, since two first reviewers may come at once."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
    version = _schema_version(connection)
    if version is None:
        _create_tables(connection)
    elif version in COLUMNS and version < SCHEMA_VERSION:
        migrate(connection)
    else:
        return version
    return SCHEMA_VERSION


def _create_tables(connection: sa.Connection) -> None:
    for table in METADATA.sorted_tables:
        connection.execute(CreateTable(table))
    for index in LOG.indexes:
        connection.execute(CreateIndex(index))
    connection.execute(VERSION.insert().values(version=SCHEMA_VERSION))


def _schema_version(connection: sa.Connection) -> int | None:
    """The version written there, 0 for tables without one, None for a database without tables.

    Raises:
        StoreError: the tables are another program's, or the log of ours is gone.
    """
    found = sa.inspect(connection)
    names = set(found.get_table_names())
    if not names:
        return None
    if not {VERSION.name, LOG.name} & names:
        raise _foreign(connection, f"it holds {_list(names)}")
    version = _written_version(connection) if VERSION.name in names else 0
    if LOG.name not in names:
        raise StoreError(
            f"The decision database {address(connection.engine)} has lost its table of decisions:"
            " bring it back from a backup, or give another database."
        )
    columns = {column["name"] for column in found.get_columns(LOG.name)}
    expected = [COLUMNS[version]] if version in COLUMNS else list(COLUMNS.values())
    if version <= SCHEMA_VERSION and not any(names <= columns for names in expected):
        raise _foreign(connection, f"its table {LOG.name} has other columns")
    return version


def _written_version(connection: sa.Connection) -> int:
    if {column["name"] for column in sa.inspect(connection).get_columns(VERSION.name)} != {
        "version"
    }:
        raise _foreign(connection, f"its table {VERSION.name} has other columns")
    as_stored: sa.ColumnElement[int] = sa.literal_column("version")
    versions = connection.execute(sa.select(as_stored).select_from(VERSION)).scalars().all()
    strange = [value for value in versions if not isinstance(value, int)]
    if strange:
        raise _foreign(connection, f"its schema version is {strange[0]!r}, which is no number")
    return max(versions, default=0)


def _foreign(connection: sa.Connection, reason: str) -> StoreError:
    return StoreError(
        f"The decision database {address(connection.engine)} was not made by this program:"
        f" {reason}. Give it a database of its own; this one is unchanged."
    )


def _list(names: set[str]) -> str:
    some = ", ".join(sorted(names)[:_NAMED])
    more = len(names) - _NAMED
    kind = "table" if len(names) == 1 else "tables"
    return f"the {kind} {some}" + (f" and {more} more" if more > 0 else "")
