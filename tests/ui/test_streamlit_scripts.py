"""Streamlit's scripts come as Streamlit itself sends them, and nothing else does."""

import asyncio
from hashlib import sha256

import pytest

from ui.streamlit_scripts import CHARTS, FOLDER, StreamlitScripts, early_tags

CHART = next(FOLDER.glob(f"{CHARTS}*.js"))


def asked(path, method="GET", **headers):
    """Status, headers and body; 418 where Streamlit is left to answer."""
    sent = []

    async def streamlit(scope, receive, send):
        await send({"type": "http.response.start", "status": 418, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message)

    named = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": named}
    asyncio.run(StreamlitScripts(streamlit)(scope, None, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def test_a_script_comes_whole_and_for_good():
    status, headers, body = asked(f"/static/js/{CHART.name}")
    assert status == 200
    assert sha256(body).digest() == sha256(CHART.read_bytes()).digest()
    assert headers[b"content-type"].startswith(b"text/javascript")
    assert headers[b"cache-control"].startswith(b"public, immutable")


@pytest.mark.parametrize(
    "path",
    ["/static/js/none.js", "/static/js/", "/static/js/../index.html", "/static/index.html", "/"],
)
def test_all_else_is_streamlit_s(path):
    assert asked(path)[0] == 418


@pytest.mark.parametrize("headers", [{"range": "bytes=0-9"}, {"if_none_match": "x"}])
def test_a_part_and_a_second_look_are_streamlit_s_too(headers):
    assert asked(f"/static/js/{CHART.name}", **headers)[0] == 418
    assert asked(f"/static/js/{CHART.name}", method="HEAD")[0] == 418


@pytest.mark.parametrize(("path", "is_early"), [("/", True), ("/explore", True), ("/open", False)])
def test_the_charts_script_is_named_where_a_chart_is_drawn_at_once(path, is_early):
    tags = early_tags({"path": path})
    assert (CHART.name in tags) == is_early
    assert tags.startswith("<style>")
