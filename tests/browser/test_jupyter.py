"""The dashboard in a cell of a real JupyterLab, beside folders that are called like the app's."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from urllib.request import Request, urlopen

from playwright.sync_api import expect

from bench.browser import ROOT
from penumbra.server import answers, free_port
from tests.browser.test_explore import PLOT
from tests.browser.waiting import plot_listens, wait_until

TOKEN = "a token"
SHOW = """import numpy as np, penumbra
rng = np.random.default_rng(0)
probs = rng.dirichlet(np.full(10, 0.3), 10_000)
shown = penumbra.show(probs=probs, labels=probs.argmax(1))
shown"""


@contextmanager
def jupyter(folder):
    """JupyterLab's address and token, with nothing of this machine's in it."""
    for name in ("core", "models"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise ImportError('this is the user\\'s')")
    port = free_port()
    places = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("RUNTIME", "CONFIG", "DATA")}
    options = [
        f"--port={port}", "--no-browser", "--allow-root", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], stdout=log, stderr=log,
            env={**os.environ, **places, "PYTHONPATH": str(ROOT)}, cwd=folder,
        )  # fmt: skip
        try:
            yield f"http://localhost:{port}", running
        finally:
            running.terminate()
            running.wait()


def ask(url, method="GET", body=None):
    headers = {"Authorization": f"token {TOKEN}"}
    with urlopen(Request(url, body, headers, method=method)) as response:
        return json.loads(response.read() or "null")


def notebook(path):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cell = {"cell_type": "code", "source": SHOW, "metadata": {}, "outputs": [], "id": "one",
            "execution_count": None}  # fmt: skip
    path.write_text(json.dumps({"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4,
                                "nbformat_minor": 5}))  # fmt: skip


def test_a_cell_shows_the_dashboard_and_keeps_its_picture(page, tmp_path):
    notebook(tmp_path / "one.ipynb")
    with jupyter(tmp_path) as (url, _):
        wait_until(page, lambda: answers(f"{url}/api?token={TOKEN.replace(' ', '%20')}"))
        page.goto(f"{url}/lab/tree/one.ipynb?token={TOKEN}")
        page.locator(".jp-Notebook .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        frame = page.locator(".jp-OutputArea iframe")
        expect(frame).to_have_count(1)  # though the cell ends with `shown`
        inside = frame.element_handle().content_frame()
        plot_listens(inside, PLOT)
        page.keyboard.press("Control+s")
        wait_until(page, lambda: "Still picture" in (tmp_path / "one.ipynb").read_text())
        dashboard = page.locator(".jp-OutputArea a").first.get_attribute("href")
        for kernel in ask(f"{url}/api/kernels"):
            ask(f"{url}/api/kernels/{kernel['id']}/restart", "POST", b"")
        wait_until(page, lambda: not answers(dashboard))
        page.reload()
        expect(page.get_by_text("The dashboard does not answer")).to_be_visible()
        expect(page.get_by_alt_text("Scatter of confidence by class")).to_be_visible()
        expect(page.locator(".jp-OutputArea iframe")).to_have_count(0)
