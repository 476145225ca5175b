"""Somebody else's classifier from drop to decision, in a real browser."""

import io
import re

import numpy as np
from playwright.sync_api import Page, expect

from core.review.database import open_engine
from core.review.decisions import load_log
from tests.browser.test_explore import PLOT, place
from tests.browser.waiting import idle, plot_listens, rerun


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def drop_two_files(page: Page, url: str) -> np.ndarray:
    """Drop logits and labels on the Open page, answer the question, open; gives the logits."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 60)
    logits = rng.normal(size=(60, 3)) * 2 + 3 * np.eye(3)[labels]
    page.goto(f"{url}/open")
    page.locator("input[type=file]").first.set_input_files(
        [
            {"name": "logits.npy", "mimeType": "a/b", "buffer": npy(logits)},
            {"name": "labels.npy", "mimeType": "a/b", "buffer": npy(labels)},
        ]
    )
    expect(page.get_by_role("heading", name="How it was read")).to_be_visible()
    expect(page.get_by_text("Are they logits of one softmax?")).to_be_visible()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Open the study").click()
    expect(page.locator(PLOT)).to_be_visible()
    expect(page).to_have_url(re.compile("study=logits"))
    plot_listens(page, PLOT)
    return logits


def test_two_files_are_dropped_asked_about_clicked_decided_and_found_again(page, theirs):
    url, library, database = theirs
    logits = drop_two_files(page, url)
    probs = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    lowest = int(probs.max(1).argmin())
    page.mouse.click(*place(page, lowest))
    heading = page.get_by_role("heading", name=re.compile(rf"^Item {lowest} · label "))
    expect(heading).to_be_visible()
    expect(page).to_have_url(re.compile(f"id={lowest}"))
    page.reload()
    expect(heading).to_be_visible()
    page.goto(f"{url}/audit?study=logits&reviewer=Ada")
    expect(page.locator(".st-key-progress")).to_contain_text("0 of 60")
    first = page.get_by_role("heading", name=re.compile("^Item ")).inner_text()
    with rerun(page):
        page.keyboard.press("k")
    expect(page.locator(".st-key-progress")).to_contain_text("1 of 60")
    engine = open_engine(database)
    log = load_log(engine, library.load("logits").dataset.fingerprint)
    engine.dispose()
    assert log[["item", "decision"]].to_numpy().tolist() == [[first.split()[1], "keep"]]


def test_a_study_without_pictures_shows_an_items_words_beside_the_cursor(page, theirs):
    url, library, _ = theirs
    content = "yes,no,label,text\n0.9,0.1,yes,item no 0\n0.2,0.8,no,item no 1\n"
    page.goto(f"{url}/open")
    page.locator("input[type=file]").first.set_input_files(
        [{"name": "words.csv", "mimeType": "text/csv", "buffer": content.encode()}]
    )
    page.get_by_role("button", name="Open the study").click()
    plot_listens(page, PLOT)
    page.mouse.move(*place(page, 1))
    expect(page.locator(".penumbra-hover")).to_contain_text("item no 1")
    assert library.load("words").dataset.details.text == "text"


def test_a_broken_file_is_said_and_the_page_goes_on(page, theirs):
    url, *_ = theirs
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"{url}/open")
    page.locator("input[type=file]").first.set_input_files(
        [{"name": "<b>p</b>.npy", "mimeType": "a/b", "buffer": b"\x80\x04}q\x00."}]
    )
    expect(page.get_by_role("alert")).to_contain_text("<b>p</b>.npy")
    idle(page)
    expect(page.get_by_role("button", name="Open the study")).to_have_count(0)
    assert broken == []


def open_small(page: Page, url: str, name: str) -> None:
    """Drop a table of two rows and press Open twice, as fast as one does."""
    page.goto(f"{url}/open")
    content = "yes,no,label\n0.9,0.1,yes\n0.2,0.8,no\n"
    page.locator("input[type=file]").first.set_input_files(
        [{"name": f"{name}.csv", "mimeType": "text/csv", "buffer": content.encode()}]
    )
    page.get_by_role("button", name="Open the study").dblclick()
    expect(page).to_have_url(re.compile(f"study={name}"))
    plot_listens(page, PLOT)


def test_open_pressed_twice_makes_one_study(page, theirs):
    url, library, _ = theirs
    open_small(page, url, "twice")
    assert [entry.key for entry in library.list() if entry.title == "twice"] == ["twice"]


def test_a_study_that_another_tab_deletes_is_said_to_be_gone(page, theirs):
    url, library, _ = theirs
    open_small(page, url, "gone")
    library.delete("gone")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("study=gone")
