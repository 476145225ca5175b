"""A reviewer's key against a bare button's: from the press to what it changes on the screen."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from bench.browser import chromium, serve
from bench.pages import MINUTE, PROBE, VIEWPORT, settle

BARE = "bench/bare_button.py"
DIGIT, LINE = "img.digit", "h3"
PAUSE = 150


def key_pairs(num_presses: int) -> list[tuple[float, float]]:
    """Milliseconds from a key press to (the next digit's picture, the bare line), by turns.

    Every one of our presses is a decision that lies on disk before the next digit is shown.
    """
    with tempfile.TemporaryDirectory() as folder:
        decisions = f"sqlite:///{Path(folder) / 'decisions.sqlite3'}"
        with (
            chromium() as browser,
            serve(PENUMBRA_DECISIONS=decisions) as ours,
            serve(BARE) as bare,
        ):
            pages = [browser.new_page(viewport=VIEWPORT) for _ in range(2)]
            open_page(pages[0], f"{ours.url}/audit?reviewer=Bench", DIGIT)
            open_page(pages[1], bare.url, LINE)
            for _ in range(3):  # the first presses also pay for what is loaded once
                press(pages[0], DIGIT), press(pages[1], LINE)
            return [(press(pages[0], DIGIT), press(pages[1], LINE)) for _ in range(num_presses)]


def open_page(page: Page, url: str, shown: str) -> None:
    """Go there and wait for `shown`, a selector."""
    page.add_init_script(path=PROBE)
    page.goto(url)
    page.wait_for_selector(shown, timeout=MINUTE)
    settle(page)


def press(page: Page, shown: str) -> float:
    """Press K; milliseconds until what `shown` selects is another one."""
    page.evaluate(f"bench.armChange('{shown}')")
    page.keyboard.press("k")
    found = page.evaluate("bench.result")
    page.wait_for_timeout(PAUSE)
    return found
