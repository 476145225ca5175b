"""The tables of the decision log."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

SCHEMA_VERSION = 2


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


METADATA = sa.MetaData()
VERSION = sa.Table("schema_version", METADATA, sa.Column("version", sa.Integer, primary_key=True))
LOG = sa.Table(
    "decisions",
    METADATA,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("id", sa.String(32), nullable=False, unique=True),
    sa.Column("data_set", sa.Text, nullable=False),
    sa.Column("data_hash", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("given_label", sa.Integer, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("new_label", sa.Integer),
    sa.Column("undoes", sa.String(32), unique=True),  # so no decision is undone twice
    sa.Column("reviewer", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("time", UtcTime, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("scores", sa.JSON, nullable=False),
    sa.Index("decisions_by_reviewer", "data_hash", "reviewer", "item"),
)
COLUMNS = {1: {*LOG.c.keys()} - {"item"} | {"index"}, 2: {*LOG.c.keys()}}
"""The columns of the log in every version that was released."""
