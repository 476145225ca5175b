"""The tables of the decision log, and the version they are of."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from core.review.database import StoreError, plain_errors, prepare

SCHEMA_VERSION = 1
_SCHEMA_LOCK = 7_305_117  # any number of our own: PostgreSQL's advisory locks have no names


class SchemaError(StoreError):
    """The decision database was made by another version of this program."""


class UtcTime(sa.TypeDecorator[datetime]):
    """A time with its zone: SQLite keeps none, so everything is stored and read as UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """The time as UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """The time as UTC, its zone said."""
        if value is None or value.tzinfo:
            return value.astimezone(UTC) if value else None
        return value.replace(tzinfo=UTC)


_metadata = sa.MetaData()
_version = sa.Table("schema_version", _metadata, sa.Column("version", sa.Integer, primary_key=True))
LOG = sa.Table(
    "decisions",
    _metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("id", sa.String(32), nullable=False, unique=True),
    sa.Column("data_set", sa.Text, nullable=False),
    sa.Column("data_hash", sa.Text, nullable=False),
    sa.Column("index", sa.Integer, nullable=False),
    sa.Column("given_label", sa.Integer, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("new_label", sa.Integer),
    sa.Column("undoes", sa.String(32), unique=True),  # so no decision is undone twice
    sa.Column("reviewer", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("time", UtcTime, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("scores", sa.JSON, nullable=False),
    sa.Index("decisions_by_reviewer", "data_hash", "reviewer", "index"),
)


def open_store(engine: sa.Engine) -> None:
    """Make the tables where there are none, and see that they are of this program's schema.

    Raises:
        SchemaError: the database is of an older or newer schema; it is left as it is.
        StoreError: the database cannot be used.
    """
    prepare(engine)
    with plain_errors():
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        with engine.connect() as connection:
            version = _schema_version(connection)
        if version is None:
            with engine.begin() as connection:
                _create_schema(connection)
                version = _schema_version(connection)
    if version != SCHEMA_VERSION:
        age = "an older" if (version or 0) < SCHEMA_VERSION else "a newer"
        raise SchemaError(
            f"The decision database is of {age} schema, version {version or 0}; this program "
            f"reads version {SCHEMA_VERSION}. Give it another database; this one is unchanged."
        )


def _schema_version(connection: sa.Connection) -> int | None:
    """The version written there, 0 for tables without one, None for a database without tables."""
    names = sa.inspect(connection).get_table_names()
    if _version.name in names:
        return connection.execute(sa.select(sa.func.max(_version.c.version))).scalar() or 0
    return 0 if LOG.name in names else None


def _create_schema(connection: sa.Connection) -> None:
    """Under a lock, since two first reviewers may come at once."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
    for table in _metadata.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
    for index in LOG.indexes:
        connection.execute(CreateIndex(index, if_not_exists=True))
    if connection.execute(sa.select(_version.c.version)).first() is None:
        connection.execute(_version.insert().values(version=SCHEMA_VERSION))
