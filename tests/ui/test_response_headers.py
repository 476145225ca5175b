"""Every response carries the policy, and what strangers may not read is closed."""

import asyncio
import re

import pytest

from ui.response_headers import (
    VARIABLE,
    ResponseHeaders,
    content_security_policy,
    streamlit_scripts,
)


async def answer(scope, receive, send):
    """A server that lets every origin read, and has a policy of its own."""
    headers = [
        (b"Access-Control-Allow-Origin", b"*"),
        (b"Content-Security-Policy", b"default-src *"),
        (b"content-type", b"text/plain"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


def ask(path, app=answer, kind="http", **more):
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(ResponseHeaders(app)({"type": kind, "path": path} | more, None, send))
    return sent


def policy(path):
    headers = dict(ask(path)[0]["headers"])
    found = headers[b"content-security-policy"].decode()
    return dict(part.split(" ", 1) for part in found.split("; "))


@pytest.mark.parametrize(
    "path", ["/", "/draw", "/app/static/x.webp", "/_stcore/health", "/media/a"]
)
def test_each_response_has_each_header_once_and_its_own_content(path):
    start, body = ask(path)
    names = [name.lower() for name, _ in start["headers"]]
    assert len(names) == len(set(names))
    headers = dict(start["headers"])
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"same-origin"
    assert headers[b"cross-origin-opener-policy"] == b"same-origin"
    readers = b"cross-origin" if path == "/_stcore/health" else b"same-origin"
    assert headers[b"cross-origin-resource-policy"] == readers
    assert b"strict-transport-security" not in headers and b"clear-site-data" not in headers
    assert headers[b"content-type"] == b"text/plain"
    assert b"access-control-allow-origin" not in names
    assert "*" not in policy(path)["default-src"]
    assert body["body"] == b"hello"


def test_another_origin_that_streamlit_names_is_left_as_it_is():
    async def named(scope, receive, send):
        headers = [(b"access-control-allow-origin", b"http://here")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    assert (b"access-control-allow-origin", b"http://here") in ask("/", named)[0]["headers"]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/base/_stcore/metrics"])
def test_the_metrics_are_closed(path):
    start, body = ask(path)
    assert start["status"] == 404
    assert body["body"] == b""


def test_a_websocket_passes_untouched():
    sent = ask("/_stcore/stream", kind="websocket")
    assert (b"Access-Control-Allow-Origin", b"*") in sent[0]["headers"]


def test_no_inline_script_may_run_but_streamlits_own():
    scripts = policy("/")["script-src"].split()
    hashes = [source for source in scripts if source.startswith("'sha256-")]
    assert hashes == streamlit_scripts() and len(hashes) >= 1
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", source) for source in hashes)
    assert "'unsafe-inline'" not in scripts
    assert "'unsafe-inline'" in policy("/component/x.y/index.html")["script-src"]


@pytest.mark.parametrize("name", ["object-src", "frame-ancestors", "base-uri", "form-action"])
def test_what_the_pages_do_not_need_is_refused(name):
    none = {"object-src", "base-uri"}
    assert policy("/")[name] == ("'none'" if name in none else "'self'")


def test_a_notebooks_origin_may_frame_the_pages_where_it_is_named(monkeypatch):
    monkeypatch.setenv(VARIABLE, "http://localhost:8888 https://hub.example.org")
    wanted = "'self' http://localhost:8888 https://hub.example.org"
    assert policy("/")["frame-ancestors"] == wanted


@pytest.mark.parametrize(
    "origin", ["*", "localhost", "http://a;script-src", "http://a/b", "https:"]
)
def test_what_is_no_origin_is_refused_by_name(origin):
    with pytest.raises(ValueError, match=VARIABLE):
        content_security_policy([], [origin])


def test_the_camera_is_for_our_own_pages_and_other_devices_for_nobody():
    said = dict(ask("/draw")[0]["headers"])[b"permissions-policy"].decode()
    allowed = dict(part.split("=", 1) for part in said.split(", "))
    assert allowed["camera"] == "(self)"
    assert {"microphone", "geolocation", "usb", "payment"} <= {
        name for name, to in allowed.items() if to == "()"
    }


async def with_cookies(scope, receive, send):
    headers = [(b"set-cookie", b"a=1; Path=/"), (b"Set-Cookie", b"b=2; Secure")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


def test_over_tls_cookies_and_the_browser_stay_with_it():
    headers = ask("/", with_cookies, scheme="https")[0]["headers"]
    cookies = [value for name, value in headers if name.lower() == b"set-cookie"]
    assert cookies == [b"a=1; Path=/; Secure", b"b=2; Secure"]
    assert dict(headers)[b"strict-transport-security"] == b"max-age=31536000"
    plain = ask("/", with_cookies, scheme="http")[0]["headers"]
    assert (b"set-cookie", b"a=1; Path=/") in plain


def test_after_a_sign_out_nothing_stays_in_the_browser():
    assert dict(ask("/auth/logout")[0]["headers"])[b"clear-site-data"] == b'"cache", "storage"'
