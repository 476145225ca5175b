"""The app behind a sign-in, and a provider of OpenID Connect that knows a few people."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Page, expect

from bench.browser import serve
from tests.browser.waiting import idle

PEOPLE = {
    "lu": {"name": "Lu", "email": "lu@example.org", "email_verified": True},
    "ada": {"name": "Ada", "email": "ada@example.org", "email_verified": True},
    "ann": {"name": "Ann", "email": "ada@example.org", "email_verified": False},
    "odo": {"name": "Odo", "team": {"roles": ["openers", 7]}},
}
"""By their subjects; `ann` says that she is Ada, and her provider has not verified it."""
SECRETS = """\
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{secret}"
client_id = "penumbra"
client_secret = "{secret}"
server_metadata_url = "http://localhost:{provider}/.well-known/openid-configuration"

[roles]
review = ["ada@example.org"]
open = ["openers"]
claim = "team.roles"
"""


class Guarded(NamedTuple):
    """Where the app is, and where its decisions and studies lie."""

    url: str
    decisions: Path
    studies: Path


@contextmanager
def guarded(folder: Path) -> Iterator[Guarded]:
    """The app, which asks who comes; it lets 30 files an hour come of each session."""
    people = [User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    with run_server_in_thread(require_nonce=True, user_claims=people) as provider:
        written, studies = folder / "secrets.toml", folder / "studies"
        studies.mkdir()
        secret = secrets.token_urlsafe(32)
        written.write_text(SECRETS.format(secret=secret, provider=provider.server_port))
        decisions = folder / "decisions.sqlite3"
        environment = {
            "STREAMLIT_SECRETS_FILES": str(written), "PENUMBRA_STUDIES": str(studies),
            "PENUMBRA_DECISIONS": f"sqlite:///{decisions}", "PENUMBRA_UPLOADS_AN_HOUR": "30",
            "NO_PROXY": f"{os.environ.get('NO_PROXY', '')},localhost",
        }  # fmt: skip
        with serve(**environment) as server:
            yield Guarded(server.url, decisions, studies)


def sign_in(page: Page, address: str, subject: str) -> None:
    """Open a page, and sign in on the provider's own form."""
    page.goto(address)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=subject, exact=True).click()
    expect(page.get_by_text("Signed in as")).to_be_visible()
    idle(page)
