import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from core.review.database import StoreError, open_engine
from core.review.decision_schema import SCHEMA_VERSION, SchemaError, open_store
from core.review.decisions import Decision, append, current_decisions, load_log, undo_of

HASH = "0" * 64
ROOT = Path(__file__).resolve().parents[3]


def decision(index=7, **changes):
    usual = {
        "data_set": "MNIST test",
        "data_hash": HASH,
        "item": str(index),
        "given_label": 4,
        "decision": "keep",
        "reviewer": "Ada",
        "model": "article",
    }
    return Decision(**(usual | changes))


@pytest.fixture
def store(engine):
    open_store(engine)
    return engine


def test_a_decision_comes_back_as_it_was_given(store):
    given = decision(
        decision="relabel",
        new_label=9,
        note="=SUM(A1) – a closed loop ✓\n'; DROP TABLE decisions; --",
        scores={"label_quality": 0.25, "margin": float("nan")},
        time=datetime(2026, 2, 3, 4, 5, 6, 789, timezone(timedelta(hours=5))),
    )
    append(store, given)
    row = load_log(store, HASH).iloc[0]
    for name in ("id", "data_set", "item", "given_label", "decision", "new_label", "note"):
        assert row[name] == getattr(given, name)
    assert row["time"] == given.time
    assert row["time"].tzinfo is not None
    assert row["scores"] == {"label_quality": 0.25, "margin": None}


def test_a_retried_decision_is_in_the_log_once(store):
    once = decision()
    for _ in range(3):
        append(store, once)
    assert list(load_log(store, HASH)["id"]) == [once.id]


def test_several_decisions_are_written_together_or_not_at_all(store):
    append(store, decision(1), decision(2))
    broken = decision(4)
    object.__setattr__(broken, "reviewer", None)
    with pytest.raises(StoreError):
        append(store, decision(3), broken)
    assert load_log(store, HASH)["item"].astype(int).tolist() == [1, 2]


def test_the_newest_decision_of_each_reviewer_stands(store):
    append(store, decision(1))
    append(store, decision(1, decision="relabel", new_label=9))
    append(store, decision(1, decision="unclear", reviewer="Bob"))
    append(store, decision(2, data_hash="f" * 64))
    current = current_decisions(store, HASH)
    assert current.index.tolist() == ["1", "1"]
    assert current["decision"].tolist() == ["relabel", "unclear"]
    assert current_decisions(store, HASH, "Bob")["decision"].tolist() == ["unclear"]
    brief = current_decisions(store, HASH, columns=("decision", "new_label"))
    assert brief.equals(current[["decision", "new_label"]])


def test_undo_steps_back_through_a_reviewers_own_decisions_one_by_one(store):
    append(store, decision(1))
    append(store, decision(1, decision="relabel", new_label=9))
    append(store, decision(2))
    append(store, decision(3, reviewer="Bob"))
    expected = [[("1", "relabel")], [("1", "keep")], []]
    for state in expected:
        append(store, undo_of(store, HASH, "Ada", "article"))
        assert list(current_decisions(store, HASH, "Ada")["decision"].items()) == state
    assert undo_of(store, HASH, "Ada", "article") is None
    assert current_decisions(store, HASH).index.tolist() == ["3"]
    assert len(load_log(store, HASH)) == 4 + 3


def test_the_longest_ids_and_names_are_kept_and_found(store):
    codes = np.random.default_rng(0).integers(0x10000, 0x1FFFF, (2, 500))
    longest = ["".join(map(chr, code)) for code in codes]
    name = longest[0][:100]
    append(store, *(decision(item=item, reviewer=name) for item in longest))
    assert current_decisions(store, HASH, name).index.tolist() == longest


def test_two_undos_of_one_decision_undo_only_that_one(store):
    append(store, decision(1))
    append(store, decision(2))
    first, second = (undo_of(store, HASH, "Ada", "article") for _ in range(2))
    append(store, first)
    append(store, second)
    assert current_decisions(store, HASH).index.tolist() == ["1"]


def test_an_empty_log_has_the_columns_of_a_full_one(store):
    empty, none = load_log(store, HASH), current_decisions(store, HASH)
    append(store, decision())
    full, one = load_log(store, HASH), current_decisions(store, HASH)
    assert empty.dtypes["item"] == full.dtypes["item"]
    assert empty.dtypes["time"] == full.dtypes["time"]
    assert list(empty.columns) == list(full.columns)
    assert list(none.columns) == list(one.columns)


def test_opening_twice_and_at_once_makes_one_schema(url):
    engines = [open_engine(url) for _ in range(6)]
    failures = []

    def open_one(engine):
        try:
            open_store(engine)
            append(engine, decision())
        except StoreError as error:  # a thread's error is otherwise lost
            failures.append(error)

    threads = [threading.Thread(target=open_one, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(load_log(engines[0], HASH)) == len(engines)
    with engines[0].connect() as connection:
        versions = connection.execute(sa.text("SELECT version FROM schema_version")).scalars().all()
    assert versions == [SCHEMA_VERSION]
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize(
    ("statement", "age"),
    [
        ("UPDATE schema_version SET version = 0", "older"),
        ("DROP TABLE schema_version", "older"),
        ("UPDATE schema_version SET version = version + 1", "newer"),
    ],
)
def test_a_database_of_another_schema_is_refused_and_left_alone(store, statement, age):
    append(store, decision())
    with store.begin() as connection:
        connection.execute(sa.text(statement))
    with pytest.raises(SchemaError, match=age):
        open_store(store)
    assert len(load_log(store, HASH)) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"decision": "maybe"}, "decision"),
        ({"decision": "relabel"}, "new_label"),
        ({"decision": "keep", "new_label": 3}, "new_label"),
        ({"decision": "undo"}, "undoes"),
        ({"reviewer": "  "}, "reviewer"),
        ({"reviewer": "x" * 101}, "reviewer"),
        ({"reviewer": "A\0"}, "reviewer"),
        ({"note": "\ud800"}, "note"),
        ({"note": "x" * 2001}, "note"),
        ({"item": ""}, "item"),
        ({"item": "x" * 501}, "item"),
        ({"item": "a\0"}, "item"),
    ],
)
def test_a_decision_that_makes_no_sense_is_named(changes, message):
    with pytest.raises(ValueError, match=message):
        decision(**changes)


def test_sqlite_waits_for_the_disk_writes_ahead_and_keeps_little_in_memory(sqlite_url):
    engine = open_engine(sqlite_url)
    open_store(engine)
    with engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "cache_size")
        }
    assert pragma == {
        "journal_mode": "wal", "synchronous": 2, "busy_timeout": 5_000, "cache_size": -128
    }  # fmt: skip


def test_postgresql_waits_for_the_disk_whatever_the_servers_default(postgresql_url):
    engine = open_engine(postgresql_url)
    with sa.create_engine(postgresql_url).connect() as plain:
        assert plain.exec_driver_sql("SHOW synchronous_commit").scalar() == "off"
    for _ in range(2):
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    engine.dispose()


REVIEW = """
import sys
from core.review.database import StoreError, open_engine
from core.review.decision_schema import open_store
from core.review.decisions import Decision, append
engine = open_engine(sys.argv[1])
open_store(engine)
for index in range(100_000):  # until it is killed
    append(engine, Decision(
        data_set="MNIST test", data_hash="0" * 64, item=str(index), given_label=1, decision="keep",
        reviewer="Ada", model="article", id=f"{index:032x}"))
    print(index, flush=True)
"""


def test_what_was_confirmed_survives_kill_9_and_a_retry_doubles_nothing(url):
    first = subprocess.Popen(
        [sys.executable, "-c", REVIEW, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    confirmed = [int(first.stdout.readline()) for _ in range(90)]
    os.kill(first.pid, signal.SIGKILL)
    confirmed += [int(line) for line in first.stdout.read().split()]
    assert first.wait() == -signal.SIGKILL
    assert len(confirmed) >= 90
    engine = open_engine(url)
    open_store(engine)
    kept = load_log(engine, HASH)["item"].astype(int).tolist()
    assert kept[: len(confirmed)] == confirmed
    assert len(kept) - len(confirmed) in (0, 1)  # one may be written and not yet confirmed
    last = len(confirmed) + 50
    for index in range(len(confirmed) - 5, last):
        append(engine, decision(index, id=f"{index:032x}"))
    assert load_log(engine, HASH)["item"].astype(int).tolist() == list(range(last))
    engine.dispose()


def test_ten_reviewers_at_once_lose_and_double_nothing(store):
    made = {f"reviewer {n}": [decision(i, reviewer=f"reviewer {n}") for i in range(50)]
            for n in range(10)}  # fmt: skip
    failures = []

    def review(decisions):
        try:
            for one in decisions:
                append(store, one)
        except StoreError as error:  # a thread's error is otherwise lost
            failures.append(error)

    threads = [threading.Thread(target=review, args=(each,)) for each in made.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    log = load_log(store, HASH)
    assert len(log) == 500
    assert set(log["id"]) == {one.id for each in made.values() for one in each}
    assert len(current_decisions(store, HASH)) == 500


def test_times_are_kept_in_utc(store):
    append(store, decision())
    assert abs(load_log(store, HASH)["time"].iloc[0] - datetime.now(UTC)) < timedelta(minutes=1)
