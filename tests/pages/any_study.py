"""How tests open a page on a study that they wrote, and read what it says."""

import json
import os
from pathlib import Path

import pyarrow as pa
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "navigation.py"
ROOT = Path(os.environ["PENUMBRA_STUDIES"])
PAGES = {
    "explore": {},
    "trust calibration": {"section": "calibration"},
    "trust declining": {"section": "declining"},
    "trust sets": {"section": "sets"},
    "compare": {},
    "people": {},
    "audit": {"reviewer": "Ada"},
    "audit grid": {"look": "Twenty at once"},
    "audit results": {"look": "Results"},
    "draw": {},
    "stress": {},
    "glossary": {},
}
TEXTS = pa.table({"text": [f"words <i>{n}</i>\n\n    code $x$" for n in range(40)]})
TABLE = pa.table({
    "age": range(40), "a <b>": [None if n % 2 else n / 3 for n in range(40)],
    "when": pa.array([n * 10**9 for n in range(40)], pa.timestamp("ns")),
})  # fmt: skip


def opened(page, key="any", /, **link):
    name = page.split()[0]
    at = AppTest.from_file(str(APP), default_timeout=120)
    at.switch_page(f"pages/{name}.py")
    for said, texts in ({"study": key} | PAGES[page] | link).items():
        at.query_params[said] = texts
    at.run()
    assert not at.exception, (page, [found.value for found in at.exception])
    assert at.title or at.error
    return at


def said(at):
    kinds = (at.title, at.header, at.markdown, at.caption, at.info, at.warning, at.error)
    text = "\n".join(str(element.value) for kind in kinds for element in kind)
    return text.replace("\\", "")


def html(at):
    return "\n".join(element.proto.body for element in at.get("html"))


def spec(at):
    return " ".join(chart.proto.spec for chart in at.get("plotly_chart"))


def metric(at, label):
    return next(each.value for each in at.metric if each.label == label)


def without_faults(at):
    assert not at.error, [found.value for found in at.error]
    return at


def charts(at):
    """Key of each chart -> its figure."""
    found = {}
    for chart in at.get("plotly_chart"):
        key = chart.proto.id.rsplit("-", 1)[-1]
        found[key] = json.loads(chart.proto.spec)
    return found
