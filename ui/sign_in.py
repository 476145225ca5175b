"""Who is here: by the sign-in that Streamlit keeps in a signed cookie, where one is configured.

Without `[auth]` in Streamlit's secrets, and without a word on roles, everybody may do everything.
With it, nothing is shown to a stranger. What contradicts itself shows nothing to anybody.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st
from streamlit.auth_util import (
    get_cookie_with_chunks,
    get_origin_from_redirect_uri,
    is_authlib_installed,
)
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from core.access.roles import LOOK, OPEN, REVIEW, Person, RolesError, Rules, names_roles, read_rules

VARIABLE = "PENUMBRA_SIGN_IN"
"""Set to "off", nobody has to sign in, whatever the secrets say: they may be another app's."""
NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
SHORTEST_SECRET = 32
EVERYTHING = frozenset({LOOK, REVIEW, OPEN})
REFUSALS = {
    LOOK: "You may not look at the studies of this server. Ask whoever looks after it.",
    REVIEW: "You may look at labels here, but not settle them.",
    OPEN: "You may look here, but not bring or change files.",
}
STRANGER = "Sign in first: this server shows its studies to people that it knows."


class Visitor(NamedTuple):
    """Whoever asks for something.

    Attributes:
        name: What decisions carry; empty where there is no sign-in, or before it.
        rights: What they may do.
        sign_in: Which sign-in it is; empty without one.
    """

    name: str
    rights: frozenset[str]
    sign_in: str = ""

    def refusal(self, right: str) -> str:
        """Why they may not, in a sentence; empty if they may."""
        if right in self.rights:
            return ""
        return REFUSALS[right] if self.sign_in else STRANGER


ANYBODY, NOBODY = Visitor("", EVERYTHING), Visitor("", frozenset())


def sign_in_is_on() -> bool:
    """Whether visitors have to sign in.

    Raises:
        RolesError: the settings contradict themselves; then nobody may do anything.
    """
    return _rules() is not None


def visitor() -> Visitor:
    """Whoever this session belongs to.

    Raises:
        RolesError: as `sign_in_is_on`.
    """
    rules = _rules()
    return ANYBODY if rules is None else _known(dict(st.user.to_dict()), rules)


def visitor_with(cookies: Mapping[str, str]) -> Visitor:
    """Whoever sends these cookies with a request.

    Raises:
        RolesError: as `sign_in_is_on`.
    """
    rules = _rules()
    return ANYBODY if rules is None else _known(_claims_in(cookies), rules)


def refusal(right: str) -> str:
    """Why this session may not, in a sentence; empty if it may."""
    try:
        return visitor().refusal(right)
    except RolesError as error:
        return str(error)


def end(sign_in: str) -> None:
    """Take a sign-in for over, in every tab and for every copy of its cookie."""
    if sign_in:
        _ended[sign_in] = time.time()


_ended: dict[str, float] = {}
"""Sign-ins that were ended before their time, and when."""


def _known(claims: Mapping[str, Any], rules: Rules) -> Visitor:
    if claims.get("is_logged_in") is not True or claims.get("provider") != "default":
        return NOBODY
    found: Person | None = rules.person(claims, time.time())
    _forget(3600 * rules.hours)
    if found is None or found.sign_in in _ended:
        return NOBODY
    return Visitor(*found)


def _forget(seconds: float) -> None:
    """What is too old to count needs no note that it was ended."""
    for sign_in, then in list(_ended.items()):
        if time.time() - then > seconds + 600:
            _ended.pop(sign_in, None)


def _claims_in(cookies: Mapping[str, str]) -> dict[str, Any]:
    """What Streamlit's cookie says, if it is signed by us and for this very address."""
    secret = get_cookie_secret()

    def signed(name: str) -> bytes | None:
        value = cookies.get(name)
        return None if value is None else decode_signed_value(secret, name, value)

    content = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    try:
        claims = json.loads(content or b"{}")
    except ValueError:
        return {}
    is_ours = isinstance(claims, dict) and claims.get("origin") == get_origin_from_redirect_uri()
    return claims if is_ours else {}


def _rules() -> Rules | None:
    """The rules where there is a sign-in, None where nothing is said of one, or it is off."""
    if os.environ.get(VARIABLE, "").strip().lower() == "off":
        return None
    auth, roles = _sections("auth", "roles")
    roles = roles or {}
    if auth is None:
        if names_roles(roles, os.environ):
            raise RolesError("Roles are named, but no sign-in: the secrets need a section [auth].")
        return None
    if missing := [key for key in NEEDED if not auth.get(key)]:
        raise RolesError(f"The sign-in cannot begin: [auth] in the secrets lacks {missing[0]!r}.")
    if len(str(auth["cookie_secret"])) < SHORTEST_SECRET:
        raise RolesError(f"[auth] needs a 'cookie_secret' of at least {SHORTEST_SECRET} letters.")
    if not is_authlib_installed():
        raise RolesError("The sign-in needs a package that is missing: pip install Authlib httpx")
    return read_rules(roles, os.environ)


def _sections(*names: str) -> list[Mapping[str, Any] | None]:
    """Sections of the secrets, each None where there is none.

    Raises:
        RolesError: one is none, or the secrets cannot be read.
    """
    try:
        found = [st.secrets.get(name) for name in names]
    except StreamlitSecretNotFoundError as error:
        if any(Path(path).exists() for path in st.get_option("secrets.files")):
            raise RolesError("The secrets cannot be read, so nobody can sign in.") from error
        return [None] * len(names)
    for name, section in zip(names, found, strict=True):
        if section is not None and not isinstance(section, Mapping):
            raise RolesError(f"[{name}] in the secrets must be a section, not one value.")
    return found
