"""Who may look, review and open files: from what a sign-in says of a person, and from lists."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

LOOK, REVIEW, OPEN = "look", "review", "open"
VARIABLES = {
    LOOK: "PENUMBRA_MAY_LOOK",
    REVIEW: "PENUMBRA_MAY_REVIEW",
    OPEN: "PENUMBRA_MAY_OPEN",
    "claim": "PENUMBRA_ROLES_CLAIM",
    "hours": "PENUMBRA_SIGN_IN_HOURS",
}
"""The environment's names of the settings under `[roles]`; the environment has the last word."""
USUAL_CLAIM, USUAL_HOURS = "groups", 12.0
EVERYBODY = "*"
_AHEAD = 300.0
"""Seconds that the provider's clock may be ahead of this machine's."""


class RolesError(ValueError):
    """The settings do not say who may do what; the message is one sentence, with the cure."""


class Person(NamedTuple):
    """Somebody who signed in.

    Attributes:
        name: Unique among all who can sign in; what decisions carry.
        rights: Of `LOOK`, `REVIEW` and `OPEN`, those that they have.
        sign_in: A digest of the person and the moment; another sign-in has another one.
    """

    name: str
    rights: frozenset[str]
    sign_in: str


@dataclass(frozen=True)
class Rules:
    """Who may do what.

    Each list holds e-mail addresses, whole domains as `*@example.org`, values of the claim, or `*`
    for everybody who signs in. Whoever is on no list may look, unless there is a list for that too.

    Attributes:
        review: Who may settle labels.
        open: Who may bring files: studies, networks, photographs.
        look: Who may look; None for everybody who signs in. Who may do more may look as well.
        claim: Name of the claim whose values the lists may hold; dots lead into nested ones.
        hours: After which one has to sign in again.
    """

    review: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    look: frozenset[str] | None = None
    claim: str = USUAL_CLAIM
    hours: float = USUAL_HOURS

    def person(self, claims: Mapping[str, Any], now: float) -> Person | None:
        """Who these claims of an ID token speak of; None if of nobody, or if they are too old.

        Args:
            claims: Verified by whoever read them, `sub` and `iat` among them.
            now: Seconds since 1970.
        """
        subject, since = claims.get("sub"), claims.get("iat")
        if not isinstance(subject, str) or not subject or not isinstance(since, int | float):
            return None
        if not -_AHEAD <= now - since <= 3600 * self.hours:
            return None
        return Person(_name(subject, claims), self._rights(claims), _digest(f"{subject}\n{since}"))

    def _rights(self, claims: Mapping[str, Any]) -> frozenset[str]:
        said = _email_forms(claims) | _values(claims, self.claim) | {EVERYBODY}
        rights = {name for name in (REVIEW, OPEN) if said & getattr(self, name)}
        if rights or self.look is None or said & self.look:
            rights.add(LOOK)
        return frozenset(rights)


def names_roles(section: Mapping[str, Any], environment: Mapping[str, str]) -> bool:
    """Whether anything is said of roles at all."""
    return bool(section) or any(environment.get(name, "").strip() for name in VARIABLES.values())


def read_rules(section: Mapping[str, Any], environment: Mapping[str, str]) -> Rules:
    """The rules in a settings file's section `[roles]` and in the environment.

    Raises:
        RolesError: an entry is not known, or is no list, name or number of hours.
    """
    if unknown := sorted(set(section) - set(VARIABLES)):
        raise RolesError(f"[roles] has no {unknown[0]!r}; it has {', '.join(VARIABLES)}.")
    said: dict[str, Any] = dict(section)
    for key, variable in VARIABLES.items():
        if text := environment.get(variable, "").strip():
            said[key] = text
    look = said.get(LOOK)
    return Rules(
        review=_listed(REVIEW, said.get(REVIEW, [])),
        open=_listed(OPEN, said.get(OPEN, [])),
        look=None if look is None else _listed(LOOK, look),
        claim=_claim(said.get("claim", USUAL_CLAIM)),
        hours=_hours(said.get("hours", USUAL_HOURS)),
    )


def _listed(key: str, said: Any) -> frozenset[str]:
    entries = said.replace(",", " ").split() if isinstance(said, str) else said
    if not isinstance(entries, list | tuple) or not all(isinstance(e, str) for e in entries):
        raise RolesError(f"{key!r} under [roles] must be a list, as ['ada@example.org'].")
    return frozenset(e.strip().casefold() if "@" in e else e.strip() for e in entries if e.strip())


def _claim(said: Any) -> str:
    if not isinstance(said, str) or not said.strip():
        raise RolesError("'claim' under [roles] must be the name of a claim, like 'groups'.")
    return said.strip()


def _hours(said: Any) -> float:
    try:
        hours = float(said)
    except (TypeError, ValueError):
        hours = math.nan
    if isinstance(said, bool) or not 0 < hours <= 720:
        raise RolesError(f"'hours' under [roles] must be a number from 0 to 720, not {said!r}.")
    return hours


def _email_forms(claims: Mapping[str, Any]) -> set[str]:
    """The address and its domain; nothing where the provider has not verified it."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return set()
    local, at, domain = email.casefold().rpartition("@")
    is_whole = local and at and domain and not local.startswith(EVERYBODY)
    return {email.casefold(), f"*@{domain}"} if is_whole else set()


def _values(claims: Mapping[str, Any], claim: str) -> set[str]:
    """What a claim says: one text, or those of a list. `email` counts only where verified."""
    if claim == "email":
        return set()
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    values = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    plain = {value for value in values if isinstance(value, str)}
    return {v.casefold() if "@" in v else v for v in plain if not v.startswith(EVERYBODY)}


def _name(subject: str, claims: Mapping[str, Any]) -> str:
    """The verified address, else the shown name with the provider's own, which nobody else has."""
    if forms := _email_forms(claims):
        return _short(next(form for form in sorted(forms) if not form.startswith(EVERYBODY)))
    said = claims.get("name")
    letters = said if isinstance(said, str) else ""
    shown = "".join(letter for letter in letters if letter.isprintable())[:50].strip()
    return f"{shown} ({_short(subject, 40)})" if shown else _short(subject)


def _short(text: str, most: int = 100) -> str:
    """The text, or its beginning and a digest: no two become one by being cut."""
    return text if len(text) <= most else f"{text[: most - 17]} {_digest(text)[:16]}"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
