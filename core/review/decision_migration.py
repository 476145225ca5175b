"""From one version of the decision log to the next, forwards only, all or nothing.

Version 2 names items by id, where version 1 had their row: the id of a row is its number in
decimal. It also says "none of these" where version 1 said "not a digit".
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from core.review.database import StoreError
from core.review.decision_tables import LOG, SCHEMA_VERSION, VERSION
from core.review.decision_words import NONE_OF_THESE, OLD_NONE_OF_THESE


def migrate(connection: sa.Connection) -> None:
    """Bring the log from version 1 to SCHEMA_VERSION, in the transaction of `connection`.

    A SQLite file is first copied to `FILE.before-version-2`; a PostgreSQL server has backups of
    its own.

    Raises:
        StoreError: the copy cannot be written; nothing is changed.
    """
    if connection.dialect.name == "sqlite":
        _back_up(connection)
        _rebuild(connection)
    else:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql('ALTER TABLE decisions RENAME COLUMN "index" TO item')
        connection.exec_driver_sql("ALTER TABLE decisions ALTER COLUMN item TYPE TEXT")
    renamed = LOG.update().where(LOG.c.decision == OLD_NONE_OF_THESE)
    connection.execute(renamed.values(decision=NONE_OF_THESE))
    connection.execute(VERSION.update().values(version=SCHEMA_VERSION))


def _rebuild(connection: sa.Connection) -> None:
    """SQLite cannot change a column's type: https://sqlite.org/lang_altertable.html, section 7."""
    anew = LOG.to_metadata(sa.MetaData(), name="decisions_anew")
    anew.indexes.clear()
    connection.execute(CreateTable(anew))
    same = [column.name for column in LOG.c if column.name != "item"]
    old = sa.table(LOG.name, sa.column("index"), *(sa.column(name) for name in same))
    ids = sa.cast(old.c.index, sa.Text)
    rows = sa.select(ids, *(old.c[name] for name in same))
    connection.execute(anew.insert().from_select(["item", *same], rows))
    connection.exec_driver_sql("DROP TABLE decisions")
    connection.exec_driver_sql("ALTER TABLE decisions_anew RENAME TO decisions")
    for index in LOG.indexes:
        connection.execute(CreateIndex(index))


def _back_up(connection: sa.Connection) -> None:
    """Copy the file as it is now; this connection's lock keeps others from writing meanwhile."""
    path = Path(connection.exec_driver_sql("PRAGMA database_list").all()[0][2])  # main is first
    copy = path.with_name(f"{path.name}.before-version-{SCHEMA_VERSION}")
    aside = copy.with_name(f"{copy.name}.{os.getpid()}.partial")
    try:
        with (
            closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(aside)) as target,
        ):
            source.backup(target)
        os.replace(aside, copy)
    except (sqlite3.Error, OSError) as error:
        aside.unlink(missing_ok=True)
        raise StoreError(
            f"The decision database {path} must be brought up to date, and the copy to be made"
            f" before that, {copy}, cannot be written: {error}. The database is unchanged."
        ) from error
