"""A log of version 1, written by version 1's own statements, comes over with nothing lost."""

import json
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.review.database import StoreError, open_engine
from core.review.decision_schema import SCHEMA_VERSION, open_store
from core.review.decisions import Decision, append, current_decisions, load_log, undo_of

HASH = "0" * 64
# As SQLAlchemy wrote them for version 1.
VERSION_1 = """
CREATE TABLE schema_version (version {serial} NOT NULL, PRIMARY KEY (version));
CREATE TABLE decisions (
    number {big_serial} NOT NULL, id VARCHAR(32) NOT NULL, data_set TEXT NOT NULL,
    data_hash TEXT NOT NULL, "index" INTEGER NOT NULL, given_label INTEGER NOT NULL,
    decision TEXT NOT NULL, new_label INTEGER, undoes VARCHAR(32), reviewer TEXT NOT NULL,
    note TEXT NOT NULL, time {time} NOT NULL, model TEXT NOT NULL, scores JSON NOT NULL,
    PRIMARY KEY (number), UNIQUE (id), UNIQUE (undoes));
CREATE INDEX decisions_by_reviewer ON decisions (data_hash, reviewer, "index");
INSERT INTO schema_version (version) VALUES (1)
"""
KINDS = {
    "sqlite": {"serial": "INTEGER", "big_serial": "INTEGER", "time": "DATETIME"},
    "postgresql": {
        "serial": "SERIAL", "big_serial": "BIGSERIAL", "time": "TIMESTAMP WITH TIME ZONE",
    },
}  # fmt: skip
INSERT = """
INSERT INTO decisions (id, data_set, data_hash, "index", given_label, decision, new_label, undoes,
    reviewer, note, time, model, scores)
VALUES (:id, 'MNIST test', :data_hash, :index, 4, :decision, :new_label, :undoes, :reviewer,
    :note, '2026-01-02 03:04:05.000678', 'article', :scores)
"""
ROWS = [
    (247, "relabel", 9, None, "Ada", "–'; DROP TABLE decisions; --"),
    (0, "not a digit", None, None, "Ada", ""),
    (9_999, "keep", None, None, "Bob", "not a digit"),
    (9_999, "undo", None, f"{2:032x}", "Bob", ""),
    (247, "unclear", None, None, "Bob", ""),
]


def write_version_1(engine):
    with engine.begin() as connection:
        for statement in VERSION_1.format(**KINDS[engine.dialect.name]).split(";"):
            connection.exec_driver_sql(statement)
        for number, (index, decision, new_label, undoes, reviewer, note) in enumerate(ROWS):
            values = {
                "id": f"{number:032x}", "data_hash": HASH, "index": index, "decision": decision,
                "new_label": new_label, "undoes": undoes, "reviewer": reviewer, "note": note,
                "scores": json.dumps({"log_odds": -2.5, "label_quality": None}),
            }  # fmt: skip
            connection.execute(sa.text(INSERT), values)


@pytest.fixture
def old(engine):
    write_version_1(engine)
    return engine


def test_every_row_comes_over_with_its_rows_number_as_its_id(old):
    open_store(old)
    log = load_log(old, HASH)
    assert log["number"].tolist() == [1, 2, 3, 4, 5]
    assert log["item"].tolist() == ["247", "0", "9999", "9999", "247"]
    words = ["relabel", "none of these", "keep", "undo", "unclear"]
    assert log["decision"].tolist() == words
    assert log["note"].tolist() == [row[5] for row in ROWS]
    assert log["undoes"].tolist()[3] == f"{2:032x}"
    assert log["new_label"].tolist()[0] == 9
    assert log["scores"].tolist() == [{"log_odds": -2.5, "label_quality": None}] * 5
    assert {time.isoformat() for time in log["time"]} == {"2026-01-02T03:04:05.000678+00:00"}
    assert current_decisions(old, HASH)["decision"].to_dict().keys() == {"247", "0"}
    assert current_decisions(old, HASH, "Ada")["decision"].to_dict() == {
        "247": "relabel",
        "0": "none of these",
    }


def test_the_review_goes_on_where_it_was(old):
    open_store(old)
    append(old, undo_of(old, HASH, "Ada", "article"))
    again = Decision(data_set="MNIST test", data_hash=HASH, item="247", given_label=4,
                     decision="keep", reviewer="Ada", model="article")  # fmt: skip
    append(old, again, again)
    log = load_log(old, HASH)
    assert log["number"].is_unique
    assert len(log) == len(ROWS) + 2
    assert current_decisions(old, HASH, "Ada")["decision"].to_dict() == {"247": "keep"}


def test_a_log_brought_over_has_the_tables_of_a_new_one(old):
    def tables(engine):
        found = sa.inspect(engine)
        return {
            name: (
                [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)],
                found.get_pk_constraint(name)["constrained_columns"],
                sorted(u["column_names"] for u in found.get_unique_constraints(name)),
                [(i["name"], i["column_names"]) for i in found.get_indexes(name)
                 if not i["unique"]],
            )
            for name in found.get_table_names()
        }  # fmt: skip

    before = tables(old)
    open_store(old)
    migrated = tables(old)
    with old.begin() as connection:
        connection.exec_driver_sql("DROP TABLE decisions")
        connection.exec_driver_sql("DROP TABLE schema_version")
    open_store(old)
    assert migrated == tables(old)
    assert before != migrated


def test_coming_over_happens_once_however_many_start_together(old):
    engines = [open_engine(old.url.render_as_string(hide_password=False)) for _ in range(4)]
    failures = []

    def start(engine):
        try:
            open_store(engine)
        except StoreError as error:  # a thread's error is otherwise lost
            failures.append(error)

    threads = [threading.Thread(target=start, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(load_log(old, HASH)) == len(ROWS)
    with old.connect() as connection:
        written = connection.exec_driver_sql("SELECT version FROM schema_version").scalars().all()
    assert written == [SCHEMA_VERSION]
    for engine in engines:
        engine.dispose()


@pytest.fixture
def old_file(sqlite_url):
    engine = open_engine(sqlite_url)
    write_version_1(engine)
    yield engine
    engine.dispose()


def copy_of(engine):
    return Path(f"{engine.url.database}.before-version-2")


def rows_of_version_1(path):
    connection = sqlite3.connect(path)
    try:
        found = connection.execute('SELECT "index", decision FROM decisions ORDER BY number')
        return found.fetchall()
    finally:
        connection.close()


def test_a_copy_of_the_old_file_is_kept_beside_it(old_file):
    open_store(old_file)
    assert rows_of_version_1(copy_of(old_file)) == [row[:2] for row in ROWS]
    folder = Path(old_file.url.database).parent
    assert not list(folder.glob("*.partial"))


def test_without_a_copy_nothing_is_changed(old_file):
    copy_of(old_file).mkdir()
    with pytest.raises(StoreError, match=r"before-version-2, cannot be written.*unchanged"):
        open_store(old_file)
    assert rows_of_version_1(old_file.url.database) == [row[:2] for row in ROWS]
    folder = Path(old_file.url.database).parent
    assert not list(folder.glob("*.partial"))
    copy_of(old_file).rmdir()
    open_store(old_file)
    assert len(load_log(old_file, HASH)) == len(ROWS)


def test_a_new_database_needs_no_copy(sqlite_url):
    engine = open_engine(sqlite_url)
    open_store(engine)
    open_store(engine)
    engine.dispose()
    assert not copy_of(engine).exists()
