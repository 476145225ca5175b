"""One item's words and picture, which the browser asks for by address while people look around."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import pandas as pd
from PIL import Image
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.study.dataset import Dataset
from core.study.predictions import Predictions
from core.study.study import Study
from core.study.study_error import StudyError
from core.trust.wording import percent
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
    """`{title, said, text, picture}` of one item: name, the model's answer, words, an address."""
    found = _study_of(request)
    row = request.path_params["row"]
    if found is None or row >= len(found.dataset):
        return _nothing("No such item")
    try:
        return JSONResponse(_said(found, row, request.path_params))
    except UNREADABLE as error:
        return _nothing(str(error))


def _nothing(sentence: str) -> Response:
    return JSONResponse({"title": sentence, "said": "", "text": "", "picture": ""}, 404)


def _said(found: Study, row: int, asked: dict[str, Any]) -> dict[str, str]:
    dataset, model = found.dataset, found.models.get(asked["model"])
    text = first_words(dataset, [row])[0] if dataset.details is not None else ""
    address = below_base(f"/tiles/{quote(asked['study'], safe='')}/{row}")
    picture = address if dataset.images is not None else ""
    title = f"{noun_of(dataset.noun).one.capitalize()} {short(dataset.ids[row])}"
    said = "" if model is None else _answer(dataset, model, row)
    return {"title": title, "said": said, "text": text, "picture": picture}


def _answer(dataset: Dataset, model: Predictions, row: int) -> str:
    """`label 4 → predicted 6, confidence 53.2 %`, as far as it is known."""
    names, scores = dataset.class_names, model.scores
    label, prediction = (scores[name].to_numpy()[row] for name in ("label", "prediction"))
    said = f"predicted {short(names[int(prediction)])}"
    if not pd.isna(label):
        said = f"label {short(names[int(label)])} → {said}"
    if "confidence" not in scores:
        return said
    return f"{said}, confidence {percent(scores['confidence'].to_numpy()[row], 1)}"


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
