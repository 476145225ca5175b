"""Nothing that axe-core finds, on every page and state, in both themes and at two widths."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import patient
from tests.browser.test_layout import FITTED
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
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 17, 28)"}
WORDS = {"light": "rgb(28, 27, 41)", "dark": "rgb(236, 234, 246)"}
"""Of the themes in .streamlit/config.toml; the words follow the ground a moment later."""

WITH_FILES = {"open", "draw?way=upload", "draw?study=texts"}
"""States with an area to drop files on."""


@pytest.fixture(scope="module")
def visitor(browser):
    """A page kept for all states; they are judged at rest, and nothing moves on the way there."""
    with browser.new_context(reduced_motion="reduce") as context:
        yield patient(context).new_page()


@pytest.fixture(scope="module", params=range(len(STATES)), ids=lambda at: STATES[at] or "explore")
def looks(request, visitor, studies):
    """The look in which a state was opened, and the other one: every second state begins dark.

    Without transitions: between two looks a word has the colour of the one on the ground of the
    other.
    """
    state, order = STATES[request.param], (1, -1)[request.param % 2]
    first, second = LOOKS[::order]
    change_look(visitor, *first)
    visitor.goto(f"{studies}/{state}")
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    idle(visitor)
    expect(visitor.get_by_test_id("stSkeleton")).to_have_count(0)
    if state in WITH_FILES:  # drawn a little later than the rest, and only then mended
        expect(visitor.locator("[data-testid$=Dropzone]").first).to_be_visible()
    expect(visitor.locator("[data-testid$=Dropzone][role=presentation]")).to_have_count(0)
    visitor.add_style_tag(content="*, ::before, ::after { transition: none !important; }")
    visitor.evaluate(AXE)
    return first, second


def change_look(page, theme, width):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})


@pytest.mark.parametrize("turn", [0, 1], ids=["as it was opened", "in the other look"])
def test_axe_finds_nothing(visitor, looks, turn):
    theme, width = looks[turn]
    change_look(visitor, theme, width)
    expect(visitor.locator(".stApp")).to_have_css("background-color", BACKGROUNDS[theme])
    title = visitor.get_by_role("heading", level=1).first
    expect(title).to_have_css("color", WORDS[theme])
    visitor.wait_for_function(FITTED)
    visitor.evaluate("Promise.all(document.getAnimations().map(a => a.finished.catch(() => 0)))")
    found = visitor.evaluate(f"axe.run({RULES})")["violations"]
    assert [
        (each["id"], node["html"], node["failureSummary"])
        for each in found
        for node in each["nodes"]
    ] == []
