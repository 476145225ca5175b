"""What a browser is told to refuse: the headers of every response, and what strangers may not read.

Streamlit sends none of these itself. `ui.middleware` puts them on.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any

import streamlit

VARIABLE = "PENUMBRA_FRAME_ANCESTORS"
"""Origins, with spaces between, whose pages may show this one in a frame: a notebook's, say."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|vscode-(webview|file):")
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_CLOSED = "/_stcore/metrics"  # how many visit, and how busy the server is, is nobody's business
_COMPONENT = "/component/"
_HEALTH = "/_stcore/health"
_LOG_OUT = "/auth/logout"
_YEAR = 365 * 24 * 3600
_PERMISSIONS = ", ".join(
    ["camera=(self)", "fullscreen=(self)", "clipboard-write=(self)"]  # Draw; the charts
    + [f"{name}=()" for name in (
        "accelerometer", "autoplay", "display-capture", "geolocation", "gyroscope", "hid",
        "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get",
        "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
    )]
)  # fmt: skip


class ResponseHeaders:
    """ASGI middleware: a content security policy and its kin on every response.

    `/_stcore/metrics` answers 404, and no response may be read by every other origin.
    """

    def __init__(self, app: Asgi, frame_ancestors: Iterable[str] = ()) -> None:
        ancestors = (*frame_ancestors, *os.environ.get(VARIABLE, "").split())
        self._app = app
        self._page = _headers(content_security_policy(streamlit_scripts(), ancestors))
        # A component's own page, in a frame of ours, comes with scripts that we do not know.
        self._component = _headers(content_security_policy(["'unsafe-inline'"], ancestors))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = [
            *(self._component if _COMPONENT in scope["path"] else self._page),
            *_by_request(scope),
        ]
        is_secure = scope.get("scheme") == "https"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = _kept(message.get("headers", ()))
                message["headers"] = [*(_secure(kept) if is_secure else kept), *headers]
            await send(message)

        if scope["path"].rstrip("/").endswith(_CLOSED):
            await send_with_headers({"type": "http.response.start", "status": 404})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, send_with_headers)


def content_security_policy(scripts: Iterable[str], frame_ancestors: Iterable[str] = ()) -> str:
    """The policy as one line.

    `'unsafe-eval'`: Plotly's WebGL compiles its shaders' callers. `blob:`: the components'
    modules, and what a page offers to download. Inline styles: Streamlit's and Plotly's own.

    Args:
        scripts: Sources of inline scripts that may run: hashes, or 'unsafe-inline'.
        frame_ancestors: Origins, beside our own, that may show the page in a frame.

    Raises:
        ValueError: an ancestor is no origin such as http://localhost:8888.
    """
    origins = tuple(frame_ancestors)
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(f"{VARIABLE} must hold origins like http://localhost:8888: {origin!r}")
    policy = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "blob:", "'unsafe-eval'", *scripts],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "media-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'", "data:", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "frame-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'", *origins],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())


def streamlit_scripts() -> list[str]:
    """The hashes of the inline scripts in the installed Streamlit's page."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    digests = [hashlib.sha256(text.encode()).digest() for text in _INLINE_SCRIPT.findall(page)]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def _headers(policy: str) -> list[tuple[bytes, bytes]]:
    named = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",  # an address may hold a reviewer's name
        "permissions-policy": _PERMISSIONS,
        "cross-origin-opener-policy": "same-origin",
    }
    return [(name.encode(), value.encode("ascii")) for name, value in named.items()]


def _by_request(scope: Message) -> list[tuple[bytes, bytes]]:
    """Over TLS, never again without it; after a sign-out nothing stays in the browser.

    Another site may find out whether the server is well, and nothing more: a notebook does.
    """
    is_health = scope["path"].rstrip("/").endswith(_HEALTH)
    readers = b"cross-origin" if is_health else b"same-origin"
    found = [(b"cross-origin-resource-policy", readers)]
    if scope.get("scheme") == "https":
        found.append((b"strict-transport-security", f"max-age={_YEAR}".encode()))
    if scope["path"].rstrip("/").endswith(_LOG_OUT):
        found.append((b"clear-site-data", b'"cache", "storage"'))
    return found


def _secure(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Cookies that came over TLS go back over nothing else."""
    return [
        (name, value + b"; Secure")
        if name.lower() == b"set-cookie" and b"; secure" not in value.lower()
        else (name, value)
        for name, value in headers
    ]


def _kept(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Without leave for every origin, and without what is set anew."""
    ours = {name for name, _ in _headers("")}
    return [
        (name, value)
        for name, value in headers
        if name.lower() not in ours
        and (name.lower(), value) != (b"access-control-allow-origin", b"*")
    ]
