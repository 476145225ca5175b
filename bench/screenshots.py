"""The README's picture, taken of the real page."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from bench.browser import chromium, serve

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "explore.png"
LINK = "/?index=247&view=article"


def main() -> None:
    """Open a digit on the Explore page and save what is seen."""
    with serve() as server, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 1060})
        page.goto(server.url + LINK)
        page.get_by_role("heading", name="Digit 247").wait_for(timeout=60_000)
        page.wait_for_timeout(5_000)  # the tiles' sheet and the plot's fade
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
    Image.open(PICTURE).convert("RGB").quantize(128).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
