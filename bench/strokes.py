"""A stroke on the Draw page against one on a bare canvas: from its end to the answer."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Page

from bench.browser import chromium, serve
from bench.pages import MINUTE, PROBE, VIEWPORT, settle

OURS, BARE = "app.py", "bench/bare_canvas.py"
CANVAS = "canvas.upper-canvas"
PAUSE = 250


def stroke_pairs(num_strokes: int) -> list[tuple[float, float]]:
    """Milliseconds from the end of a stroke to (our probabilities, the bare line), by turns."""
    with chromium() as browser, serve(OURS) as ours, serve(BARE) as bare:
        pages = [browser.new_page(viewport=VIEWPORT) for _ in range(2)]
        open_canvas(pages[0], f"{ours.url}/draw")
        open_canvas(pages[1], bare.url)
        rng = np.random.default_rng(0)
        found = [_pair(pages, rng) for _ in range(num_strokes + 3)]
    return found[3:]  # the first strokes also pay for what is loaded once


def open_canvas(page: Page, url: str) -> None:
    """Go there and wait for the canvas."""
    page.add_init_script(path=PROBE)
    page.goto(url)
    page.wait_for_selector(CANVAS, timeout=MINUTE)
    settle(page)


def stroke(page: Page, points: np.ndarray, shown: str) -> float:
    """Draw a line; milliseconds from the mouse's release until what `shown` selects changes."""
    frame = page.locator(CANVAS).bounding_box()
    places = points + np.array([frame["x"], frame["y"]])
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.evaluate(f"bench.armChange('{shown}', 'mouseup')")
    page.mouse.up()
    found = page.evaluate("bench.result")
    page.wait_for_timeout(PAUSE)
    return found


def _pair(pages: list[Page], rng: np.random.Generator) -> tuple[float, float]:
    """The same stroke on both empty canvases."""
    points = rng.uniform(40, 260, (3, 2))
    for page in pages:
        _clear(page)
        settle(page)
    return stroke(pages[0], points, "table.probs"), stroke(pages[1], points, "h3")


def _clear(page: Page) -> None:
    """By our own tool, which is the only one there; by the component's on the bare page."""
    tool = page.locator(".st-key-clear button")
    if not tool.count():
        page.locator(CANVAS).hover()
        page.get_by_role("button", name="Reset canvas & history").click()
    elif tool.is_enabled():
        tool.click()
