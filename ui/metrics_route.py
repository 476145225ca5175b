"""`/metrics` in the form that Prometheus reads, for this machine or whoever knows the token."""

from __future__ import annotations

import os
import secrets

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from ui import events, long_work

TOKEN = "PENUMBRA_METRICS_TOKEN"  # noqa: S105  the variable's name
"""Names the variable with the token; without one only this machine may ask."""
_LOOPBACK = {"127.0.0.1", "::1"}
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")

Gauge(
    "penumbra_long_work", "Work of more than a second that is going on", registry=events.REGISTRY
).set_function(long_work.under_way)


def metrics(request: Request) -> Response:
    """The counts; 404 for who may not see them, as for any address that is not there."""
    if not _may_see(request):
        return Response(status_code=404)
    return Response(
        generate_latest(events.REGISTRY), headers={"Cache-Control": "no-store"},
        media_type=CONTENT_TYPE_LATEST,
    )  # fmt: skip


def _may_see(request: Request) -> bool:
    """With a token set, who shows it; else this machine, and nobody whom it asks for."""
    if token := os.environ.get(TOKEN, ""):
        shown = request.headers.get("authorization", "").encode()
        return secrets.compare_digest(shown, f"Bearer {token}".encode())
    is_proxied = any(name in request.headers for name in _FORWARDED)
    return request.client is not None and request.client.host in _LOOPBACK and not is_proxied
