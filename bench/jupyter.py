"""A JupyterLab of one's own, and the time to the painted scatter in its cell and by command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page

from bench.browser import ROOT, START_SECONDS, ServerError, chromium
from bench.opening import write_csv
from bench.pages import MINUTE, PROBE, VIEWPORT
from penumbra.server import answers, free_port

TOKEN = "a token"  # noqa: S105 - it opens nothing but the server below
_SECONDS_TO_END = 20
PATIENCE = 5 * MINUTE
_READ = "import pandas as pd, penumbra\ntable = pd.read_csv('predictions.csv')"
_SHOW = "penumbra.show(table)"


@contextmanager
def jupyter(folder: Path, *cells: str) -> Iterator[tuple[str, str]]:
    """A real JupyterLab on an empty folder, with nothing of this machine's in it.

    Args:
        folder: Where its notebook `one.ipynb` and its settings lie.
        cells: The notebook's source.

    Yields:
        Its address without a slash at its end, and that of the notebook with the token.

    Raises:
        ServerError: it ended, or did not answer in time.
    """
    (folder / "one.ipynb").write_text(json.dumps(_notebook(cells)))
    port = free_port()
    places = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("RUNTIME", "CONFIG", "DATA")}
    options = [
        f"--port={port}", "--no-browser", "--allow-root", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    with (folder / "log").open("w+") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], stdout=log, stderr=log,
            env={**os.environ, **places, "PYTHONPATH": str(ROOT)}, cwd=folder,
        )  # fmt: skip
        try:
            url = f"http://localhost:{port}"
            _wait_for(f"{url}/api?token={quote(TOKEN)}", running, folder / "log")
            yield url, f"{url}/lab/tree/one.ipynb?token={quote(TOKEN)}"
        finally:
            running.terminate()
            try:
                running.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:  # it now and then waits for a kernel for ever
                running.kill()
                running.wait()


def _notebook(cells: tuple[str, ...]) -> dict:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "id": f"cell-{n}",
         "execution_count": None} for n, source in enumerate(cells)
    ]  # fmt: skip
    metadata = {"kernelspec": kernel}
    return {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _wait_for(url: str, running: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not answers(url):
        if running.poll() is not None or time.monotonic() > end:
            raise ServerError(f"JupyterLab did not answer; it printed:\n{log.read_text()}")
        time.sleep(0.1)


def show_pairs(num_pairs: int) -> list[tuple[float, float]]:
    """Seconds to the painted scatter of 10,000 x 10: (from the cell, from `penumbra open`).

    By turns, each by a server and in a browser session of its own. In the notebook the table is in
    memory already; the command reads it from a CSV.
    """
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        write_csv(folder / "predictions.csv")
        with jupyter(folder, _READ, _SHOW) as (_, address):
            return [
                (_shown(browser, address), _opened(browser, folder, run))
                for run in range(num_pairs)
            ]


def _shown(browser: Browser, address: str) -> float:
    with _page(browser) as page:
        page.goto(address)
        page.locator(".jp-Notebook .cm-content").first.click(timeout=PATIENCE)
        page.locator(".jp-NotebookPanel-toolbar").get_by_text("Python 3").wait_for(timeout=PATIENCE)
        page.keyboard.press("Shift+Enter")
        page.locator(".jp-InputPrompt").first.get_by_text("[1]").wait_for(timeout=PATIENCE)
        started = time.perf_counter()
        page.keyboard.press("Shift+Enter")
        frame = page.locator(".jp-OutputArea iframe").element_handle(timeout=PATIENCE)
        inside = frame.content_frame()
        inside.wait_for_function("window.bench?.painted()", polling=50, timeout=PATIENCE)
        taken = time.perf_counter() - started
        page.keyboard.press("Escape")
        page.keyboard.press("0")
        page.keyboard.press("0")  # restarts the kernel: the dashboard ends with it
        page.get_by_role("button", name="Confirm Kernel Restart").click(timeout=PATIENCE)
    return taken


def _opened(browser: Browser, folder: Path, run: int) -> float:
    studies = {"PENUMBRA_STUDIES": str(folder / f"studies-{run}"), "PYTHONPATH": str(ROOT)}
    with _page(browser) as page:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "penumbra", "open", "predictions.csv"], cwd=folder,
            env={**os.environ, **studies}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            url = next(line.strip() for line in process.stdout or () if line.startswith("http"))
            page.goto(url)
            page.wait_for_function("bench.painted()", polling=50, timeout=PATIENCE)
            return time.perf_counter() - started
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.add_init_script(path=PROBE)
    try:
        yield page
    finally:
        context.close()
