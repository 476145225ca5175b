"""The scatter as a person meets it: a real page, a real mouse, the right digit."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.measures.filters import Filter
from examples.mnist_artifacts import load_artifacts
from tests.browser.waiting import plot_listens, rerun, wait_until
from tests.core.measures.filtered import filtered

PLOT = ".st-key-scatter .js-plotly-plot"
SELECTIONS = """selector => (document.querySelector(selector)?.layout?.selections || []).map(
    ({x0, x1, y0, y1}) => [x0, x1, y0, y1].map((end) => Number(end.toPrecision(4))))"""


@pytest.fixture(scope="module")
def scores():
    return load_artifacts("article").scores


def open_explore(page: Page, server: str, link: str = "") -> None:
    page.goto(f"{server}/?model=article&view=article{link}")
    page.locator(f"{PLOT} .nsewdrag").first.wait_for()
    plot_listens(page, PLOT)


def place(page: Page, index: int, plot: str = PLOT) -> tuple[float, float]:
    """Where on the screen an item's point is drawn, as Plotly says, once it has stopped moving."""
    found = page.evaluate(
        """async ([selector, index]) => {
            const look = () => {
                const plot = document.querySelector(selector);
                plot.scrollIntoView({block: "nearest", behavior: "instant"});
                const frame = plot.getBoundingClientRect();
                const {xaxis, yaxis} = plot._fullLayout;
                for (const trace of plot._fullData) {
                    const row = trace.customdata?.indexOf(index) ?? -1;
                    if (row < 0) continue;
                    return [frame.left + xaxis._offset + xaxis.d2p(trace.x[row]),
                            frame.top + yaxis._offset + yaxis.d2p(trace.y[row])];
                }
            };
            let before, at = look();
            while (String(before) !== String(at)) {
                await new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)));
                [before, at] = [at, look()];
            }
            return at;
        }""",
        [plot, index],
    )
    assert found, f"item {index} is not drawn"
    return tuple(found)


def lonely(scores, rank: int = 0) -> int:
    """A digit low on the article's plot, where points lie far apart."""
    low = scores[scores["confidence"] < 0.6]
    gaps = [
        np.abs(low["confidence"][low["label"] == row.label] - row.confidence).nsmallest(2).iloc[-1]
        for row in low.itertuples()
    ]
    return int(low.index[np.argsort(gaps)[-1 - rank]])


def test_hovering_shows_the_digit_under_the_cursor(page, server, scores):
    open_explore(page, server)
    index = lonely(scores)
    page.mouse.move(*place(page, index))
    tile = page.locator(".penumbra-hover")
    expect(tile).to_be_visible()
    row = scores.loc[index]
    said = f"Digit {index}label {row['label']} → predicted {row['prediction']}, confidence "
    expect(tile).to_contain_text(f"{said}{100 * row['confidence']:.1f} %")
    assert "mnist-test.webp" in tile.locator("div").first.get_attribute("style")


def test_clicking_opens_the_right_digit_and_the_ring_lies_on_it(page, server, scores):
    open_explore(page, server)
    index = lonely(scores)
    at = place(page, index)
    page.mouse.click(*at)
    row = scores.loc[index]
    heading = f"Digit {index} · label {row['label']} · predicted {row['prediction']}"
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert f"id={index}" in page.url
    ring = page.locator(".penumbra-ring").bounding_box()
    middle = (ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    assert np.allclose(middle, place(page, index), atol=1.5)


def test_clicking_after_a_filter_opens_the_right_digit(page, server, scores):
    open_explore(page, server, "&wrong=true&true=9")
    shown = filtered(scores, Filter(only_mistakes=True, labels=(9,)))
    index = int(shown["confidence"].idxmin())
    page.mouse.click(*place(page, index))
    row = scores.loc[index]
    heading = f"Digit {index} · label 9 · predicted {row['prediction']}"
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def test_a_reload_brings_back_what_was_on_the_screen(page, server):
    open_explore(page, server, "&index=247&view=map&wrong=true")
    expect(page.get_by_role("heading", name=re.compile(r"Digit 247 · label 4"))).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=re.compile(r"Digit 247 · label 4"))).to_be_visible()
    assert "view=map" in page.url
    assert "wrong=true" in page.url


def test_arrow_keys_walk_and_the_back_button_returns(page, server):
    open_explore(page, server, "&wrong=true&index=247")
    page.keyboard.press("ArrowRight")
    heading = page.get_by_role("heading", name=re.compile(r"^Digit \d+"))
    expect(heading).not_to_have_text(re.compile("Digit 247 "))
    page.go_back()
    expect(heading).to_have_text(re.compile("Digit 247 "))


def test_clicking_again_and_recolouring_keep_the_chosen_digit(page, server, scores):
    open_explore(page, server)
    index = lonely(scores)
    heading = page.get_by_role("heading", name=re.compile(f"Digit {index} ·"))
    for _ in range(2):
        with rerun(page):
            page.mouse.click(*place(page, index))
        expect(heading).to_be_visible()
    page.get_by_role("combobox", name="Colour").click()
    with rerun(page):
        page.get_by_role("option", name="prediction").click()
    plot_listens(page, PLOT)
    expect(heading).to_be_visible()
    expect(page.locator(".penumbra-ring")).to_be_visible()


def test_a_gallery_is_one_stop_of_the_tab_key_and_arrows_open_its_digits(page, server):
    open_explore(page, server)
    tiles = page.locator(".st-key-gallery .grid button")
    tiles.first.focus()
    for key in ("ArrowDown", "ArrowUp", "End", "Home", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    tile = tiles.nth(3)
    expect(tile).to_be_focused()
    expect(page.locator(".st-key-gallery .grid button[tabindex='0']")).to_have_count(1)
    title = tile.get_attribute("title")
    page.keyboard.press("Enter")
    number = re.match(r"Digit (\d+)", title)[1]
    expect(page.get_by_role("heading", name=re.compile(f"Digit {number} ·"))).to_be_visible()
    expect(tile).to_have_attribute("aria-pressed", "true")


def test_the_chosen_digit_survives_a_visit_to_the_glossary(page, server):
    open_explore(page, server, "&index=247")
    page.get_by_role("link", name="Glossary").click()
    expect(page.get_by_role("heading", name="What do the words mean")).to_be_visible()
    page.get_by_role("link", name="Explore").click()
    expect(page.get_by_role("heading", name=re.compile(r"Digit 247 · label 4"))).to_be_visible()


COVERED = """selector => {
    const plot = document.querySelector(selector), {xaxis, yaxis} = plot._fullLayout;
    const frame = plot.getBoundingClientRect();
    const wrong = plot._fullData.find((trace) => trace.name.startsWith("wrong"));
    return [...plot.querySelectorAll(".penumbra-picture:not([hidden])")].flatMap((picture) => {
        const box = picture.getBoundingClientRect();
        return Array.from(wrong.x).filter((x, i) => {
            const left = frame.left + xaxis._offset + xaxis.d2p(x);
            const top = frame.top + yaxis._offset + yaxis.d2p(wrong.y[i]);
            return left > box.left && left < box.right && top > box.top && top < box.bottom;
        });
    }).length;
}"""


def test_the_least_sure_are_pictures_in_the_plot_that_hide_no_mistake(page, server):
    page.goto(f"{server}/?wrong=true")
    plot_listens(page, PLOT)
    pictures = page.locator(".penumbra-picture:visible")
    expect(pictures.first).to_be_visible()
    assert 6 <= pictures.count() <= 12
    assert page.evaluate(COVERED, PLOT) == 0
    row = pictures.nth(2).get_attribute("data-row")
    with rerun(page):
        pictures.nth(2).click()
    expect(page.get_by_role("heading", name=re.compile(f"Digit {row} ·"))).to_be_visible()
    page.locator(".legendtoggle").last.click()
    expect(pictures).to_have_count(0)


def test_a_box_lists_its_digits_until_it_is_reset(page, server, scores):
    open_explore(page, server, "&wrong=true")
    page.locator(f"{PLOT} [data-title='Box Select']").click()
    frame = page.locator(f"{PLOT} .nsewdrag").first.bounding_box()
    page.mouse.move(frame["x"] + 4, frame["y"] + 4)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] - 4, frame["y"] + frame["height"] / 2, steps=5)
    page.mouse.up()
    heading = page.get_by_role("heading", name=re.compile("digits selected"))
    expect(heading).to_be_visible()
    drawn = page.evaluate(SELECTIONS, PLOT)
    with rerun(page):
        page.get_by_role("combobox", name="Colour").click()
        page.get_by_role("option", name="prediction").click()
    for name in ("Glossary", "Explore"):
        with rerun(page):
            page.get_by_role("link", name=name).click()
    expect(heading).to_be_visible()
    wait_until(page, lambda: page.evaluate(SELECTIONS, PLOT) == drawn)
    with rerun(page):
        page.get_by_role("button", name="Reset the filter").click()
    expect(heading).to_be_hidden()
    wait_until(page, lambda: "area=" not in page.url)


def test_taking_away_gives_the_filtered_table(page, server, scores):
    open_explore(page, server, "&wrong=true")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert len(lines) - 1 == (~scores["correct"]).sum()
    assert lines[0].startswith("id,label,prediction,correct")


def test_nothing_breaks_and_nothing_overflows_on_a_narrow_screen(page, server):
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.set_viewport_size({"width": 390, "height": 844})
    open_explore(page, server, "&index=247")
    expect(page.get_by_role("heading", name=re.compile("Digit 247"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not broken
