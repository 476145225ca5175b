"""Whose database is it? Empty, ours or another program's."""

import sqlite3

import pytest
import sqlalchemy as sa

from core.review.database import StoreError, open_engine
from core.review.decision_schema import SchemaError, open_store

FOREIGN = {
    "no table of ours": "CREATE TABLE orders (id INTEGER); CREATE TABLE invoices (id INTEGER)",
    "other decisions": "CREATE TABLE decisions (id INTEGER, title TEXT)",
    "other decisions and a version": "CREATE TABLE decisions (id INTEGER, title TEXT);"
    " CREATE TABLE schema_version (version INTEGER); INSERT INTO schema_version VALUES (1)",
    "another's version": "CREATE TABLE schema_version (installed_rank INTEGER, script TEXT)",
    "a text for a version": "CREATE TABLE schema_version (version TEXT);"
    " INSERT INTO schema_version VALUES ('1.2.0')",
}
REASONS = {
    "no table of ours": "the tables invoices, orders",
    "other decisions": "table decisions has other columns",
    "other decisions and a version": "table decisions has other columns",
    "another's version": "table schema_version has other columns",
    "a text for a version": "'1.2.0', which is no number",
}


def execute(engine, statements):
    with engine.begin() as connection:
        for statement in statements.split(";"):
            connection.execute(sa.text(statement))


def shape(engine):
    found = sa.inspect(engine)
    return {name: [c["name"] for c in found.get_columns(name)] for name in found.get_table_names()}


@pytest.mark.parametrize("kind", FOREIGN)
def test_another_programs_database_is_refused_by_name_and_left_as_it_is(engine, kind):
    execute(engine, FOREIGN[kind])
    before = shape(engine)
    with pytest.raises(StoreError) as caught:
        open_store(engine)
    said = str(caught.value)
    assert REASONS[kind] in said
    assert engine.url.database in said
    assert "database of its own" in said
    assert engine.url.password is None or engine.url.password not in said
    assert shape(engine) == before


def test_a_foreign_sqlite_file_keeps_every_byte(sqlite_url, tmp_path):
    path = tmp_path / "decisions.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER)")
    connection.close()
    before = path.read_bytes()
    engine = open_engine(sqlite_url)
    with pytest.raises(StoreError, match="the table orders"):
        open_store(engine)
    engine.dispose()
    assert path.read_bytes() == before


def test_a_text_that_took_the_place_of_our_version_is_named(engine):
    open_store(engine)
    execute(engine, "DROP TABLE schema_version; CREATE TABLE schema_version (version TEXT);"
                    " INSERT INTO schema_version VALUES ('two')")  # fmt: skip
    with pytest.raises(StoreError, match="'two', which is no number"):
        open_store(engine)


def test_a_log_that_is_gone_is_not_begun_anew(engine):
    open_store(engine)
    execute(engine, "DROP TABLE decisions")
    with pytest.raises(StoreError, match="lost its table of decisions"):
        open_store(engine)
    assert "decisions" not in shape(engine)


def test_a_column_that_was_added_does_no_harm(engine):
    open_store(engine)
    execute(engine, "ALTER TABLE decisions ADD COLUMN remark TEXT")
    open_store(engine)


def test_a_log_of_ours_without_a_version_is_of_an_older_schema(engine):
    open_store(engine)
    execute(engine, "DROP TABLE schema_version")
    with pytest.raises(SchemaError, match="older schema, version 0"):
        open_store(engine)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")
@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:shared?mode=memory&cache=shared&uri=true",
    ],
)
def test_a_database_in_memory_is_refused_since_it_would_lose_the_decisions(url):
    with pytest.raises(StoreError, match=r"in memory only.*name a file"):
        open_engine(url)
