"""What is asked for by address is answered to those who may have it."""

import asyncio
import json
import secrets
import time

import pytest
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit import config
from streamlit.auth_util import set_cookie_with_chunks
from streamlit.runtime.secrets import Secrets
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from app import ROUTES
from tests.ui.signed import SECRET, claims, cookie, turn_on
from ui import events
from ui.guard import FOR_STRANGERS, Guard
from ui.sign_in import SHORTEST_SECRET, end, visitor_with

SHOWN = "/tiles/mnist/0"


def ask(path, headers=None, method="GET"):
    """The status and text of an answer; 200 and "shown" where the guard lets through."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    raw = [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": raw}
    asyncio.run(Guard(PlainTextResponse("shown"))(scope, receive, send))
    return sent[0]["status"], sent[1]["body"].decode()


def status(*asked, **said):
    return ask(*asked, **said)[0]


def test_without_a_sign_in_everything_is_answered_to_everybody():
    for path in (SHOWN, "/_stcore/upload_file/a/b", "/media/x", "/auth/logout"):
        assert ask(path) == (200, "shown")


def test_a_sign_in_that_is_off_asks_nobody_whatever_the_secrets_say(monkeypatch):
    turn_on(monkeypatch, {"reviewers": []})
    monkeypatch.setenv("PENUMBRA_SIGN_IN", "Off")
    assert ask(SHOWN) == (200, "shown")


def test_every_route_of_ours_is_closed_to_strangers(monkeypatch):
    turn_on(monkeypatch)
    # Counts ask for a token of their own: tests/ui/test_events.py.
    templates = [r.path for r in ROUTES if isinstance(r, Route) and r.path != "/metrics"]
    assert len(templates) >= 5
    for template in templates:
        found = ask(template.replace("{row:int}", "0").replace("{", "").replace("}", ""))
        assert found[0] == 401 and "Sign in" in found[1], template


@pytest.mark.parametrize(
    "path",
    ["/media/a.csv", "/app/static/mnist-test.webp", "/_stcore/upload_file/a/b", "/elsewhere",
     "/_stcore/metrics", "/_stcore/script-health-check", "//tiles/mnist/0", "/open/tiles/mnist/0",
     "/component/x/index.html", "/items/mnist/ensemble/0/", "/pages/open.py"],
)  # fmt: skip
def test_what_is_not_listed_is_closed(monkeypatch, path):
    turn_on(monkeypatch)
    assert status(path) == 401


def test_the_way_in_is_open_and_shows_nothing_of_a_study(monkeypatch):
    turn_on(monkeypatch)
    for path in (*FOR_STRANGERS, "static/js/index.js"):
        assert ask(f"/{path}") == (200, "shown")
    assert {"", "explore", "audit", "_stcore/health"} <= FOR_STRANGERS
    assert not any(p.startswith(("items", "tiles", "points", "media")) for p in FOR_STRANGERS)


def test_whoever_signed_in_looks_and_only_an_opener_uploads(monkeypatch):
    turn_on(monkeypatch, {"open": ["odo@example.org"]})
    looker, opener = cookie(claims("lu")), cookie(claims("odo"))
    assert (status(SHOWN, looker), status(SHOWN, opener)) == (200, 200)
    refused = ask("/_stcore/upload_file/a/b", looker, method="PUT")
    assert refused[0] == 403 and "not bring" in refused[1]
    assert status("/_stcore/upload_file/a/b", looker, method="DELETE") == 403
    assert status("/_stcore/upload_file/a/b", opener, method="PUT") == 200


def test_a_refusal_is_counted_and_named_without_a_name(monkeypatch, capfd):
    turn_on(monkeypatch)
    monkeypatch.setenv("PENUMBRA_LOG", "json")
    before = refusals(401), refusals(403)
    ask(SHOWN)
    ask("/_stcore/upload_file/a/b", cookie(claims("lu")), method="PUT")
    assert (refusals(401), refusals(403)) == (before[0] + 1, before[1] + 1)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line[:1] == "{"]
    assert [(line["event"], line["status"]) for line in lines] == [
        ("refused", 401),
        ("refused", 403),
    ]
    assert all(line.keys() == {"time", "event", "status"} for line in lines)


def refusals(status):
    return events.REGISTRY.get_sample_value("penumbra_refused_total", {"status": str(status)}) or 0


def test_whoever_may_not_look_is_told_so(monkeypatch):
    turn_on(monkeypatch, {"look": ["ada@example.org"]})
    assert ask(SHOWN, cookie(claims("lu")))[0] == 403
    assert ask(SHOWN, cookie(claims("ada")))[0] == 200


@pytest.mark.parametrize(
    "said",
    [{"is_logged_in": False}, {"is_logged_in": None}, {"provider": "other"}, {"sub": ""},
     {"origin": "http://elsewhere"}, {"origin": None}, {"iat": 0}, {"iat": None}],
)  # fmt: skip
def test_a_cookie_that_says_too_little_is_a_strangers(monkeypatch, said):
    turn_on(monkeypatch)
    assert status(SHOWN, cookie(claims("lu", **said))) == 401


def test_a_cookie_that_another_secret_signed_is_a_strangers(monkeypatch):
    turn_on(monkeypatch)
    assert status(SHOWN, cookie(claims("lu"), secret="t" * 32)) == 401
    assert status(SHOWN, {"Cookie": "_streamlit_user=eyJzdWIiOiAiMTcifQ"}) == 401


def test_a_sign_out_ends_the_sign_in_and_none_of_another_moment(monkeypatch):
    turn_on(monkeypatch)
    mine, later = claims("lu-out"), claims("lu-out", iat=int(time.time()) - 30)
    assert status("/auth/logout", cookie(mine)) == 200
    assert status(SHOWN, cookie(mine)) == 401
    assert status(SHOWN, cookie(later)) == 200


def test_another_site_cannot_sign_anybody_out(monkeypatch):
    turn_on(monkeypatch)
    mine = cookie(claims("lu-stays"))
    assert status("/auth/logout", mine | {"Sec-Fetch-Site": "cross-site"}) == 403
    assert status(SHOWN, mine) == 200


def test_an_ended_sign_in_is_remembered_while_it_could_count(monkeypatch):
    turn_on(monkeypatch, {"hours": 1})
    sent, later = cookie(claims("lu-ends")), time.time() + 3500
    end(visitor_with({"_streamlit_user": sent["Cookie"].partition("=")[2]}).sign_in)
    monkeypatch.setattr("ui.sign_in.time.time", lambda: later)
    assert status(SHOWN, sent) == 401
    later += 200
    assert visitor_with({"_streamlit_user": sent["Cookie"].partition("=")[2]}).sign_in == ""


@pytest.mark.parametrize(
    ("roles", "auth", "words"),
    [
        ({"reviewers": []}, {}, "'reviewers'"),
        (None, {"client_id": None}, "'client_id'"),
        (None, {"server_metadata_url": ""}, "'server_metadata_url'"),
        (None, {"cookie_secret": "s" * (SHORTEST_SECRET - 1)}, str(SHORTEST_SECRET)),
    ],
)
def test_settings_that_contradict_themselves_show_nothing_to_anybody(
    monkeypatch, roles, auth, words
):
    turn_on(monkeypatch, roles, **auth)
    found = ask(SHOWN, cookie(claims("lu")))
    assert found[0] == 503 and words in found[1]
    assert ask("/audit") == (200, "shown")  # the frame in which the sentence stands


def test_roles_without_a_sign_in_show_nothing_to_anybody(monkeypatch):
    monkeypatch.setenv("PENUMBRA_MAY_REVIEW", "ada@example.org")
    found = ask(SHOWN)
    assert found[0] == 503 and "[auth]" in found[1]


def test_below_a_path_the_same_holds(monkeypatch):
    turn_on(monkeypatch)
    monkeypatch.setattr("ui.guard.below_base", lambda path: f"/team{path}")
    assert [status(f"/team{path}") for path in ("", "/", "/audit", SHOWN)] == [200, 200, 200, 401]
    assert status(SHOWN) == status("/teams") == status("/team/team/audit") == 401


def test_secrets_that_cannot_be_read_show_nothing_to_anybody(monkeypatch, tmp_path):
    broken = tmp_path / "secrets.toml"
    broken.write_text("[auth")
    monkeypatch.setattr(st, "secrets", Secrets())
    before = st.get_option("secrets.files")
    config.set_option("secrets.files", [str(broken)])
    try:
        found = ask(SHOWN)
    finally:
        config.set_option("secrets.files", before)
    assert found[0] == 503 and "cannot be read" in found[1] and str(tmp_path) not in found[1]


def test_a_sign_in_too_long_for_one_cookie_is_read_from_all_of_them(monkeypatch):
    turn_on(monkeypatch, {"look": ["group 499"]})
    sent = {}
    set_cookie_with_chunks(
        lambda name, value: sent.update({name: create_signed_value(SECRET, name, value).decode()}),
        lambda name, value: create_signed_value(SECRET, name, value),
        "_streamlit_user",
        claims("lu", groups=[*(secrets.token_hex(8) for _ in range(499)), "group 499"]),
        cookie_attr_size=60,
    )
    assert len(sent) > 2
    whole = "; ".join(f"{name}={value}" for name, value in sent.items())
    assert status(SHOWN, {"Cookie": whole}) == 200
    sent.popitem()
    assert status(SHOWN, {"Cookie": "; ".join(f"{k}={v}" for k, v in sent.items())}) == 401
