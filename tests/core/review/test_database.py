import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.review.database import StoreError, open_engine
from core.review.decision_schema import open_store
from core.review.decisions import Decision, append, current_decisions, load_log

HASH = "0" * 64


def decision(index=7):
    return Decision(
        data_set="MNIST test",
        data_hash=HASH,
        item=str(index),
        given_label=4,
        decision="keep",
        reviewer="Ada",
        model="article",
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "decisions.sqlite"


@pytest.fixture
def sqlite_store(sqlite_url):
    engine = open_engine(sqlite_url)
    open_store(engine)
    append(engine, decision(0))
    yield engine
    engine.dispose()


def indices(engine):
    return load_log(engine, HASH)["item"].astype(int).tolist()


def test_a_removed_file_is_missed_and_no_empty_one_takes_its_place(sqlite_store, path):
    kept = path.with_name("kept.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.rename(kept)
    for attempt in (lambda: append(sqlite_store, decision(1)), lambda: indices(sqlite_store)):
        with pytest.raises(StoreError, match="is missing"):
            attempt()
    sqlite_store.dispose()
    for attempt in (lambda: append(sqlite_store, decision(1)), lambda: open_store(sqlite_store)):
        with pytest.raises(StoreError, match="is missing"):
            attempt()
    assert not path.exists()
    kept.rename(path)
    append(sqlite_store, decision(1))
    assert indices(sqlite_store) == [0, 1]


def test_a_file_put_in_the_place_of_the_old_one_is_the_one_used(sqlite_store, path):
    other = open_engine(f"sqlite:///{path.with_name('other.sqlite')}")
    open_store(other)
    append(other, decision(5))
    other.dispose()
    for name in ("decisions.sqlite-wal", "decisions.sqlite-shm"):
        path.with_name(name).unlink(missing_ok=True)
    path.with_name("other.sqlite").replace(path)
    append(sqlite_store, decision(6))
    assert indices(sqlite_store) == [5, 6]


def test_an_emptied_database_is_said_to_have_lost_its_tables(engine):
    open_store(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE decisions"))
    with pytest.raises(StoreError, match="lost its tables"):
        append(engine, decision())
    with pytest.raises(StoreError, match="lost its tables"):
        current_decisions(engine, HASH)


def test_a_read_only_file_says_so_and_is_still_read(sqlite_store, path):
    engine = open_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(StoreError, match="read-only"):
        append(engine, decision(1))
    assert indices(engine) == [0]
    engine.dispose()


def test_a_locked_file_is_waited_for(sqlite_store, path):
    other = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, other.execute, ("COMMIT",))
    release.start()
    append(sqlite_store, decision(1))
    release.join()
    other.close()
    assert indices(sqlite_store) == [0, 1]


def test_a_file_that_stays_locked_says_so_and_takes_the_decision_afterwards(sqlite_store, path):
    @sa.event.listens_for(sqlite_store, "checkout")
    def be_impatient(connection, record, proxy):
        connection.execute("PRAGMA busy_timeout=100")

    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    pending = decision(1)
    with pytest.raises(StoreError, match="locked"):
        append(sqlite_store, pending)
    other.execute("ROLLBACK")
    other.close()
    append(sqlite_store, pending)
    assert indices(sqlite_store) == [0, 1]


def test_a_full_disk_says_so_and_loses_nothing(sqlite_store):
    @sa.event.listens_for(sqlite_store, "checkout")
    def fill(connection, record, proxy):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    written = 0
    with pytest.raises(StoreError, match="disk is full"):
        for written in range(1, 1_000):
            append(sqlite_store, decision(written))
    assert indices(sqlite_store) == list(range(written))
    sa.event.remove(sqlite_store, "checkout", fill)
    sqlite_store.dispose()
    append(sqlite_store, decision(written))
    assert indices(sqlite_store) == list(range(written + 1))


@pytest.mark.parametrize("content", [b"index,label\n" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_says_so(tmp_path, content):
    (tmp_path / "labels.csv").write_bytes(content)
    engine = open_engine(f"sqlite:///{tmp_path / 'labels.csv'}")
    with pytest.raises(StoreError, match="not a SQLite file"):
        open_store(engine)
    assert (tmp_path / "labels.csv").read_bytes() == content


def test_a_folder_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        open_engine(f"sqlite:///{tmp_path / 'file' / 'decisions.sqlite'}")


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x", "sqlite+nosuch:///x", "http://h:port/x"])
def test_an_address_that_is_none_says_so(url):
    with pytest.raises(StoreError, match="cannot be used"):
        open_engine(url)


def test_a_server_that_is_not_there_says_so():
    engine = open_engine("postgresql+psycopg://nobody@127.0.0.1:9/none")
    with pytest.raises(StoreError, match="does not answer"):
        open_store(engine)


def test_postgresql_away_in_the_middle_of_a_review_comes_back(postgresql_server, postgresql_url):
    engine = open_engine(postgresql_url)
    open_store(engine)
    for index in range(3):
        append(engine, decision(index))
    postgresql_server.stop()
    pending = decision(3)
    try:
        for _ in range(2):
            with pytest.raises(StoreError, match="does not answer"):
                append(engine, pending)
    finally:
        postgresql_server.start()
    append(engine, pending)
    assert indices(engine) == [0, 1, 2, 3]
    engine.dispose()


def test_a_read_only_postgresql_says_so(postgresql_server, postgresql_url):
    engine = open_engine(postgresql_url)
    open_store(engine)
    engine.dispose()
    name = engine.url.database
    postgresql_server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(StoreError, match="read-only"):
        append(engine, decision())
    assert indices(engine) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("state", "message"),
    [("53100", "disk is full"), ("55P03", "locked"), ("42501", "allow"), ("P0001", "reports: no")],
)
def test_what_postgresql_reports_is_said_plainly(postgresql_url, state, message):
    engine = open_engine(postgresql_url)
    open_store(engine)
    refuse = f"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON decisions EXECUTE FUNCTION refuse();
    """
    with engine.begin() as connection:
        connection.exec_driver_sql(refuse)
    with pytest.raises(StoreError, match=message):
        append(engine, decision())
    assert indices(engine) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"password": "wrong"}, "password authentication failed"), ({"database": "no"}, "not exist")],
)
def test_a_refused_user_and_an_unknown_database_say_so(postgresql_server, changes, message):
    url = sa.make_url(postgresql_server.url("postgres")).set(**changes)
    engine = open_engine(url.render_as_string(hide_password=False))
    with pytest.raises(StoreError, match=message):
        open_store(engine)
    engine.dispose()


def test_the_folder_of_a_new_database_is_made(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path / 'a' / 'b' / 'decisions.sqlite'}")
    open_store(engine)
    append(engine, decision())
    assert indices(engine) == [7]
    engine.dispose()
