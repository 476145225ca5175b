"""Back to the page that a link opened, once its reader has signed in.

Streamlit always leads to the first page after a sign-in, and forgets what the link said.
"""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from starlette.requests import HTTPConnection

from ui.base_path import below_base
from ui.guard import PAGES, Asgi, Message, Receive, Send, path_of

Headers = list[tuple[bytes, bytes]]
COOKIE = "penumbra_way_back"
MOST_LETTERS = 2_000
MINUTES = 15


class WayBack:
    """ASGI middleware: keeps the page's address in a cookie while its reader signs in."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = path_of(scope) if scope["type"] == "http" else ""
        if path not in {"auth/login", "oauth2callback"}:
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)

        async def send_with_way(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in {302, 303, 307}:
                change = _begun if path == "auth/login" else _ended
                message["headers"] = change(list(message["headers"]), request)
            await send(message)

        await self._app(scope, receive, send_with_way)


def way_back(address: str) -> str:
    """The part of an address that leads to a page of ours; empty if it leads to none.

    Args:
        address: A whole address, or its part behind the host.
    """
    split = urlsplit(address)
    page = path_of({"path": split.path})
    if page not in PAGES | {""} or len(address) > MOST_LETTERS:
        return ""
    return f"{page}?{split.query}" if split.query else page


def _begun(headers: Headers, request: HTTPConnection) -> Headers:
    """Keep the page that sent the browser here, if it is one of ours."""
    referer = request.headers.get("referer", "")
    is_ours = urlsplit(referer).netloc == request.headers.get("host")
    way = way_back(referer) if is_ours else ""
    return [*headers, _cookie(way, 60 * MINUTES)] if way else headers


def _ended(headers: Headers, request: HTTPConnection) -> Headers:
    """Lead on to that page instead of the first one, and forget it."""
    kept = unquote(request.cookies.get(COOKIE, ""))
    way = way_back(below_base(f"/{kept}")) if kept else ""
    if not way:
        return headers
    to = quote(below_base(f"/{way}"), safe="/?&=%+,:;@!$'()*~-._").encode("ascii")
    led = [(name, to if name.lower() == b"location" else value) for name, value in headers]
    return [*led, _cookie("", 0)]


def _cookie(way: str, seconds: int) -> tuple[bytes, bytes]:
    said = f"{COOKIE}={quote(way, safe='')}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
    return (b"set-cookie", said.encode("ascii"))
