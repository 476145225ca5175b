"""Explore against a bare page with the same scatter: first paint, click, hover, memory."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from bench.browser import ROOT, chromium, serve

PROBE = Path(__file__).with_name("probe.js")
OURS, BARE, TABLE_OF_PAGES = "app.py", "bench/bare_page.py", "navigation.py"
VIEWPORT = {"width": 1440, "height": 1000}
SPREAD_OUT = 0.97  # above it points lie on top of each other
MINUTE = 60_000


def paint_pairs(num_pairs: int) -> list[tuple[float, float]]:
    """Seconds from `streamlit run` to the painted scatter: (ours, bare), by turns.

    Each time a new server and a new browser with nothing in its cache.
    """
    return [(paint_seconds(OURS), paint_seconds(BARE)) for _ in range(num_pairs)]


def paint_seconds(script: str) -> float:
    """From starting the server to ink on the scatter; the browser is already open."""
    with chromium() as browser, serve(script) as server:
        open_scatter(browser.new_page(viewport=VIEWPORT), server.url)
        return time.perf_counter() - server.started


def click_pairs(num_clicks: int) -> list[tuple[float, float]]:
    """Milliseconds from a click to (our digit's picture, the bare page's text), by turns."""
    with chromium() as browser, serve(OURS) as ours, serve(BARE) as bare:
        pages = [browser.new_page(viewport=VIEWPORT) for _ in range(2)]
        for page, server in zip(pages, (ours, bare), strict=True):
            open_scatter(page, server.url)
            settle(page)
        clickers = [Clicks(pages[0], "armPicture"), Clicks(pages[1], "armText")]
        for each in clickers:  # the first click also pays for what is loaded once
            each.click()
        return [(clickers[0].click(), clickers[1].click()) for _ in range(num_clicks)]


def hover_milliseconds(num_hovers: int) -> list[float]:
    """From the mouse's move onto a point to its digit beside the cursor."""
    with chromium() as browser, serve(OURS) as server:
        page = browser.new_page(viewport=VIEWPORT)
        open_scatter(page, server.url)
        settle(page)
        hovers = Clicks(page, "armHover")
        hovers.hover()
        return [hovers.hover() for _ in range(num_hovers)]


def memory_after_every_page() -> tuple[int, bool]:
    """Bytes the server occupies once each page was opened, and whether TensorFlow is in it."""
    with chromium() as browser, serve(OURS) as server:
        page = browser.new_page(viewport=VIEWPORT)
        open_scatter(page, f"{server.url}/?index=247")
        for name in page_names():
            page.goto(f"{server.url}/{name}")
            page.get_by_role("heading", level=1).first.wait_for(timeout=MINUTE)
            settle(page)
        return server.resident_memory(), server.has_loaded("tensorflow")


def page_names() -> list[str]:
    """The pages' names in their addresses."""
    return re.findall(r'st\.Page\("pages/(\w+)\.py"', (ROOT / TABLE_OF_PAGES).read_text())


class Clicks:
    """Points of one page's scatter, in a random order that is the same for each page."""

    def __init__(self, page: Page, arm: str) -> None:
        self._page = page
        self._arm = arm
        found = page.evaluate(f"bench.places({SPREAD_OUT})")
        by_index = sorted(found, key=lambda place: place["index"])
        self._order = iter(np.random.default_rng(0).permutation(np.array(by_index)))
        self._seen: set[int] = set()

    def click(self) -> float:
        """Click a point that was not clicked before."""
        index = self._move_to_next()
        self._page.evaluate(f"bench.{self._arm}({index})")
        self._page.mouse.down()
        self._page.mouse.up()
        return self._result()

    def hover(self) -> float:
        """Move from beside the chart onto a point in one step."""
        place = next(self._order)
        self._page.mouse.move(5, 500)
        self._page.wait_for_timeout(120)
        self._page.evaluate(f"bench.{self._arm}(null)")
        self._page.mouse.move(place["left"], place["top"])
        return self._result()

    def _move_to_next(self) -> int:
        """The index that Plotly sees under the cursor: points may lie over each other."""
        for place in self._order:
            self._page.mouse.move(place["left"], place["top"])
            self._page.wait_for_timeout(150)
            index = self._page.evaluate("bench.hovered()")
            if index is not None and index not in self._seen:
                self._seen.add(index)
                return index
        raise RuntimeError("there are no more points to click")

    def _result(self) -> float:
        found = self._page.evaluate("bench.result")
        self._page.wait_for_timeout(150)
        return found


def open_scatter(page: Page, url: str) -> None:
    """Go there and wait for ink on the scatter."""
    page.add_init_script(path=PROBE)
    page.goto(url)
    page.wait_for_function("bench.painted()", polling=50, timeout=MINUTE)


def settle(page: Page) -> None:
    """Wait until the script behind the page has ended."""
    page.wait_for_timeout(500)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_timeout(1_500)
