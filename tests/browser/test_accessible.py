"""Nothing that axe-core finds, on every page and state, in both themes and at two widths."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import patient
from tests.browser.waiting import idle

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# Off by itself, for it cannot be judged in every language: what is seen must stand in the name.
RULES = "{rules: {'label-content-name-mismatch': {enabled: true}}, resultTypes: ['violations']}"
STATES = [
    "", "?id=247", "?wrong=true", "open", "draw", "draw?way=upload", "trust",
    "trust?section=declining", "trust?section=sets", "audit?reviewer=Ada",
    "audit?reviewer=Ada&look=Twenty+at+once", "audit?look=Results", "glossary",
    "glossary?chapter=ways",
    "stress?id=11&kind=morph&on=fog:2", "stress?stress=data&model=article",
    "stress?stress=foreign", "stress?id=18&why=true", "?study=texts", "trust?study=texts",
    "audit?study=texts", "draw?study=texts", "stress?study=texts", "compare",
    "compare?outcome=broken&id=1014", "compare?study=texts", "people",
]  # fmt: skip
LOOKS = [("light", 1440), ("dark", 390)]

WITH_FILES = {"open", "draw?way=upload", "draw?study=texts"}
"""States with an area to drop files on."""


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: f"{look[0]} at {look[1]}")
def visitor(request, browser):
    """A page in one theme and width, kept for all states."""
    theme, width = request.param
    size = {"width": width, "height": 900}
    with browser.new_context(viewport=size, color_scheme=theme) as context:
        yield patient(context).new_page()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state or "explore")
def test_axe_finds_nothing(visitor, studies, state):
    visitor.goto(f"{studies}/{state}")
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    idle(visitor)
    if state in WITH_FILES:  # drawn a little later than the rest, and only then mended
        expect(visitor.locator("[data-testid$=Dropzone]").first).to_be_visible()
    expect(visitor.locator("[data-testid$=Dropzone][role=presentation]")).to_have_count(0)
    visitor.evaluate("Promise.all(document.getAnimations().map(a => a.finished.catch(() => 0)))")
    visitor.evaluate(AXE)
    found = visitor.evaluate(f"axe.run({RULES})")["violations"]
    assert [
        (each["id"], node["html"], node["failureSummary"])
        for each in found
        for node in each["nodes"]
    ] == []
