"""Files of many items, sent while they are made, under addresses that cannot be guessed."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from core.study.study_error import StudyError
from ui.base_path import below_base
from ui.faults import UNREADABLE

MOST_OFFERED = 128
"""Files that can still be asked for."""
GONE = "This download is no longer offered. Reload the page that it was offered on."
MIMES = {
    "csv": "text/csv; charset=utf-8",
    "npz": "application/octet-stream",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
}


class Offer(NamedTuple):
    """What a file is of, and what makes it piece by piece."""

    owner: tuple[object, ...]
    make: Callable[[], Iterator[bytes]]


_offers: OrderedDict[str, Offer] = OrderedDict()
_lock = threading.Lock()


def offered(owner: tuple[object, ...], make: Callable[[], Iterator[bytes]]) -> str:
    """The address of a file, the same for equal owners, to which `/NAME.csv` is appended."""
    with _lock:
        known = (token for token, offer in _offers.items() if offer.owner == owner)
        token = next(known, "") or secrets.token_urlsafe(16)
        _offers[token] = Offer(owner, make)
        _offers.move_to_end(token)
        while len(_offers) > MOST_OFFERED:
            _offers.popitem(last=False)
    return below_base(f"/export/{token}")


def export(request: Request) -> Response:
    """A file that was offered."""
    name, ending = request.path_params["name"], request.path_params["ending"]
    with _lock:
        offer = _offers.get(request.path_params["token"])
    if offer is None or ending not in MIMES:
        return PlainTextResponse(GONE, 404)
    try:
        found = offer.make()
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
