"""The README's pictures, taken of the real pages."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from bench.browser import chromium, serve

DOCS = Path(__file__).resolve().parent.parent / "docs"
PICTURES = {
    "explore.png": ("/?index=247&view=article", "Digit 247"),
    "compare.png": ("/compare?outcome=fixed&id=1014", "Digit 1014"),
}
"""File -> the link that it shows, and a heading that is there once it is drawn."""
DRAWN = (
    "!document.querySelector('[data-testid=stSkeleton]') && document.querySelector('.gl-canvas')"
)


def main(*names: str) -> None:
    """Open each page and save what is seen: those named, or all."""
    DOCS.mkdir(exist_ok=True)
    with serve() as server, chromium() as browser:
        for name in names or PICTURES:
            link, heading = PICTURES[name]
            page = browser.new_page(viewport={"width": 1440, "height": 1060})
            page.goto(server.url + link)
            page.get_by_role("heading", name=heading).wait_for(timeout=60_000)
            page.wait_for_function(DRAWN, timeout=180_000)
            page.wait_for_timeout(5_000)  # the tiles' sheet and the plot's fade
            page.screenshot(path=DOCS / name, timeout=180_000)
            page.close()
            picture = Image.open(DOCS / name).convert("RGB").quantize(128)
            picture.save(DOCS / name, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
