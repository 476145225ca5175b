"""One window of a scatter of many items, which the browser asks for while people zoom."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from core.figures.scatter import describe_seen, window_figure
from core.study.study_error import StudyError
from ui import cache
from ui.faults import UNREADABLE
from ui.picked import Key, Picked
from ui.scatter_address import Asked, read_address
from ui.studies import LIBRARY

CHANGED = "This study has changed in the meantime. Reload the page."


def points(request: Request) -> Response:
    """`{data, said, page, pages}` of a window: traces, what they show of it, and the share."""
    named, said = request.path_params, request.query_params
    try:
        if said.get("version", "") != LIBRARY.version(named["study"]):
            return _refused(CHANGED, 409)
        picked = cache.picked(Key(named["study"], said.get("version", ""), "", named["model"]))
        if named["model"] not in picked.study.models:
            return _refused("There is no such model.", 404)
        return _answer(_window(picked, read_address(said, picked)))
    except StudyError as error:
        return _refused(str(error), 404)
    except UNREADABLE as error:
        return _refused(str(error), 404)
    except ValueError as error:
        return _refused(f"The scatter cannot be shown: {error}.", 400)


def _window(picked: Picked, asked: Asked) -> str:
    key = picked.key
    figure, seen = window_figure(
        cache.shown(key, asked.wanted),
        asked.view,
        asked.colour,
        picked.drawn_names,
        cache.positions(key, asked.view),
        asked.window,
        asked.page,
        picked.dataset.images is not None,
    )
    said = {"said": describe_seen(seen, picked.noun), "page": seen.page, "pages": seen.num_pages}
    return f'{{"figure":{figure.to_json()},{json.dumps(said)[1:]}'


def _answer(content: str) -> Response:
    # Coordinates hardly shrink, and shrinking them takes longer than sending them.
    headers = {"Content-Encoding": "identity", "Cache-Control": "no-store"}
    return Response(content, media_type="application/json", headers=headers)


def _refused(sentence: str, status: int) -> Response:
    return Response(json.dumps({"said": sentence}), status, media_type="application/json")
