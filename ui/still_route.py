"""A study's scatter as a still picture, for where the dashboard itself cannot be shown."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from ui.faults import UNREADABLE
from ui.studies import LIBRARY


def still(request: Request) -> Response:
    """SVG of the study's first model; 404 where there is no study or no confidence to draw."""
    from core.figures.still import still_svg  # noqa: PLC0415 - most servers are never asked

    try:
        study = LIBRARY.load(request.path_params["study"])
        table = next(iter(study.models.values())).scores
    except (*UNREADABLE, StopIteration):
        return Response(status_code=404)
    if table.empty or "confidence" not in table:
        return Response(status_code=404)
    picture = still_svg(table, study.dataset.class_names, study.dataset.noun)
    return Response(
        picture, media_type="image/svg+xml; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )
