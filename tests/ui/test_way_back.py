"""A link that a stranger opened opens after the sign-in; nobody is led anywhere else."""

import asyncio

import pytest
from starlette.responses import RedirectResponse

from ui.way_back import COOKIE, WayBack, way_back


def answered(path, headers, to="/"):
    sent = []

    async def send(message):
        sent.append(message)

    raw = [(k.encode(), v.encode("latin-1")) for k, v in ({"host": "here"} | headers).items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": raw}
    asyncio.run(WayBack(RedirectResponse(to, 302))(scope, None, send))
    return [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]


def kept(referer):
    """The cookie that a sign-in begun on a page leaves, as the browser sends it."""
    cookies = [v for k, v in answered("/auth/login", {"referer": referer}) if k == "set-cookie"]
    return cookies[0].split(";")[0] if cookies else ""


@pytest.mark.parametrize(
    "way", ["audit?reviewer=Ada%20L&rank=x", "?id=247&conf=0.5&conf=1", "open"]
)
def test_the_page_and_its_link_come_back(way):
    cookie = kept(f"http://here/{way}")
    headers = answered("/oauth2callback", {"cookie": cookie})
    assert dict(headers)["location"] == f"/{way}"
    (gone,) = [value for name, value in headers if name == "set-cookie"]
    assert gone.startswith(f"{COOKIE}=") and "Max-Age=0" in gone and "HttpOnly" in gone


@pytest.mark.parametrize(
    "referer",
    ["", "http://elsewhere/open", "http://here/tiles/mnist/0", "http://here/auth/logout",
     "http://here/elsewhere.example", f"http://here/open?x={'y' * 3000}", "http://here/"],
)  # fmt: skip
def test_nothing_is_kept_of_what_is_no_page_of_ours(referer):
    assert kept(referer) == ""


@pytest.mark.parametrize(
    "said",
    ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "auth/logout",
     "..%2F..%2Fx", "@elsewhere.example", "elsewhere.example?x=/open"],
)  # fmt: skip
def test_a_cookie_that_somebody_else_wrote_leads_nowhere(said):
    headers = answered("/oauth2callback", {"cookie": f"{COOKIE}={said}"})
    assert dict(headers)["location"] == "/"


def test_a_line_break_in_a_cookie_ends_no_header():
    headers = answered("/oauth2callback", {"cookie": f"{COOKIE}=open%3Fa%3D1%0D%0AX-Bad%3A%201"})
    assert dict(headers)["location"].startswith("/open?a=1")
    assert all("\r" not in value and "\n" not in value for _, value in headers)


def test_what_is_no_redirect_is_left_alone():
    assert way_back("/open?x=1") == "open?x=1"
    assert answered("/open", {"cookie": f"{COOKIE}=audit"})[-1] == ("location", "/")
