"""Short names of ours for folders and links, made from names that people give."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_LONGEST = 40
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def slug(name: str, otherwise: str) -> str:
    """A name in lower-case letters a to z, digits and single hyphens, at most 40 characters.

    Args:
        name: What a person wrote, in any script.
        otherwise: A slug for a name of which nothing remains.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall("[a-z0-9]+", plain)
    return "-".join(words)[:_LONGEST].strip("-") or otherwise


def is_slug(name: str) -> bool:
    """Whether a name is fit for a folder as it stands: no dot, slash, blank or capital."""
    return len(name) <= 2 * _LONGEST and _SLUG.fullmatch(name) is not None


def free_slug(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """`wanted`, or `wanted-2`, `wanted-3` … if that is taken."""
    found, number = wanted, 1
    while is_taken(found):
        number += 1
        found = f"{wanted}-{number}"
    return found
