"""Penumbra without a mouse: every press below is a key's."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from examples.mnist_artifacts import load_artifacts
from tests.browser.conftest import patient
from tests.browser.waiting import plot_listens, rerun, wait_until

PLOT = ".st-key-scatter .js-plotly-plot"
POINTS = """selector => {
    const plot = document.querySelector(selector), {xaxis, yaxis} = plot._fullLayout;
    return plot._fullData.filter((trace) => trace.customdata).flatMap((trace) =>
        Array.from(trace.customdata, (row, i) =>
            [row, xaxis.d2p(trace.x[i]), yaxis.d2p(trace.y[i]), xaxis._length, yaxis._length]));
}"""
RANGES = """selector => {
    const {xaxis, yaxis} = document.querySelector(selector)._fullLayout;
    return [...xaxis.range, ...yaxis.range];
}"""
FOCUSED = """() => {
    let at = document.activeElement;
    while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at;
}"""
SLOW = """() => [...document.querySelectorAll("[data-testid=stApp] *")].filter((each) => {
    const {transitionDuration, animationDuration} = getComputedStyle(each);
    const times = `${transitionDuration},${animationDuration}`.split(",");
    return times.some((time) => parseFloat(time) > 0.01);
}).length"""
"""How many parts of the page move for more than a hundredth of a second."""
MOST_TABS = 90


@pytest.fixture(scope="module")
def scores():
    return load_artifacts("ensemble").scores


@pytest.fixture
def page(page):
    page.set_viewport_size({"width": 1440, "height": 900})
    return page


def opened(page: Page, url: str, link: str = "") -> Locator:
    """The frame of the scatter, which has the focus."""
    page.goto(f"{url}/{link}")
    plot_listens(page, PLOT)
    frame = page.locator(".penumbra-walk")
    tab_to(page, frame)
    return frame


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(MOST_TABS):
        if wanted.evaluate(f"(wanted) => wanted === ({FOCUSED})()"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} presses of Tab do not lead there")


def reached(frame: Locator) -> int:
    """The digit that the status names."""
    status = frame.get_by_role("status")
    expect(status).to_have_text(re.compile("Enter opens it"))
    return int(re.search(r"Digit (\d+): label", status.inner_text())[1])


def nearest_below(page: Page, row: int) -> int:
    """The point nearest to another one in the quarter below it, at least 3 pixels down."""
    found = np.array(page.evaluate(POINTS, PLOT))
    rows, x, y = found[:, 0].astype(int), found[:, 1], found[:, 2]
    here = np.flatnonzero(rows == row)[0]
    down, across = y - y[here], np.abs(x - x[here])
    seen = (x >= 0) & (x <= found[:, 3]) & (y >= 0) & (y <= found[:, 4])
    reach = np.where(seen & (down >= 3) & (across <= down), down + across, np.inf)
    return int(rows[np.argmin(reach)])


def test_arrows_walk_to_the_nearest_point_of_their_side_and_enter_opens_it(page, studies, scores):
    frame = opened(page, studies, "?id=247&true=4")
    page.keyboard.press("ArrowDown")
    below = reached(frame)
    assert below == nearest_below(page, 247)
    row = scores.loc[below]
    expect(frame.get_by_role("status")).to_contain_text(
        f"label {row['label']} → predicted {row['prediction']}"
    )
    assert "id=247" in page.url  # the page's own arrows did not move
    expect(page.locator(".penumbra-hover")).to_be_visible()
    with rerun(page):
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile(f"Digit {below} ·"))).to_be_visible()
    expect(frame).to_be_focused()


def test_plus_and_minus_zoom_shift_moves_and_nought_shows_all(page, studies):
    opened(page, studies)
    whole = np.array(page.evaluate(RANGES, PLOT))

    def after(key: str) -> np.ndarray:
        before = page.evaluate(RANGES, PLOT)
        page.keyboard.press(key)
        wait_until(page, lambda: page.evaluate(RANGES, PLOT) != before)
        return np.array(page.evaluate(RANGES, PLOT))

    size = lambda ends: np.array([ends[1] - ends[0], ends[3] - ends[2]])  # noqa: E731
    assert np.allclose(size(near := after("+")), size(whole) / 2)
    assert np.allclose(after("Shift+ArrowLeft")[:2], near[:2] - size(near)[0] / 2)
    assert np.allclose(size(after("-")), size(whole))
    after("+")
    assert np.allclose(after("0"), whole, atol=0.01)


def test_from_the_first_screen_to_a_settled_label_without_a_mouse(page, studies):
    page.goto(studies)
    plot_listens(page, PLOT)
    link = page.get_by_test_id("stTopNavLinkContainer").get_by_role("link", name="Audit")
    tab_to(page, link)
    expect(link).to_have_css("outline-style", "solid")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Which labels are wrong?")).to_be_visible()
    name = page.get_by_role("textbox", name="Your name")
    tab_to(page, name)
    page.keyboard.type("Ada")
    with rerun(page):
        page.keyboard.press("Enter")
    before = page.locator("h2").first.inner_text()
    tab_to(page, page.get_by_role("button", name="Keep"))
    page.keyboard.press("Enter")
    expect(page.locator("h2").first).not_to_have_text(before)
    expect(page.locator(".st-key-progress")).to_contain_text("1 of 10,000")


def test_who_asks_for_less_motion_gets_none(browser, studies):
    with browser.new_context(reduced_motion="reduce") as context:
        page = patient(context).new_page()
        page.goto(f"{studies}/glossary")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_function(f"({SLOW})() === 0")  # our style comes with the page
