"""The real app behind a real server, and a page of a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bench.browser import chromium, serve
from tests.browser.waiting import PATIENCE, listen

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the running app, without a slash at its end."""
    with serve() as running:
        yield running.url


@pytest.fixture(scope="module")  # its event loop is gone when another file's tests begin
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page, 1440 x 1000, that shares nothing with the one before."""
    with browser.new_context(viewport={"width": 1440, "height": 1000}) as context:
        yield patient(context).new_page()


def patient(context: BrowserContext) -> BrowserContext:
    """A context that waits as long as every other, and for the server's answers."""
    context.set_default_timeout(PATIENCE)
    context.on("page", listen)
    return context
