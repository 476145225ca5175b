"""The real app behind a real server, and a page of a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bench.browser import chromium, serve
from core.stored.library import Library
from core.stored.opening import Opening, Source
from tests.browser.waiting import PATIENCE, listen

expect.set_options(timeout=PATIENCE)
FORGET = """() => {
    try { localStorage.clear(); sessionStorage.clear(); }
    catch { /* an empty page and one that did not load have neither */ }
}"""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the running app, without a slash at its end."""
    with serve() as running:
        yield running.url


@pytest.fixture(scope="session")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app with decisions of its own and a study of texts and no pictures."""
    folder = tmp_path_factory.mktemp("accessible")
    rng = np.random.default_rng(0)
    probs = rng.dirichlet(np.full(3, 0.4), 90)
    labels = [rng.choice(3, p=row) for row in probs]
    rows = [
        f"{p[0]:.6f},{p[1]:.6f},{p[2]:.6f},{'abc'[y]},a sentence of item {i}"
        for i, (p, y) in enumerate(zip(probs, labels, strict=True))
    ]
    table = folder / "texts.csv"
    table.write_text("\n".join(["prob_a,prob_b,prob_c,label,text", *rows]))
    opening = Opening([Source(table.name, table)], title="Texts")
    opening.write(opening.read(), Library(folder / "studies"))
    database = f"sqlite:///{folder / 'decisions.sqlite3'}"
    with serve(PENUMBRA_STUDIES=str(folder / "studies"), PENUMBRA_DECISIONS=database) as running:
        yield running.url


@pytest.fixture(scope="session")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Library, str]]:
    """The address of an app that is somebody else's, its studies, its database: both empty."""
    folder = tmp_path_factory.mktemp("theirs")
    database = f"sqlite:///{folder / 'decisions.sqlite3'}"
    studies = {"PENUMBRA_STUDIES": str(folder / "studies"), "PENUMBRA_DECISIONS": database}
    with serve(**studies) as running:
        yield running.url, Library(folder / "studies"), database


@pytest.fixture(scope="module")  # its event loop is gone when another file's tests begin
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def kept(browser: Browser) -> Iterator[Page]:
    """One page for the tests of a file: what it has compiled, each of them would compile anew."""
    with browser.new_context() as context:
        yield patient(context).new_page()


@pytest.fixture
def page(kept: Page) -> Page:
    """The file's page, 1440 x 1000, with nothing left of the test before."""
    forget(kept)
    kept.set_viewport_size({"width": 1440, "height": 1000})
    return kept


def forget(page: Page) -> None:
    """Take from a page and its browser what a visitor leaves behind; scripts stay compiled."""
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.unroute_all(behavior="ignoreErrors")
    page.mouse.move(0, 0)
    page.evaluate(FORGET)
    page.goto("about:blank")
    page.context.clear_cookies()


def patient(context: BrowserContext) -> BrowserContext:
    """A context that waits as long as every other, and for the server's answers."""
    context.set_default_timeout(PATIENCE)
    context.on("page", listen)
    return context
