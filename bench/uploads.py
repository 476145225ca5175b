"""A hundred photographs of twelve megapixels at once: how much memory does the server take?"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import Error, Page

from bench.browser import Server, chromium, serve
from bench.pages import settle
from examples.mnist_data import load_test

NUM_FILES, NUM_SCENES = 100, 10
WIDTH, HEIGHT, SIDE = 4_000, 3_000, 900
GRAIN = 9.0
"""Of the paper, in grey levels: a file has 3.7 MB, as a telephone's has."""
TEN_MINUTES = 600_000


class Use(NamedTuple):
    """Highest memory in bytes, size of a file in bytes, slowest page of another user in seconds."""

    peak: int
    file_size: int
    slowest: float


def upload_photographs() -> Use:
    """Upload them to the Draw page while another user opens pages."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, serve() as server:
        files = _photographs(Path(folder))
        ours, others = browser.new_page(), browser.new_page()
        ours.goto(f"{server.url}/draw?way=upload")
        ours.get_by_role("heading", level=1).wait_for(timeout=60_000)
        settle(ours)
        with _Peak(server) as peak:
            ours.set_input_files("input[type=file]", files, timeout=TEN_MINUTES)
            slowest = _open_pages_until_read(ours, others, server)
        return Use(peak.found, files[0].stat().st_size, slowest)


def _photographs(folder: Path) -> list[Path]:
    """A dark test digit on grainy paper; a few scenes, each saved several times."""
    images, _ = load_test()
    files = []
    for i in range(NUM_FILES):
        files.append(folder / f"{i:03d}.jpg")
        if i < NUM_SCENES:
            _scene(images[i], np.random.default_rng(i)).save(files[i], quality=88)
        else:
            files[i].write_bytes(files[i % NUM_SCENES].read_bytes())
    return files


def _scene(image: np.ndarray, rng: np.random.Generator) -> Image.Image:
    paper = 225 + rng.normal(0, GRAIN, (HEIGHT, WIDTH)).astype(np.float32)
    top, left = rng.integers(300, HEIGHT - SIDE - 300), rng.integers(300, WIDTH - SIDE - 300)
    digit = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    paper[top : top + SIDE, left : left + SIDE] -= 0.7 * digit
    return Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8)).convert("RGB")


def _open_pages_until_read(ours: Page, others: Page, server: Server) -> float:
    slowest, end = 0.0, time.perf_counter() + TEN_MINUTES / 1_000
    while time.perf_counter() < end:
        started = time.perf_counter()
        others.goto(f"{server.url}/glossary")
        others.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
        slowest = max(slowest, time.perf_counter() - started)
        try:
            ours.get_by_text(f"{NUM_FILES} digits found.").wait_for(timeout=500)
            return slowest
        except Error:  # not yet
            continue
    raise TimeoutError("the photographs were not read in ten minutes")


class _Peak:
    """The highest memory of a server, looked at twenty times a second."""

    def __init__(self, server: Server) -> None:
        self.found = 0
        self._server, self._over = server, Event()
        self._thread = Thread(target=self._watch)

    def __enter__(self) -> _Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self.found = max(self.found, self._server.resident_memory())
