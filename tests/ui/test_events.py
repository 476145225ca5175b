"""What a server counts and tells of itself, and to whom."""

import asyncio
import json

import pytest
import streamlit as st
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.routing import Route
from streamlit.testing.v1 import AppTest

from core.study.study_error import StudyError
from tests.pages.any_study import APP
from tests.patience import SECONDS
from ui import events, metrics_route
from ui.visits import Visits

SECRET = "a-token"


def ask(client="127.0.0.1", path="/metrics", **headers):
    """Status and text of the route, asked from an address."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": b"", "root_path": "",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
        "scheme": "http", "server": ("localhost", 80), "client": (client, 9),
        "asgi": {"version": "3.0", "spec_version": "2.4"},
    }  # fmt: skip
    asyncio.run(Starlette(routes=[Route("/metrics", metrics_route.metrics)])(scope, receive, send))
    return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:]).decode()


def counted(name, **labels):
    for family in text_string_to_metric_families(ask()[1]):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    return 0.0


@pytest.fixture(autouse=True)
def no_token(monkeypatch):
    monkeypatch.delenv(metrics_route.TOKEN, raising=False)


def test_without_a_token_only_this_machine_may_ask_and_not_for_others():
    assert ask()[0] == ask("::1")[0] == 200
    assert ask("10.0.0.7") == (404, "")
    for header in ("x_forwarded_for", "forwarded", "x_real_ip"):
        assert ask(**{header: "10.0.0.7"}) == (404, "")


def test_with_a_token_whoever_shows_it_may_ask_from_anywhere(monkeypatch):
    monkeypatch.setenv(metrics_route.TOKEN, SECRET)
    assert ask("10.0.0.7", authorization=f"Bearer {SECRET}")[0] == 200
    assert ask(authorization="Bearer another")[0] == ask()[0] == 404


def opened(page, **link):
    at = AppTest.from_file(str(APP), default_timeout=SECONDS)
    for key, said in link.items():
        at.query_params[key] = said
    at.switch_page(f"pages/{page}.py").run()
    assert not at.exception
    return at


def test_runs_and_decisions_are_counted_and_told_without_label_or_name(
    sqlite_url, monkeypatch, capfd
):
    monkeypatch.setenv("PENUMBRA_DECISIONS", sqlite_url)
    monkeypatch.setenv(events.VARIABLE, "json")
    st.cache_resource.clear()
    runs = counted("penumbra_rerun_seconds_count", page="audit", part="page")
    decisions = counted("penumbra_decisions_total", outcome="written")
    at = opened("audit", model="article", reviewer="Ada Lovelace")
    at.button(key="keep").click().run()
    assert counted("penumbra_rerun_seconds_count", page="audit", part="page") == runs + 2
    assert counted("penumbra_decisions_total", outcome="written") == decisions + 1
    assert counted("process_resident_memory_bytes") > 1e7
    assert counted("penumbra_reruns_in_progress") == 0
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()
             if line.startswith("{")]  # fmt: skip
    assert {line["event"] for line in lines} == {"rerun", "decided"}
    allowed = {"time", "event", "page", "part", "seconds", "visitor", "count", "outcome"}
    assert all(set(line) <= allowed for line in lines)
    assert "Ada" not in json.dumps(lines)
    assert len({line["visitor"] for line in lines}) == 1


def test_a_database_that_is_away_and_a_file_that_cannot_be_read_are_counted(
    tmp_path, monkeypatch, capfd
):
    monkeypatch.setenv("PENUMBRA_DECISIONS", f"sqlite:///{tmp_path / 'decisions.sqlite'}")
    monkeypatch.setenv(events.VARIABLE, "json")
    st.cache_resource.clear()
    before = counted("penumbra_faults_total", kind="database")
    at = opened("audit", model="article", reviewer="Ada")
    (tmp_path / "decisions.sqlite").unlink()
    at.button(key="keep").click().run()
    assert counted("penumbra_faults_total", kind="database") == before + 1
    told = [line for line in capfd.readouterr().err.splitlines() if '"fault"' in line]
    assert json.loads(told[0])["type"] == "StoreError"
    assert str(tmp_path) not in told[0], "a message may name files"
    assert json.loads(told[0])["place"].startswith("core/review/database.py:")
    st.cache_resource.clear()


def test_nothing_is_written_unless_it_is_asked_for(monkeypatch, capfd):
    monkeypatch.delenv(events.VARIABLE, raising=False)
    before = counted("penumbra_faults_total", kind="uncaught")
    events.uncaught(StudyError("secret"))
    assert counted("penumbra_faults_total", kind="uncaught") == before + 1
    assert capfd.readouterr().err == ""


def test_connected_browsers_are_counted_while_they_stay():
    seen = []

    async def app(scope, receive, send):
        seen.append(counted_inside())

    def counted_inside():
        return events.VISITORS._value.get()

    scope = {"type": "websocket", "path": "/base/_stcore/stream"}
    asyncio.run(Visits(app)(scope, None, None))
    asyncio.run(Visits(app)({"type": "http", "path": "/_stcore/stream"}, None, None))
    assert seen == [1, 0] and counted("penumbra_visitors") == 0
