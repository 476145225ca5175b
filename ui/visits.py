"""How many browsers are connected: each keeps one WebSocket open."""

from __future__ import annotations

from ui import events
from ui.response_headers import Asgi, Message, Receive, Send

_STREAM = "/_stcore/stream"


class Visits:
    """ASGI middleware that counts the browsers which are connected."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "websocket" or not scope["path"].rstrip("/").endswith(_STREAM):
            await self._app(scope, receive, send)
            return
        events.VISITS.inc()
        events.say("visit")
        with events.VISITORS.track_inprogress():
            await self._app(scope, receive, send)
        events.say("left")
