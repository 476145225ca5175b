"""Addresses to begin with, and the words that they are made of."""

from __future__ import annotations

import base64
import io
from urllib.parse import urlencode

from PIL import Image

from core.figures.positions import View
from core.measures.filters import Filter
from tests.fuzz.address_targets import HEADERS, PAGES, readers, shown
from ui.scatter_address import scatter_address


def _own() -> str:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((28, 28)).save(buffer, "PNG")
    return base64.urlsafe_b64encode(buffer.getvalue()).decode().rstrip("=")


def queries() -> list[str]:
    """Links that say something."""
    said: list[dict] = [
        {"id": "247", "measure": "margin", "by": "percentile", "percent": [10, 20.5]},
        {"by": "value", "from": "0.1", "to": "1e-3", "most": 12, "wrong": "true"},
        {"true": [1, 7], "read": [7], "pair": [4, 9]},
        {"kind": "rotate", "at": 12.5, "on": ["gaussian_blur:1", "shear:0.2"], "stress": "image"},
        {"decline": "confidence:0.95", "alpha": "0.05", "heat": 1.25, "section": "sets"},
        {"own": _own(), "start": 7, "tool": "eraser", "pen": 30, "way": "draw"},
        {"view": "free", "x": "margin", "y": "confidence", "log": "true", "colour": "margin"},
        {"reviewer": "Ada", "rank": "margin", "look": "queue", "page": 3, "split": "whole"},
        {"out_of_sample": ["mnist", "ensemble", "yes"], "index": "12", "study": "mnist"},
        {"baseline": "ensemble", "candidate": "article", "outcome": "fixed", "order": "id"},
    ]  # fmt: skip
    return [urlencode(each, doseq=True) for each in said] + [_window().partition("?")[2]]


def _window() -> str:
    picked = shown()
    wanted = Filter(measure="margin", low=1, high=90, labels=(1, 2), pair=(4, 9), most=50)
    view = View("margin", "predictive_entropy", log_y=True)
    ends = "&x0=0.1&x1=0.9&y0=0.01&y1=1&page=0"
    return scatter_address(picked.key, wanted, view, "correct") + ends


def link_seeds() -> list[bytes]:
    """Links by themselves."""
    return [query.encode() for query in queries()]


def page_seeds() -> list[bytes]:
    """Each link on a page; the first byte is the page's number."""
    return [bytes([n % len(PAGES), 0, 0]) + query.encode() for n, query in enumerate(queries())]


def route_seeds() -> list[bytes]:
    """Each route, with a header."""
    addresses = [
        "/tiles/mnist/0", "/tiles/mnist/9999?v=1", "/items/mnist/ensemble/7", "/still/none",
        "/export/abcdefghijklmnop/items.csv", "/tiles/mnist/10000", "/items/none/x/1", _window(),
    ]  # fmt: skip
    return [
        bytes([n % len(HEADERS), 0, 0]) + address.encode() + b'\n"-0", bytes=0-1'
        for n, address in enumerate(addresses)
    ]


def words() -> list[bytes]:
    """What addresses are made of."""
    said = [
        *readers(),
        *shown().columns,
        "true",
        "false",
        "nan",
        "1e999",
        "-0",
        "%00",
        "%ff",
        "mnist",
    ]
    said += [
        "/tiles/",
        "/items/",
        "/points/",
        "/export/",
        "9" * 30,
        "..%2f",
        "&",
        "=",
        "+",
        "%F0%9F%92%A9",
    ]
    return [word.encode() for word in said]
