"""A pasted link shows a title, a sentence and a picture; nothing else of a page changes."""

import asyncio

import pytest

from ui.share_tags import DESCRIPTION, ShareTags

PAGE = b"<html><head><title>x</title></head><body></body></html>"


def asked(headers, kind=b"text/html; charset=utf-8", status=200, body=PAGE):
    """The answer's headers and body, sent by a server in two parts."""
    sent = []

    async def server(scope, receive, send):
        assert b"accept-encoding" not in dict(scope["headers"]) or b"accept" not in dict(headers)
        known = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": known})
        await send({"type": "http.response.body", "body": body[:20], "more_body": True})
        await send({"type": "http.response.body", "body": body[20:]})

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "scheme": "https",
        "headers": list(headers.items()),
    }
    asyncio.run(ShareTags(server)(scope, None, send))
    return dict(sent[0]["headers"]), b"".join(each.get("body", b"") for each in sent[1:])


BROWSER = {
    b"accept": b"text/html,*/*",
    b"host": b"penumbra.example:8501",
    b"accept-encoding": b"gzip",
}


def test_the_page_gets_the_tags_at_the_end_of_its_head():
    headers, body = asked(BROWSER)
    assert int(headers[b"content-length"]) == len(body)
    head = body.partition(b"</head>")[0].decode()
    assert f'<meta property="og:description" content="{DESCRIPTION}">' in head
    address = "https://penumbra.example:8501/app/static/share.jpg"
    assert f'<meta property="og:image" content="{address}">' in head
    assert body.replace(body[body.index(b"<meta") : body.index(b"</head>")], b"") == PAGE


@pytest.mark.parametrize("host", [b'x"><script>', b"a b", b"", b"a/b", b"[::1]:8501x"])
def test_a_host_that_is_none_is_never_written_into_the_page(host):
    body = asked(BROWSER | {b"host": host})[1]
    assert b"og:image" not in body
    assert b"og:title" in body


@pytest.mark.parametrize(
    "answer",
    [{"kind": b"application/json"}, {"status": 404}, {"kind": b"text/plain"}],
)
def test_what_is_no_page_stays_as_it_is(answer):
    assert asked(BROWSER, **answer)[1] == PAGE


def test_who_asks_for_no_page_gets_what_was_there():
    assert asked({b"accept": b"image/webp", b"host": b"a"})[1] == PAGE
