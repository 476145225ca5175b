"""The first minute on Explore: examples that open what they say, and a tour by keyboard."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from examples.mnist_artifacts import load_artifacts
from tests.browser.waiting import plot_listens, rerun

PLOT = ".st-key-scatter .js-plotly-plot"


def test_the_examples_open_what_they_say(page, server):
    scores = load_artifacts("ensemble").scores
    page.goto(server)
    plot_listens(page, PLOT)
    mistakes = scores[~scores["correct"].to_numpy(bool)]
    few = scores.sort_values("confidence", kind="stable").index[:100]
    found = few.isin(mistakes.index).sum()
    said = f"{len(mistakes)} of 10,000 digits are mistakes, and {found} of them"
    expect(page.locator(".st-key-title")).to_contain_text(said)
    with rerun(page):
        page.get_by_role("link", name="Confident mistakes").click()
    surest = mistakes["confidence"].idxmax()
    expect(page.get_by_role("heading", name=re.compile(f"^Digit {surest} ·"))).to_be_visible()
    expect(page.get_by_role("heading", name=f"{len(mistakes)} digits shown")).to_be_visible()
    with rerun(page):
        page.get_by_role("link", name="Where two models part").click()
    expect(page.get_by_role("heading", name="Which of two models")).to_be_visible()


def test_the_tour_is_walked_left_and_called_again_by_keyboard(page, server):
    page.goto(server)
    plot_listens(page, PLOT)
    begin = page.get_by_role("button", name="Take the tour")
    begin.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="Tour")
    for step in range(1, 6):
        expect(card).to_contain_text(f"{step} of 5")
        page.keyboard.press("Enter")
    expect(card).to_have_count(0)
    expect(begin).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(card).to_contain_text("2 of 5")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    page.reload()
    expect(begin).to_have_class("seen")


@pytest.mark.parametrize("kind", ["PNG", "SVG"])
def test_the_plot_is_saved_with_its_data_set_its_number_and_the_day(page, server, kind):
    page.goto(f"{server}/?true=4")
    plot_listens(page, PLOT)
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save as {kind}").click()
    assert re.fullmatch(
        rf"penumbra-mnist-\d{{4}}-\d\d-\d\d\.{kind.lower()}", (download.value.suggested_filename)
    )
    saved = download.value.path().read_bytes()
    if kind == "PNG":
        assert Image.open(io.BytesIO(saved)).size == (2400, 1600)
    else:
        said = saved.decode()
        assert "MNIST test: The ensemble" in said
        assert re.search(r"982 of 10,000 digits · \d{4}-\d\d-\d\d", said)
