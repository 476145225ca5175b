"""The README's pictures: every page in light and dark, taken of the real app.

`python -m bench.screenshots NAME…` takes those pages alone.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from bench.browser import chromium, serve

DOCS = Path(__file__).resolve().parent.parent / "docs" / "pages"
SHARED = DOCS.parents[1] / "static" / "share.jpg"
PAGES = {
    "explore": "/?id=247",
    "open": "/open",
    "draw": "/draw",
    "trust": "/trust",
    "stress": "/stress?id=11&kind=morph&on=fog:2",
    "compare": "/compare?outcome=fixed&id=1014",
    "people": "/people",
    "audit": "/audit?model=article&reviewer=Ada",
    "glossary": "/glossary",
}
"""Page -> the link that it shows."""
SIZE = {"width": 1440, "height": 900}
SHOWN = (1200, 750)
DRAWN = (
    "!document.querySelector('[data-testid=stSkeleton]') && document.querySelector('.gl-canvas')"
)
STILL = (
    "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
    " && !document.querySelector('[data-testid=stSkeleton]')"
)


def main(*names: str) -> None:
    """Open each page in both themes and save what is seen: those named, or all."""
    DOCS.mkdir(parents=True, exist_ok=True)
    studies = tempfile.TemporaryDirectory()
    with studies, serve(PENUMBRA_STUDIES=studies.name) as server, chromium() as browser:
        for theme in ("light", "dark"):
            context = browser.new_context(viewport=SIZE, color_scheme=theme)
            for name in names or PAGES:
                page = context.new_page()
                picture = _picture(page, server.url + PAGES[name])
                picture.save(DOCS / f"{name}-{theme}.webp", quality=80, method=6)
                # Two studies would put a picker on every page after it.
                shutil.rmtree(Path(studies.name) / "words", ignore_errors=True)
                page.close()
            context.close()
    share_picture()


def share_picture() -> None:
    """What a pasted link shows, see `ui.share_tags`: Explore in 1200 x 630."""
    shown = Image.open(DOCS / "explore-light.webp").convert("RGB").crop((250, 0, 1200, 499))
    shown.resize((1200, 630), Image.Resampling.LANCZOS).save(SHARED, quality=82, optimize=True)


def _picture(page: Page, address: str) -> Image.Image:
    page.goto(address)
    page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    page.wait_for_function(STILL, timeout=180_000)
    if (example := page.get_by_role("button", name="Open Words and ten people")).count():
        example.click()
        page.get_by_role("heading", name="rank correlation").wait_for(timeout=180_000)
    page.get_by_role("button", name="Cancel").wait_for(state="detached", timeout=180_000)
    page.wait_for_timeout(4_000)  # the tiles' sheet and the plot's fade
    frame = Image.open(io.BytesIO(page.screenshot(timeout=180_000))).convert("RGB")
    return frame.resize(SHOWN, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main(*sys.argv[1:])
