"""The database in trouble while labels are reviewed; more of it in tests/core/review."""

import dataclasses
import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest

from bench.browser import free_port
from core.review.database import StoreError, open_engine
from core.review.decision_schema import COLUMNS, SCHEMA_VERSION, open_store
from core.review.decisions import append, current_decisions, load_log, undo_of
from examples.mnist_data import data_hash, load_test
from tests.core.review.test_database import HASH, decision, indices
from tests.core.review.test_decision_migration import ROWS, copy_of, write_version_1
from tests.pages.any_study import APP
from tests.patience import SECONDS
from tests.postgresql import PASSWORD

ANOTHER = "another"


def test_a_changed_password_is_said_and_the_decision_taken_with_the_right_one(
    postgresql_server, postgresql_url
):
    engine = open_engine(postgresql_url)
    open_store(engine)
    append(engine, decision(0))
    try:
        postgresql_server.execute(f"ALTER ROLE postgres PASSWORD '{ANOTHER}'")
        append(engine, decision(1))  # who is connected stays so
        engine.dispose()
        waiting = decision(2)
        with pytest.raises(StoreError, match=r"refuses this user or password|authentication"):
            append(engine, waiting)
    finally:
        changed = sa.make_url(postgresql_server.url("postgres")).set(password=ANOTHER)
        with sa.create_engine(changed).begin() as connection:
            connection.exec_driver_sql(f"ALTER ROLE postgres PASSWORD '{PASSWORD}'")
    append(engine, waiting)
    assert indices(engine) == [0, 1, 2]
    engine.dispose()


def test_a_database_that_moved_to_another_address_is_found_there(postgresql_server, postgresql_url):
    other = dataclasses.replace(postgresql_server, port=free_port())
    here = sa.make_url(postgresql_url)
    both = here.set(host=None, port=None).update_query_dict({
        "host": [f"127.0.0.1:{each.port}" for each in (postgresql_server, other)],
        "target_session_attrs": "read-write",
    })  # fmt: skip
    engine = open_engine(both.render_as_string(hide_password=False))
    open_store(engine)
    append(engine, decision(0))
    postgresql_server.stop()
    waiting = decision(1)
    try:
        with pytest.raises(StoreError, match="does not answer"):
            append(engine, waiting)
        other.start()
        append(engine, waiting)
        assert indices(engine) == [0, 1]
        other.stop()
    finally:
        postgresql_server.start()
    append(engine, waiting, decision(2))
    assert indices(engine) == [0, 1, 2]
    engine.dispose()


def test_decisions_go_on_while_the_file_is_copied_and_the_copy_is_whole(sqlite_url, tmp_path):
    engine = open_engine(sqlite_url)
    open_store(engine)
    append(engine, *(decision(n) for n in range(500)))
    source = sqlite3.connect(engine.url.database, check_same_thread=False)
    target = sqlite3.connect(tmp_path / "copy.sqlite", check_same_thread=False)
    begun, number = threading.Event(), 500

    def page_by_page(status, left, total):
        begun.set()

    copying = threading.Thread(
        target=source.backup, args=(target,),
        kwargs={"pages": 1, "sleep": 0.001, "progress": page_by_page},
    )  # fmt: skip
    copying.start()
    assert begun.wait(SECONDS)
    while copying.is_alive() and number < 600:
        append(engine, decision(number))
        number += 1
    copying.join()
    assert number > 500
    assert indices(engine) == list(range(number))
    assert target.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (copied,) = target.execute("SELECT count(*) FROM decisions").fetchone()
    assert 500 <= copied <= number
    source.close()
    target.close()
    engine.dispose()


def test_a_clock_that_is_set_back_changes_no_order(engine):
    open_store(engine)
    now = datetime.now(UTC)
    first = dataclasses.replace(decision(7), id="a" * 32, time=now)
    later = dataclasses.replace(
        decision(7), id="b" * 32, decision="unclear", time=now - timedelta(days=400)
    )
    append(engine, first)
    append(engine, later)
    assert current_decisions(engine, HASH)["decision"].to_dict() == {"7": "unclear"}
    append(engine, undo_of(engine, HASH, "Ada", "article"))
    assert current_decisions(engine, HASH)["decision"].to_dict() == {"7": "keep"}
    assert load_log(engine, HASH)["number"].is_monotonic_increasing


WRITERS = {1: write_version_1, SCHEMA_VERSION: open_store}
"""What made a database of each version that was released."""


def opened_audit(monkeypatch, url, reviewer):
    monkeypatch.setenv("PENUMBRA_DECISIONS", url)
    st.cache_resource.clear()
    at = AppTest.from_file(str(APP), default_timeout=SECONDS)
    at.query_params["model"], at.query_params["reviewer"] = "article", reviewer
    at.switch_page("pages/audit.py").run()
    assert not at.exception and not at.error
    return at


@pytest.mark.parametrize("version", COLUMNS)
def test_a_new_app_goes_on_with_the_database_of_every_released_version(
    version, sqlite_url, monkeypatch
):
    engine = open_engine(sqlite_url)
    WRITERS[version](engine)
    if version == 1:
        with engine.begin() as connection:
            connection.execute(
                sa.text("UPDATE decisions SET data_hash = :hash"), {"hash": data_hash(*load_test())}
            )
    else:
        append(engine, decision(0))
    at = opened_audit(monkeypatch, sqlite_url, "Ada")
    assert at.metric[0].value == f"{2 if version == 1 else 0:,} of 10,000"
    assert copy_of(engine).exists() == (version < SCHEMA_VERSION)
    at.button(key="keep").click().run()
    log = load_log(engine, data_hash(*load_test()))
    assert len(log) == 1 + (len(ROWS) if version == 1 else 0)
    engine.dispose()


def test_two_tabs_of_one_reviewer_see_each_others_decisions_and_count_an_item_once(
    sqlite_url, monkeypatch
):
    one = opened_audit(monkeypatch, sqlite_url, "Ada")
    two = AppTest.from_file(str(APP), default_timeout=SECONDS)
    two.query_params["model"], two.query_params["reviewer"] = "article", "Ada"
    two.switch_page("pages/audit.py").run()
    both = one.header[0].value
    assert two.header[0].value == both
    one.button(key="keep").click().run()
    two.button(key="unclear").click().run()  # on the item that the first tab has just settled
    one.run()
    for tab in (one, two):
        assert not tab.exception and tab.metric[0].value == "1 of 10,000"
        unclear = next(each.value for each in tab.metric if each.label == "Unclear")
        assert unclear == "1", "the later decision stands"
    one.button(key="undo").click().run()
    assert one.header[0].value.startswith(both.split(" · ")[0])
    two.run()
    assert two.metric[0].value == "1 of 10,000" and two.metric[2].value == "0"
