"""The decision as a person makes it: by keyboard on Trust, then met again on the other pages."""

import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Locator, Page, expect

from core.trust.acceptance import is_accepted
from examples.mnist_artifacts import load_artifacts
from tests.browser.waiting import idle, rerun


@pytest.fixture(scope="module")
def scores():
    return load_artifacts("article").scores


def open_section(page: Page, server: str, section: str, link: str = "") -> None:
    page.goto(f"{server}/trust?model=article&section={section}{link}")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    idle(page)


def answer(page: Page, title: str = "The article") -> str:
    """The sentence that says what the threshold does for a model."""
    return answer_locator(page, title).inner_text()


def answer_locator(page: Page, title: str = "The article") -> Locator:
    return page.locator("p", has_text=re.compile(f"^{title}.*go to a person")).first


def threshold(page: Page) -> float:
    """What the link says of the measure's threshold."""
    measure, value = parse_qs(urlparse(page.url).query)["decline"][0].split(":")
    assert measure == "confidence"
    return float(value)


def test_a_threshold_moved_by_keyboard_changes_the_numbers_and_travels_to_explore(
    page, server, scores
):
    open_section(page, server, "declining")
    before = answer(page)
    thumb = page.locator(".st-key-decline_share").get_by_role("slider")
    thumb.focus()
    with rerun(page):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("decline="))
    expect(page.get_by_text(before)).to_have_count(0)
    idle(page)  # the link arrives ahead of the answer
    accepted = is_accepted(scores["confidence"].to_numpy(), threshold(page))
    said = f"{(~accepted).sum():,} of 10,000"
    expect(answer_locator(page)).to_contain_text(said)
    expect(thumb).to_have_value("5.1")
    page.locator(".st-key-gallery button").first.click()
    expect(page.get_by_text("would go to a person: Confidence under")).to_be_visible()
    digit = page.get_by_role("heading", name=re.compile(r"^Digit \d"))
    opened = digit.inner_text()
    page.get_by_role("link", name="Explore").click()
    expect(digit).to_have_text(opened)
    expect(page.get_by_text("would go to a person: Confidence under")).to_be_visible()
    assert "decline=confidence" in page.url


def test_the_temperature_slider_shows_overconfidence_by_keyboard(page, server):
    open_section(page, server, "calibration")
    claim = page.locator("p", has_text=re.compile("^The article.*averages"))
    expect(claim).to_contain_text("no miscalibration detected on average")
    page.locator(".st-key-heat").get_by_role("slider").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(claim).to_contain_text("overconfident")
