"""Streamlit's own scripts, which a page loads by the hundred: served quickly, the largest early.

Streamlit hands each file from thread to thread, which takes 4.6 ms of a processor a file. And its
page asks for the script of the charts, 4.7 MB, once the first chart is to be drawn: after all its
other scripts, a connection and an answer.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.guard import path_of

FOLDER = Path(streamlit.__file__).parent / "static" / "static" / "js"
ADDRESS = "static/js/"
CHARTS = "PlotlyChart."
"""What the name of the charts' script begins with; a hash follows."""
WITH_CHARTS = ("", "explore")
"""Pages that draw a chart at once, by their addresses."""
STILL = '<style>.stApp [data-testid="stSkeleton"]{animation:none}</style>'
"""What stands in for a part that is loading would fade in and out, sixty times a second: that takes
as much of a processor as the loading itself where no graphics card helps."""
_KEPT = {"Cache-Control": f"public, immutable, max-age={365 * 24 * 3600}"}
"""A name has a hash in it, so a browser may keep the file for good; Streamlit says the same."""


class StreamlitScripts:
    """ASGI middleware that reads a script and answers with it in one go."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what asks for no script that is there goes on to Streamlit."""
        content = _script(path_of(scope)) if _is_plain(scope) else None
        if content is None:
            await self._app(scope, receive, send)
            return
        await Response(content, media_type="text/javascript", headers=_KEPT)(scope, receive, send)


def early_tags(scope: Scope) -> str:
    """For a page's head: what loads keeps still, and a chart that is needed at once comes early."""
    if path_of(scope) not in WITH_CHARTS:
        return STILL
    return STILL + "".join(
        f'<link rel="modulepreload" crossorigin href="./{ADDRESS}{name}">'
        for name in _paths()
        if name.startswith(CHARTS)
    )


def _is_plain(scope: Scope) -> bool:
    """Whether a whole file is asked for: part of one, or whether it changed, Streamlit answers."""
    asked = {name for name, _ in scope.get("headers", ())}
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and asked.isdisjoint({b"range", b"if-none-match", b"if-modified-since"})
    )


def _script(path: str) -> bytes | None:
    found = _paths().get(path.removeprefix(ADDRESS)) if path.startswith(ADDRESS) else None
    try:
        return found.read_bytes() if found else None
    except FileNotFoundError:  # another version of Streamlit was installed meanwhile
        return None


@cache
def _paths() -> dict[str, Path]:
    """Name -> file of each script that is there; nothing else is read."""
    return {path.name: path for path in FOLDER.glob("*.js")}
