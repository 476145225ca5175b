"""One item's words and picture, which the browser asks for by address while people look around."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from PIL import Image
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.study.study import Study
from core.study.study_error import StudyError
from ui.base_path import below_base
from ui.faults import UNREADABLE
from ui.items import first_words
from ui.picked import Key
from ui.studies import LIBRARY, opened
from ui.words import noun_of, short

TILE = 96
"""Pixels of a tile's sides."""
MOST_TILES = 4_096
"""Encoded tiles that are kept: some 4 kB each."""


def items_url(key: Key) -> str:
    """Where a study's items are asked for by row number."""
    return below_base(f"/items/{quote(key.study, safe='')}/{quote(key.model, safe='')}")


def tiles_url(key: Key) -> str:
    """Where a study's pictures are asked for, with a row number in place of `{row}`.

    The address changes with the study's files, so that a browser may keep what it has seen.
    """
    return below_base(f"/tiles/{quote(key.study, safe='')}/{{row}}?v={quote(key.version, safe='')}")


def item(request: Request) -> Response:
    """`{title, text, picture}` of one item, by row; the picture is an address or empty."""
    found = _study_of(request)
    row = request.path_params["row"]
    if found is None or row >= len(found.dataset):
        return _nothing("No such item")
    try:
        return JSONResponse(_said(found, row, request.path_params))
    except UNREADABLE as error:
        return _nothing(str(error))


def _nothing(sentence: str) -> Response:
    return JSONResponse({"title": sentence, "text": "", "picture": ""}, 404)


def _said(found: Study, row: int, asked: dict[str, Any]) -> dict[str, str]:
    dataset, model = found.dataset, found.models.get(asked["model"])
    said = short(dataset.ids[row])
    if model is not None:
        prediction = model.scores["prediction"].to_numpy()[row]
        said = f"{said} → {short(dataset.class_names[int(prediction)])}"
    text = first_words(dataset, [row])[0] if dataset.details is not None else ""
    address = below_base(f"/tiles/{quote(asked['study'], safe='')}/{row}")
    picture = address if dataset.images is not None else ""
    one = noun_of(dataset.noun).one.capitalize()
    return {"title": f"{one} {said}", "text": text, "picture": picture}


def tile(request: Request) -> Response:
    """One item's picture as WebP, `TILE` pixels a side.

    It may be kept for good under an address that names the study's version, else as its `ETag`.
    """
    key, row = request.path_params["study"], request.path_params["row"]
    found = _study_of(request)
    if found is None or row >= len(found.dataset) or found.dataset.images is None:
        return Response(status_code=404)
    try:
        version = LIBRARY.version(key)
    except StudyError:  # deleted this very moment
        return Response(status_code=404)
    tag = f'"{version}-{row}"'
    kept = "max-age=31536000, immutable" if request.query_params.get("v") == version else "no-cache"
    headers = {"ETag": tag, "Cache-Control": f"private, {kept}"}
    if request.headers.get("If-None-Match") == tag:
        return Response(status_code=304, headers=headers)
    try:
        content = _encoded(key, version, row)
    except UNREADABLE:
        return Response(status_code=404)
    return Response(content, media_type="image/webp", headers=headers)


def _study_of(request: Request) -> Study | None:
    try:
        return LIBRARY.load(request.path_params["study"])
    except UNREADABLE:
        return None


@lru_cache(MOST_TILES)
def _encoded(key: str, version: str, row: int) -> bytes:
    images = opened(key, version).dataset.images
    if images is None:
        raise StudyError(f"The study {key!r} has no pictures.")
    buffer = io.BytesIO()
    Image.fromarray(images.thumbnails([row], TILE)[0]).save(buffer, "WEBP", quality=85)
    return buffer.getvalue()
