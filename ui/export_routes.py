"""Files of many items, sent while they are made, under addresses that cannot be guessed."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from core.measures.export_files import Part, csv_pieces, parquet_pieces, zip_pieces
from core.measures.export_table import export_parts
from core.measures.selection import Selection
from core.study.study_error import StudyError
from ui import cache
from ui.faults import UNREADABLE
from ui.picked import Key, Picked

MOST_OFFERED = 128
"""Selections whose files can still be asked for."""
GONE = "This download is no longer offered. Reload the page that it was offered on."
MIMES = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
}


class Offer(NamedTuple):
    """Whose items, and which of them."""

    key: Key
    selection: Selection


_offers: OrderedDict[str, Offer] = OrderedDict()
_lock = threading.Lock()


def offered(key: Key, selection: Selection) -> str:
    """The address of a selection's files, the same each time, to which `/NAME.csv` is appended."""
    with _lock:
        known = (
            token
            for token, offer in _offers.items()
            if offer.selection is selection and offer.key == key
        )
        token = next(known, "") or secrets.token_urlsafe(16)
        _offers[token] = Offer(key, selection)
        _offers.move_to_end(token)
        while len(_offers) > MOST_OFFERED:
            _offers.popitem(last=False)
    return f"/export/{token}"


def pieces(picked: Picked, rows: np.ndarray, ending: str) -> Iterator[bytes]:
    """A file of some items, piece by piece: "csv", "parquet" or "zip".

    Raises:
        ValueError: pictures are asked for, and there are none.
    """
    parts = export_parts(picked.dataset, picked.model, rows)
    if ending == "zip":
        if picked.dataset.images is None:
            raise ValueError(f"{picked.study.title} has no pictures")
        return zip_pieces(picked.dataset.images, parts)
    made: dict[str, Callable[[Iterator[Part]], Iterator[bytes]]] = {
        "csv": csv_pieces,
        "parquet": parquet_pieces,
    }
    return made[ending](parts)


def export(request: Request) -> Response:
    """A file of an offered selection."""
    name, ending = request.path_params["name"], request.path_params["ending"]
    with _lock:
        offer = _offers.get(request.path_params["token"])
    if offer is None or ending not in MIMES:
        return PlainTextResponse(GONE, 404)
    try:
        found = pieces(cache.picked(offer.key), offer.selection.rows, ending)
        first = next(found)
    except StudyError as error:
        return PlainTextResponse(str(error), 409)
    except (*UNREADABLE, ValueError) as error:
        return PlainTextResponse(str(error), 404)
    shown = "".join(letter for letter in name if letter.isascii() and letter not in '"\\\r\n')
    headers = {
        "Content-Disposition": f'attachment; filename="{shown}.{ending}"',
        "Cache-Control": "no-store",
        "Content-Encoding": "identity",  # shrinking takes longer than sending
    }
    return StreamingResponse(_after(first, found), media_type=MIMES[ending], headers=headers)


def _after(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


ROUTES: list[BaseRoute] = [Route("/export/{token}/{name}.{ending}", export)]
