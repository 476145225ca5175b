"""What a link shows where it is pasted: a title, a sentence and a picture, as Open Graph has it."""

from __future__ import annotations

import re
from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.base_path import below_base
from ui.streamlit_scripts import early_tags

TITLE = "Penumbra"
DESCRIPTION = "See where your classifier is unsure, and why."
PICTURE = "/app/static/share.jpg"
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:]{2,39}\](:[0-9]{1,5})?")


class ShareTags:
    """ASGI middleware that adds Open Graph's tags to the one HTML page that Streamlit serves."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not _asks_for_page(scope):
            await self._app(scope, receive, send)
            return
        plain = [(name, said) for name, said in scope["headers"] if name != b"accept-encoding"]
        page = _Page(tags(scope) + early_tags(scope), send)
        await self._app({**scope, "headers": plain}, receive, page)


class _Page:
    """Sends what comes, an HTML page as a whole and with the tags at the end of its head."""

    def __init__(self, tags: str, send: Send) -> None:
        self._tags, self._send = tags.encode(), send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = self._body.replace(b"</head>", self._tags + b"</head>", 1)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def tags(scope: Scope) -> str:
    """The tags as HTML; without a picture where the request names no host to be found at."""
    said = {
        "og:type": "website",
        "og:site_name": TITLE,
        "og:title": TITLE,
        "og:description": DESCRIPTION,
        "twitter:card": "summary_large_image",
    }
    host = Headers(scope=scope).get("host", "")
    if _HOST.fullmatch(host):
        said["og:image"] = f"{scope.get('scheme', 'http')}://{host}{below_base(PICTURE)}"
        said["og:image:alt"] = "A scatter of digits by how unsure a network is of each"
    return "".join(
        f'<meta property="{escape(name)}" content="{escape(text)}">' for name, text in said.items()
    )


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    is_html = headers.get("content-type", "").startswith("text/html")
    return start["status"] == 200 and is_html and "content-encoding" not in headers


def _asks_for_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")
