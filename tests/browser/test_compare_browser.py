"""Two models side by side as a person meets them: counts pressed, items opened, a file joined."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from examples.mnist_artifacts import load_artifacts
from tests.browser.test_explore import place
from tests.browser.waiting import idle, plot_listens, rerun

PLOT = ".st-key-beside .js-plotly-plot"
TILES = ".st-key-gallery .grid button"


@pytest.fixture(scope="module")
def outcomes():
    """Outcome -> digits, of the article's CNN and then the ensemble, from their tables alone."""
    one, other = (load_artifacts(name).scores["correct"].to_numpy(bool)
                  for name in ("article", "ensemble"))  # fmt: skip
    return {
        "Fixed": np.flatnonzero(~one & other),
        "Broken": np.flatnonzero(one & ~other),
        "Both wrong": np.flatnonzero(~one & ~other),
        "Both right": np.flatnonzero(one & other),
    }


def pick(page: Page, outcome: str) -> None:
    with rerun(page):
        page.get_by_role("radio", name=re.compile(f"^{outcome} ·")).click()


def open_tile(page: Page, noun: str) -> str:
    """Press the first tile; gives the id of the item that it opened."""
    tile = page.locator(TILES).first
    name = re.match(rf"{noun} (\S+),", tile.get_attribute("title"))[1]
    with rerun(page):
        tile.click()
    expect(
        page.get_by_role("heading", name=re.compile(rf"^{noun} {name} · label "))
    ).to_be_visible()
    return name


def test_four_counts_are_there_and_what_was_broken_opens_and_is_in_the_link(page, server, outcomes):
    page.goto(f"{server}/compare?baseline=article&candidate=ensemble")
    plot_listens(page, PLOT)
    for title, rows in outcomes.items():
        expect(
            page.get_by_role("radio", name=f"{title} · {len(rows):,}", exact=True)
        ).to_be_visible()
    pick(page, "Broken")
    heading = page.get_by_role(
        "heading", name=f"{len(outcomes['Broken'])} digits that the candidate"
    )
    expect(heading).to_be_visible()
    expect(page.locator(TILES)).to_have_count(len(outcomes["Broken"]))
    number = open_tile(page, "Digit")
    assert int(number) in outcomes["Broken"]
    expect(page).to_have_url(re.compile(f"outcome=broken.*id={number}|id={number}.*outcome=broken"))
    page.reload()
    expect(heading).to_be_visible()
    expect(
        page.get_by_role("heading", name=re.compile(f"^Digit {number} · label "))
    ).to_be_visible()
    expect(page.locator(TILES)).to_have_count(len(outcomes["Broken"]))


def test_a_point_opens_the_digit_that_it_stands_for(page, server, outcomes):
    page.goto(f"{server}/compare?baseline=article&candidate=ensemble&outcome=broken")
    plot_listens(page, PLOT)
    number = int(outcomes["Broken"][0])
    page.mouse.click(*place(page, number, PLOT))
    expect(
        page.get_by_role("heading", name=re.compile(f"^Digit {number} · label "))
    ).to_be_visible()
    expect(page).to_have_url(re.compile(f"id={number}"))


def table(answers: list[str], labels: list[str] | None = None) -> bytes:
    """A CSV of answers that are 0.7 sure, last row first, with ids and perhaps labels."""
    head = "id,yes,no" + ",label" * (labels is not None)
    rows = [
        f"q{n},{0.7 if said == 'yes' else 0.3},{0.3 if said == 'yes' else 0.7}"
        + (f",{labels[n]}" if labels else "")
        for n, said in enumerate(answers)
    ]
    return "\n".join([head, *rows[::-1]]).encode()


def drop(page: Page, url: str, name: str, content: bytes) -> None:
    page.goto(f"{url}/open")
    page.locator("input[type=file]").first.set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": content}]
    )
    expect(page.get_by_role("heading", name="How it was read")).to_be_visible()
    idle(page)


def test_a_second_file_joins_a_study_by_id_and_its_broken_items_open(page, theirs):
    url, library, _ = theirs
    labels = ["yes", "no"] * 4
    drop(page, url, "june.csv", table(["no", *labels[1:]], labels))
    page.get_by_role("button", name="Open the study").click()
    expect(page).to_have_url(re.compile("study=june"))
    # The second file is right about q0, wrong about q5 and q6, and has one item more.
    drop(page, url, "july.csv", table([*labels[:5], "yes", "no", "no", "no"]))
    page.get_by_role("combobox", name=re.compile("Open it as")).click()
    page.get_by_role("option", name="a further model of june").click()
    expect(page.get_by_text("Joined by id: 8 of 8 items matched")).to_be_visible()
    expect(page.get_by_text("Set aside: 1 row")).to_be_visible()
    page.get_by_role("button", name="Add to the study").click()
    expect(page).to_have_url(re.compile(r"/compare\?.*study=june"))
    expect(page.get_by_role("radio", name="Fixed · 1", exact=True)).to_be_visible()
    idle(page)
    pick(page, "Broken")
    expect(page.locator(TILES)).to_have_count(2)
    assert open_tile(page, "Item") in {"q5", "q6"}
    assert set(library.load("june").models) == {"june", "july"}
