"""Our own addresses, and what the first page needs, imported while a browser loads Streamlit's.

The pages' libraries take three quarters of a second of a processor. A server that imported them
before it answered would let the first visitor wait for both, one after the other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from threading import Thread

import streamlit as st
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FIRST_PAGE = (
    "core.figures.scatter",
    "core.figures.item_probs",
    "core.measures.verdict",
    "core.review.audit",
    "core.stored.library",
)
"""Between them they import every large library that Explore needs; none of them Streamlit, whose
own parts import one another in circles and are left to the thread that serves."""


def _late(module: str, name: str) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        response: Response = getattr(import_module(module), name)(request)
        return response

    return answer


class RowNumber(Convertor[int]):
    """A row number in an address; `{row:int}` fails on thousands of digits instead of on none."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        """The number that its digits mean."""
        return int(value)

    def to_string(self, value: int) -> str:
        """Its digits."""
        return str(value)


register_url_convertor("row", RowNumber())
ROUTES: list[Route] = [
    Route("/items/{study}/{model}/{row:row}", _late("ui.item_routes", "item")),
    Route("/tiles/{study}/{row:row}", _late("ui.item_routes", "tile")),
    Route("/points/{study}/{model}", _late("ui.scatter_routes", "points")),
    Route("/export/{token}/{name}.{ending}", _late("ui.export_routes", "export")),
    Route("/still/{study}", _late("ui.still_route", "still")),
    Route("/metrics", _late("ui.metrics_route", "metrics")),
]


@asynccontextmanager
async def imported_early(_app: st.App) -> AsyncIterator[None]:
    """For `st.App(lifespan=…)`: begin to import what the first page needs once the server answers.

    A page that asks for one of these modules meanwhile waits for it, as Python's imports do.
    """
    Thread(target=_import_first_page, name="first page", daemon=True).start()
    yield


def _import_first_page() -> None:
    for name in FIRST_PAGE:
        import_module(name)
