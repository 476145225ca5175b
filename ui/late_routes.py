"""Our own addresses; what answers one is imported when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


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
