"""Waiting for what happens, never for a time: one limit for all, long enough for any machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests.patience import SECONDS

PATIENCE = 1_000 * SECONDS
"""Milliseconds after which something has not happened."""

_STATE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState"
_WATCH = """() => {
    const app = document.querySelector("[data-testid=stApp]");
    window.hasRun = false;
    new MutationObserver(() => {
        if (app.dataset.testScriptState === "running") window.hasRun = true;
    }).observe(app, {attributes: true, attributeFilter: ["data-test-script-state"]});
}"""
_HOVER = (
    """selector => document.querySelector(selector)?._ev?._events?.plotly_hover !== undefined"""
)


def idle(page: Page) -> None:
    """Wait until the server has answered all that it was asked."""
    page.wait_for_function(f"{_STATE} === 'notRunning'")


@contextmanager
def rerun(page: Page) -> Iterator[None]:
    """Wait until what is done inside has been sent to the server and answered."""
    idle(page)
    page.evaluate(_WATCH)
    yield
    page.wait_for_function(f"window.hasRun && {_STATE} === 'notRunning'")


def plot_listens(page: Page, selector: str) -> None:
    """Wait until a plot is drawn and shows its images to the mouse."""
    page.wait_for_function(_HOVER, arg=selector)
    idle(page)


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for something that only Python can see.

    Raises:
        TimeoutError: it did not come to hold.
    """
    end = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for did not come")
        page.wait_for_timeout(50)
