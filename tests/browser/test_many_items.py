"""A scatter of 200,000 items as a person meets it: zoom until an item is a point, and it is the
right one; a box means all items in it."""

import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.figures.positions import View, positions
from core.measures.score_arrays import ScoreArrays
from core.stored.folder import open_study, write_study
from tests.browser.waiting import plot_listens, rerun, wait_until
from tests.pages.random_studies import random_study

ROOT = Path(os.environ["PENUMBRA_STUDIES"])
PLOT = ".st-key-scatter .js-plotly-plot"
NAME, SIZE = "browsed-crowd", 200_000


@pytest.fixture(scope="module")
def places():
    """Where the items lie; their study is on the server."""
    write_study(random_study(num_items=SIZE), ROOT, NAME)
    scores = open_study(ROOT / NAME).models["net"].scores
    yield positions(ScoreArrays(scores), View("label", "confidence"))
    shutil.rmtree(ROOT / NAME)


def on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where two values of the axes lie in the window of the browser."""
    return tuple(
        page.evaluate(
            """([selector, x, y]) => {
                const plot = document.querySelector(selector), box = plot.getBoundingClientRect();
                const {xaxis, yaxis} = plot._fullLayout;
                return [box.left + xaxis._offset + xaxis.d2p(x),
                        box.top + yaxis._offset + yaxis.d2p(y)];
            }""",
            [PLOT, float(x), float(y)],
        )
    )


def points(page: Page) -> list[int]:
    """The items that are drawn as points."""
    return page.evaluate(
        """selector => document.querySelector(selector)._fullData
            .filter(trace => trace.type === "scattergl")
            .flatMap(trace => Array.from(trace.customdata))""",
        PLOT,
    )


def window(page: Page) -> list[float]:
    return page.evaluate(
        """selector => {
            const {xaxis, yaxis} = document.querySelector(selector)._fullLayout;
            return [...xaxis.range, ...yaxis.range];
        }""",
        PLOT,
    )


def zoom_to(page: Page, x: float, y: float) -> None:
    """Turn the wheel over a place until no density is left."""
    said = page.locator(".penumbra-window [role=status]")
    all_drawn = re.compile("Every thing of this window is a point")
    for _ in range(40):
        if all_drawn.search(said.inner_text()):
            return
        before = said.inner_text()
        page.mouse.move(*on_screen(page, x, y))
        page.keyboard.down("Control")
        for _ in range(4):
            page.mouse.wheel(0, -300)
        page.keyboard.up("Control")
        wait_until(page, lambda before=before: said.inner_text() != before)
    raise AssertionError("there is no end to the zoom")


def box_counts_what_it_holds(page, places):
    """Draw a box over many items, most of which are no points; it must list every one."""
    page.locator(f"{PLOT} [data-title='Box Select']").click()
    with rerun(page):
        page.mouse.move(*on_screen(page, 0.5, 0.42))
        page.mouse.down()
        page.mouse.move(*on_screen(page, 1.5, 0.93), steps=5)
        page.mouse.up()
    heading = page.get_by_role("heading", name=re.compile(r"things selected"))
    expect(heading).to_be_visible()
    counted = int(re.sub(r"\D", "", heading.inner_text()))
    drawn = page.evaluate("s => document.querySelector(s).layout.selections[0]", PLOT)
    x0, x1 = sorted((drawn["x0"], drawn["x1"]))
    y0, y1 = sorted((drawn["y0"], drawn["y1"]))
    inside = (places.x >= x0) & (places.x <= x1) & (places.y >= y0) & (places.y <= y1)
    assert counted == inside.sum() > 10_000


def test_zoom_hover_click_and_box_find_the_right_items(page, server, places):
    page.goto(f"{server}/?study={NAME}&view=article")
    page.locator(f"{PLOT} .nsewdrag").first.wait_for()
    plot_listens(page, PLOT)
    said = page.locator(".penumbra-window [role=status]")
    expect(said).to_contain_text(f"of {SIZE:,} things are drawn as points")
    hidden = np.setdiff1d(np.flatnonzero((places.y > 0.7) & (places.y < 0.9)), points(page))
    row = int(hidden[0])
    x, y = places.x[row], places.y[row]
    zoom_to(page, x, y)
    assert row in points(page)

    x0, x1, y0, y1 = window(page)
    inside = (places.x >= x0) & (places.x <= x1) & (places.y >= y0) & (places.y <= y1)
    assert sorted(points(page)) == np.flatnonzero(inside).tolist()

    page.evaluate(  # closer, until the point is alone
        """([selector, x, y]) => window.Plotly.relayout(document.querySelector(selector),
            {"xaxis.range": [x - 1e-3, x + 1e-3], "yaxis.range": [y - 1e-4, y + 1e-4]})""",
        [PLOT, float(x), float(y)],
    )
    wait_until(page, lambda: len(points(page)) < inside.sum())
    page.mouse.move(5, 5)
    page.mouse.move(*on_screen(page, x, y))
    expect(page.locator(".penumbra-hover")).to_contain_text(f"Thing {row}label ")
    page.mouse.click(*on_screen(page, x, y))
    expect(page.get_by_role("heading", name=re.compile(rf"Thing {row} ·"))).to_be_visible()
    ring = page.locator(".penumbra-ring").bounding_box()
    middle = (ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    assert np.allclose(middle, on_screen(page, x, y), atol=1.5)

    page.locator(f"{PLOT} [data-title='Autoscale']").click()
    expect(said).to_contain_text(f"of {SIZE:,} things are drawn as points")
    expect(page.locator(".penumbra-ring")).to_be_visible()  # though it is no point any more
    box_counts_what_it_holds(page, places)


def test_plus_zooms_to_the_chosen_item_until_every_one_is_a_point(page, server, places):
    row = int(np.argsort(places.y)[SIZE // 2])
    page.goto(f"{server}/?study={NAME}&view=article&id={row}")
    plot_listens(page, PLOT)
    assert row not in points(page)
    said = page.locator(".penumbra-window [role=status]")
    frame = page.locator(".penumbra-walk")
    for _ in range(40):
        if "Every thing of this window is a point" in said.inner_text():
            break
        before = said.inner_text()
        frame.press("+")
        wait_until(page, lambda before=before: said.inner_text() != before)
    assert row in points(page)
    frame.press("0")
    expect(said).to_contain_text(f"of {SIZE:,} things are drawn as points")
