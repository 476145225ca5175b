"""The README's film: ten seconds of the real pages, as an animated WebP."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from bench.browser import chromium, serve
from bench.screenshots import DRAWN, STILL

FILM = Path(__file__).resolve().parent.parent / "docs" / "film.webp"
SIZE = {"width": 1280, "height": 800}
SHOWN = (960, 600)
"""Pixels of the film; its frames are drawn larger."""
PLOT = ".st-key-scatter .js-plotly-plot"


def main() -> None:
    """Walk the pages and save what is seen."""
    with serve() as server, chromium() as browser:
        page = browser.new_page(viewport=SIZE)
        frames, times = zip(*_scenes(page, server.url), strict=True)
    pictures = [_shrunk(frame) for frame in frames]
    FILM.parent.mkdir(exist_ok=True)
    pictures[0].save(
        FILM, save_all=True, append_images=pictures[1:], duration=list(times), loop=0,
        quality=62, method=4, minimize_size=True,
    )  # fmt: skip
    print(f"{FILM.name}: {len(pictures)} frames, {sum(times) / 1000:.1f} s,"
          f" {FILM.stat().st_size / 1e6:.2f} MB")  # fmt: skip


def _scenes(page: Page, url: str) -> Iterator[tuple[bytes, int]]:
    """Each frame with how many milliseconds it stands."""
    page.goto(url)
    page.wait_for_function(DRAWN, timeout=180_000)
    page.locator(".penumbra-picture:visible").first.wait_for()
    page.wait_for_timeout(3_000)  # the tiles' sheet and the plot's fade
    yield page.screenshot(), 1_400
    page.locator(".penumbra-walk").focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
        page.wait_for_timeout(700)  # for the digit's words
        yield page.screenshot(), 450
    page.keyboard.press("Enter")
    page.wait_for_timeout(2_500)
    yield page.screenshot(), 1_400
    page.get_by_text("Aleatoric × epistemic").click()
    page.wait_for_timeout(4_000)
    yield page.screenshot(), 1_400
    page.get_by_text("The map").click()
    page.wait_for_timeout(4_000)
    yield page.screenshot(), 1_250
    for name, heading in (("Trust", "Can the"), ("Compare", "Which of two")):
        page.get_by_role("link", name=name).first.click()
        page.get_by_role("heading", name=heading).wait_for()
        page.locator(".js-plotly-plot").first.wait_for(timeout=180_000)
        page.wait_for_function(STILL, timeout=180_000)
        page.wait_for_timeout(3_000)
        yield page.screenshot(), 1_150


def _shrunk(frame: bytes) -> Image.Image:
    return Image.open(io.BytesIO(frame)).convert("RGB").resize(SHOWN, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
