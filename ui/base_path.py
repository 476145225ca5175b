"""Our own addresses where the server stands below a path, `server.baseUrlPath`."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from starlette.routing import Route


def below_base(path: str) -> str:
    """An address as a browser finds it: Streamlit puts its own below the path, and no other's."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path


def routes_below_base(routes: Sequence[Route]) -> list[Route]:
    """The same routes at the addresses that `below_base` gives."""
    return [Route(below_base(route.path), route.endpoint) for route in routes]
