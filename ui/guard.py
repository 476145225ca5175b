"""What is asked for by address is answered to those who may have it, and to nobody else.

Pages are drawn over a websocket by a script that asks who is here itself (`navigation.py`). All
else passes here first: files of studies and downloads ask for the right to look, uploads for the
right to bring files. What a stranger needs to sign in is listed; whatever is not listed is closed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse

from core.access.roles import LOOK, OPEN, RolesError
from ui import events
from ui.base_path import below_base
from ui.sign_in import STRANGER, Visitor, end, visitor_with

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

PAGES = frozenset(path.stem for path in (Path(__file__).parent.parent / "pages").glob("*.py"))
FOR_STRANGERS = frozenset(
    {"", "auth/login", "auth/logout", "oauth2callback", "_stcore/health", "_stcore/host-config",
     "favicon.png", "manifest.json", "metrics"} | PAGES
)  # fmt: skip
"""Addresses that show nothing of a study: the empty frame of each page, the way in, and counts,
which ask for a token themselves."""
OF_STREAMLIT = "static/"
"""Below it lie the scripts of every Streamlit app, and nothing of ours."""
UPLOAD = "_stcore/upload_file/"
LOG_OUT = "auth/logout"


class Guard:
    """ASGI middleware: 401 to strangers, 403 to whoever may not, where a sign-in is configured."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, sentence = _refused(scope)
        if not sentence:
            await self._app(scope, receive, send)
            return
        events.refused(status)
        answer = PlainTextResponse(sentence, status, headers={"Cache-Control": "no-store"})
        await answer(scope, receive, send)


def path_of(scope: Message) -> str:
    """The path below the app's own, without slashes at its ends."""
    base, path = below_base("").strip("/"), scope["path"].strip("/")
    is_below = path == base or path.startswith(f"{base}/")
    return path.removeprefix(base).strip("/") if is_below else path


def _refused(scope: Message) -> tuple[int, str]:
    """The status and the sentence of a refusal; no sentence where there is none."""
    path, request = path_of(scope), HTTPConnection(scope)
    try:
        found = visitor_with(request.cookies)
    except RolesError as error:
        is_open = path in FOR_STRANGERS or path.startswith(OF_STREAMLIT)
        return (503, "" if is_open else str(error))
    if path == LOG_OUT:
        return _logged_out(found, request)
    if path in FOR_STRANGERS or path.startswith(OF_STREAMLIT):
        return (200, "")
    sentence = found.refusal(OPEN if path.startswith(UPLOAD) else LOOK)
    return (401 if sentence == STRANGER else 403, sentence)


def _logged_out(found: Visitor, request: HTTPConnection) -> tuple[int, str]:
    """The sign-in is over, unless another site sent the browser here."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return (403, "Another site asked to sign you out; open this server's own page instead.")
    end(found.sign_in)
    return (200, "")
