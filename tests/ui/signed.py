"""A sign-in that is on, and the cookies of who signed in, as Streamlit writes them."""

from __future__ import annotations

import json
import time

from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

SECRET = "s" * 32
ORIGIN = "http://here"
AUTH = {
    "redirect_uri": f"{ORIGIN}/oauth2callback", "cookie_secret": SECRET, "client_id": "penumbra",
    "client_secret": "x", "server_metadata_url": "http://there/.well-known/openid-configuration",
}  # fmt: skip


def turn_on(monkeypatch, roles=None, **auth):
    """Put `[auth]` and `[roles]` where the app reads its secrets."""
    said = {"auth": {key: value for key, value in (AUTH | auth).items() if value is not None}}
    monkeypatch.setattr(secrets_singleton, "_secrets", said | ({"roles": roles} if roles else {}))


def claims(subject="17", **said):
    """What a sign-in a minute ago says."""
    return {
        "sub": subject, "iat": int(time.time()) - 60, "is_logged_in": True, "provider": "default",
        "email": f"{subject}@example.org", "email_verified": True, "origin": ORIGIN,
    } | said  # fmt: skip


def cookie(said, secret=SECRET):
    """The header that carries them."""
    signed = create_signed_value(secret, "_streamlit_user", json.dumps(said))
    return {"Cookie": f"_streamlit_user={signed.decode()}"}
