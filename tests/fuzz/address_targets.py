"""Addresses: the keys of a link, the routes of items, tiles and windows, and whole pages."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from core.measures.filters import Filter, select
from core.measures.score_arrays import ScoreArrays
from examples import BUNDLED
from tests.fuzz.file_targets import sentence
from tests.fuzz.shapes import parted
from ui import (
    calibration_section,
    costs_section,
    out_of_sample,
    referral_rule,
    sets_section,
)
from ui.controls import filter_fields
from ui.late_routes import ROUTES
from ui.middleware import MIDDLEWARE
from ui.picked import Key, Picked
from ui.readers import Read, flag, id_in, one_of, text, whole
from ui.scatter_address import read_address
from ui.stress import controls, subject
from ui.studies import LIBRARY

PAGES = ("explore", "draw", "trust", "stress", "compare", "people", "audit", "glossary", "open")
HEADERS = ("if-none-match", "range", "accept-encoding", "host", "cookie")
_ROOT = Path(__file__).resolve().parents[2]


@cache
def shown() -> Picked:
    """The study that ships, as the pages know it."""
    for key, (title, load) in BUNDLED.items():
        LIBRARY.bundle(key, title, load)
    study = LIBRARY.load("mnist")
    return Picked(Key("mnist", LIBRARY.version("mnist"), "", next(iter(study.models))), study)


@cache
def columns() -> ScoreArrays:
    """Its measures."""
    return ScoreArrays(shown().scores)


@cache
def readers() -> dict[str, Read]:
    """Each key of the link with what reads it."""
    picked = shown()
    fields = [
        *filter_fields(len(picked.class_names), picked.columns).values(), controls.KIND,
        controls.AT, controls.LAYERS, referral_rule.RULE,
    ]  # fmt: skip
    return {field.key: field.read for field in fields} | {
        "id": id_in(picked.dataset), "own": subject.read_own, "page": whole(1, 10**9),
        "reviewer": text(60), "view": one_of(picked.columns), "log": flag,
        "alpha": sets_section._alpha, "heat": calibration_section._factor,
        "cost": costs_section._cost, "out_of_sample": out_of_sample._read,
    }  # fmt: skip


def links(_: Path, data: bytes) -> None:
    """The keys of a link, and the filter that they make."""
    said = parse_qs(data.decode("utf-8", "replace"), keep_blank_values=True)
    found = {}
    for key, texts in said.items():
        if key in readers():
            try:
                found[key] = readers()[key](texts)
            except ValueError as error:
                sentence(error)
    _selected(found)
    try:
        read_address({key: texts[-1] for key, texts in said.items()}, shown())
    except ValueError as error:
        sentence(error)


def _selected(found: dict) -> None:
    """What a filter of such values selects."""
    ends = found.get("percent", (0.0, 100.0))
    wanted = Filter(
        measure=found.get("measure", shown().columns[0]), low=found.get("from", ends[0]),
        high=found.get("to", ends[1]), by_percentile="from" not in found and "to" not in found,
        most=found.get("most"), labels=tuple(found.get("true", ())),
        predictions=tuple(found.get("read", ())), pair=found.get("pair"),
        only_mistakes=found.get("wrong", False),
    )  # fmt: skip
    assert len(select(columns(), wanted)) <= len(shown().dataset)


@cache
def _app() -> Starlette:
    shown()
    return Starlette(routes=ROUTES, middleware=MIDDLEWARE)


def routes(_: Path, data: bytes) -> None:
    """An address as a browser sends it, with a header."""
    head, content = parted(data)
    address, _, header = content.partition(b"\n")
    raw, _, query = quote(address, safe='/%?&=+:{}[],."').partition("?")
    name = HEADERS[head[0] % len(HEADERS)]
    status = asyncio.run(_asked(unquote(raw), query.encode(), (name.encode(), header[:200])))
    assert 200 <= status < 500, status


async def _asked(path: str, query: bytes, header: tuple[bytes, bytes]) -> int:
    statuses = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": query, "headers": [header], "root_path": "", "scheme": "http",
        "server": ("localhost", 80), "client": ("127.0.0.1", 9),
        "asgi": {"version": "3.0", "spec_version": "2.4"},
    }  # fmt: skip
    await _app()(scope, receive, send)
    return statuses[0]


def pages(_: Path, data: bytes) -> None:
    """A page under a link: it stands, whatever the link says."""
    head, content = parted(data)
    said = parse_qs(content.decode("utf-8", "replace"), keep_blank_values=True)
    app = AppTest.from_file(str(_ROOT / "navigation.py"), default_timeout=600)
    for key, texts in said.items():
        app.query_params[key] = texts
    app.run()
    app.switch_page(f"pages/{PAGES[head[0] % len(PAGES)]}.py").run()
    wrong = [found.value for found in app.exception]
    assert not wrong, wrong
