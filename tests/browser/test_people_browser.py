"""The model beside people as a person meets it: points and sets of disagreement open items."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.stored.opening import Opening, Source
from core.trust.people import beside_people
from tests.browser.test_explore import place
from tests.browser.waiting import plot_listens, rerun

PLOT = ".st-key-people .js-plotly-plot"
TILES = ".st-key-gallery .grid button"


@pytest.fixture(scope="module")
def shared(theirs, tmp_path_factory):
    """Sixty items of three classes that four people labelled, and what the model makes of them."""
    _, library, _ = theirs
    rng = np.random.default_rng(0)
    probs = rng.dirichlet(np.full(3, 0.6), (2, 60))
    counts = rng.multinomial(4, rng.dirichlet(np.full(3, 0.6), 60))
    path = tmp_path_factory.mktemp("people") / "shared.npz"
    np.savez(path, probs=probs, label_counts=counts)
    opening = Opening([Source(path.name, path)], title="Shared")
    key = opening.write(opening.read(), library)
    return key, beside_people(library.load(key), "shared")


def expect_opened(page: Page, row: int) -> None:
    expect(page.get_by_role("heading", name=re.compile(rf"^Item {row} · "))).to_be_visible()
    expect(page).to_have_url(re.compile(rf"[?&]id={row}(&|$)"))
    expect(page.get_by_text("class (4 people)")).to_be_visible()


def test_a_point_opens_the_item_and_says_what_people_said(page, theirs, shared):
    key, found = shared
    page.goto(f"{theirs[0]}/people?study={key}")
    plot_listens(page, PLOT)
    row = int(found.rows[found.gap.argmax()])
    page.mouse.click(*place(page, row, PLOT))
    expect_opened(page, row)


def test_both_sets_of_disagreement_open_those_that_part_most(page, theirs, shared):
    key, found = shared
    page.goto(f"{theirs[0]}/people?study={key}")
    plot_listens(page, PLOT)
    for title, place_of in (("The model unsure", np.argmin), ("People unsure", np.argmax)):
        with rerun(page):
            page.get_by_role("radio", name=re.compile(f"^{title}")).click()
        row = int(found.rows[place_of(found.gap)])
        tile = page.locator(TILES).first
        expect(tile).to_have_attribute("title", re.compile(rf"^Item {row},"))
        tile.click()
        expect_opened(page, row)
