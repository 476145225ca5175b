"""Nothing lies on top of anything else, from a small phone to a large screen, and at 200 % zoom."""

from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.conftest import patient
from tests.browser.waiting import idle

OVERLAPS = Path(__file__).with_name("overlaps.js").read_text()
STATES = [
    "", "?id=247&view=free", "open", "draw", "trust", "trust?section=declining",
    "trust?section=sets", "audit?reviewer=Ada", "audit?reviewer=Ada&look=Twenty+at+once",
    "audit?study=texts&reviewer=Ada", "stress?id=11&kind=morph&on=fog:2", "compare", "people",
    "glossary",
]  # fmt: skip
WIDTHS = (1920, 1440, 1024, 900, 720, 390, 320)
"""720 is 1440 at 200 % zoom."""
FITTED = """() => [...document.querySelectorAll(".js-plotly-plot")].every((plot) => {
    const drawn = plot.querySelector(".main-svg");
    return drawn && Math.abs(drawn.getBoundingClientRect().width - plot.clientWidth) < 2;
})"""


FREE = """async () => {
    const look = LOOK;
    for (let frame = 0; frame < 20; frame++) {
        if (frame % 10 === 0 && look().length) return false;
        await new Promise(requestAnimationFrame);
    }
    return look().length === 0;
}""".replace("LOOK", OVERLAPS)
"""Nothing overlaps, and goes on doing so: the menu takes some frames to find its new form."""


@pytest.fixture(scope="module")
def visitor(browser):
    """A page kept for all states; they are looked at once they are at rest."""
    with browser.new_context(reduced_motion="reduce") as context:
        yield patient(context).new_page()


def visit(page: Page, url: str, width: int = 1920) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    idle(page)


def overlaps(page: Page, width: int) -> list[str]:
    """What lies on top of what at that width, once the page has settled; it may take some looks."""
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(FITTED)
    with suppress(TimeoutError):
        page.wait_for_function(FREE)
        return []
    return page.evaluate(OVERLAPS)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state or "explore")
def test_nothing_overlaps_at_any_width(visitor, studies, state):
    visit(visitor, f"{studies}/{state}")
    assert [overlaps(visitor, width) for width in WIDTHS] == [[]] * len(WIDTHS)


def test_nothing_overlaps_without_the_sidebar(visitor, studies):
    visit(visitor, f"{studies}/audit?reviewer=Ada", 1024)
    visitor.get_by_test_id("stSidebarHeader").hover()
    visitor.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(visitor.get_by_test_id("stExpandSidebarButton")).to_be_visible()
    assert overlaps(visitor, 1024) == []


def test_a_picture_over_the_buttons_would_be_found(visitor, studies):
    visit(visitor, f"{studies}/audit?reviewer=Ada", 1024)
    visitor.get_by_role("img", name="Picture of Digit").wait_for()
    wide = "img.digit { width: 640px !important; max-width: none !important }"
    visitor.add_style_tag(content=wide)
    over = "(look => look().some(each => /Picture of Digit/.test(each) && /button/.test(each)))"
    visitor.wait_for_function(f"{over}({OVERLAPS.strip().rstrip(';')})")
