"""How many files, and how many bytes, one session and one address may bring in an hour."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st
from starlette.responses import PlainTextResponse

from core.access.rates import Limit, Rates
from ui import events
from ui.guard import UPLOAD, Asgi, Message, Receive, Send, path_of
from ui.refused_uploads import tell

FILES, MEGABYTES = "PENUMBRA_UPLOADS_AN_HOUR", "PENUMBRA_UPLOAD_MB_AN_HOUR"
USUAL_FILES, USUAL_MEGABYTES = 1_000, 4_000
SESSIONS = 10
"""What one address may bring is that of so many sessions: a class behind one router has one."""


class Allowed(NamedTuple):
    """What is left to each session and to each address."""

    sessions: Rates
    addresses: Rates


def read_allowed(environment: Mapping[str, str]) -> Allowed:
    """The limits that the environment names, or the usual ones.

    Raises:
        ValueError: one is no number above 0; it says which.
    """
    files = _number(environment, FILES, USUAL_FILES)
    size = 1e6 * _number(environment, MEGABYTES, USUAL_MEGABYTES)
    return Allowed(Rates(Limit(files, size)), Rates(Limit(SESSIONS * files, SESSIONS * size)))


class UploadRates:
    """ASGI middleware: 429 to uploads that are too many or too much in too little time."""

    def __init__(self, app: Asgi, allowed: Allowed | None = None) -> None:
        self._app = app
        self._allowed = read_allowed(os.environ) if allowed is None else allowed

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = path_of(scope) if scope["type"] == "http" and scope["method"] == "PUT" else ""
        wait = self._wait(scope, path) if path.startswith(UPLOAD) else 0.0
        if wait == 0:
            await self._app(scope, receive, send)
            return
        await _read_away(receive)
        events.refused(429)
        tell(_session(path), said := sentence(wait))
        headers = {"Retry-After": str(math.ceil(wait)), "Cache-Control": "no-store"}
        await PlainTextResponse(said, 429, headers=headers)(scope, receive, send)

    def _wait(self, scope: Message, path: str) -> float:
        size, address = _size(scope), (scope.get("client") or ("", 0))[0]
        # What the address may not bring any more costs the session nothing.
        wait = self._allowed.addresses.wait(address, size)
        wait = wait or self._allowed.sessions.take(_session(path), size)
        return wait or self._allowed.addresses.take(address, size)


def _session(path: str) -> str:
    return path.removeprefix(UPLOAD).partition("/")[0]


def sentence(seconds: float) -> str:
    """What is said to whoever brought too much."""
    minutes = math.ceil(seconds / 60)
    when = "in a minute" if minutes == 1 else f"in {minutes} minutes"
    return f"Too many files came at once. Try again {when}."


def _size(scope: Message) -> float:
    """Bytes as the request says; as many as there may be at most where it does not."""
    said = dict(scope["headers"]).get(b"content-length", b"")
    return float(said) if said.isdigit() else 1e6 * st.get_option("server.maxUploadSize")


async def _read_away(receive: Receive) -> None:
    """Take what the browser still sends: it looks at the answer only afterwards."""
    left = 1.1e6 * st.get_option("server.maxUploadSize")
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return


def _number(environment: Mapping[str, str], name: str, usual: float) -> float:
    said = environment.get(name, "").strip()
    try:
        number = float(said or usual)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise ValueError(f"{name} must be a number above 0, not {said!r}")
    return number
