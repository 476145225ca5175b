"""The dashboard in a cell of a real JupyterLab, beside folders that are called like the app's."""

import json
from urllib.request import Request, urlopen

from playwright.sync_api import expect

from bench.jupyter import TOKEN, jupyter
from penumbra.server import answers
from tests.browser.test_explore import PLOT
from tests.browser.waiting import plot_is_drawn, wait_until

SHOW = """import numpy as np, penumbra
rng = np.random.default_rng(0)
probs = rng.dirichlet(np.full(10, 0.3), 10_000)
shown = penumbra.show(probs=probs, labels=probs.argmax(1))
shown"""


def restart_kernels(url):
    headers = {"Authorization": f"token {TOKEN}"}
    with urlopen(Request(f"{url}/api/kernels", headers=headers)) as response:
        kernels = json.loads(response.read())
    for kernel in kernels:
        address = f"{url}/api/kernels/{kernel['id']}/restart"
        urlopen(Request(address, b"", headers, method="POST")).close()


def test_a_cell_shows_the_dashboard_and_keeps_its_picture(page, tmp_path):
    for name in ("core", "models"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise ImportError('this is the user\\'s')")
    with jupyter(tmp_path, SHOW) as (url, notebook):
        page.goto(notebook)
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle")
        page.locator(".jp-Notebook .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        expect(page.locator(".jp-OutputArea").first).to_contain_text("Open it in a tab of its own")
        frame = page.locator(".jp-OutputArea iframe")
        expect(frame).to_have_count(1)  # though the cell ends with `shown`
        plot_is_drawn(frame.element_handle().content_frame(), PLOT)
        page.keyboard.press("Control+s")
        wait_until(page, lambda: "Still picture" in (tmp_path / "one.ipynb").read_text())
        dashboard = page.locator(".jp-OutputArea a").first.get_attribute("href")
        restart_kernels(url)
        wait_until(page, lambda: not answers(dashboard))
        page.reload()
        expect(page.get_by_text("The dashboard does not answer")).to_be_visible()
        expect(page.get_by_alt_text("Scatter of confidence by class")).to_be_visible()
        expect(page.locator(".jp-OutputArea iframe")).to_have_count(0)
