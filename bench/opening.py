"""Opening somebody's own predictions: by command against NumPy alone, by a drop against MNIST."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from playwright.sync_api import Browser, Page

from bench.browser import ROOT, Server, chromium, serve
from bench.pages import MINUTE, PROBE, VIEWPORT, settle

NUMPY_ALONE = """
import sys
import numpy as np
found = np.load(sys.argv[1])
print((found["pred_probs"].argmax(1) == found["labels"]).mean())
"""


class Use(NamedTuple):
    """Of a process from its start to its end: wall time, and processor time, in seconds."""

    wall: float
    processor: float


def command_pairs(num_pairs: int) -> list[tuple[Use, Use]]:
    """`open` of 50,000 x 100 float32 in an NPZ, and NumPy alone on it; whole processes, by turns.

    NumPy reads the file and computes the accuracy; `open` ends with the study on disk.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "predictions.npz"
        probs, labels = _predictions(50_000, 100)
        np.savez(path, pred_probs=probs.astype(np.float32), labels=labels)
        ours = [sys.executable, "cli.py", "open", str(path)]
        theirs = [sys.executable, "-c", NUMPY_ALONE, str(path)]
        studies = {"PENUMBRA_STUDIES": f"{folder}/studies"}
        _use(ours, studies), _use(theirs, studies)  # the files of both are in memory from now on
        return [(_use(ours, studies), _use(theirs, studies)) for _ in range(num_pairs)]


def _use(command: list[str], environment: dict[str, str]) -> Use:
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Use(time.perf_counter() - started, used.ru_utime + used.ru_stime)


def drop_pairs(num_pairs: int) -> list[tuple[float, float]]:
    """Seconds from a dropped CSV of 10,000 x 10, and from MNIST's link, to the painted scatter.

    By turns on one server, each in a browser session of its own that has the program's files. The
    first pair, for which the server loads its libraries, does not count.
    """
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        path = Path(folder) / "predictions.csv"
        write_csv(path)
        with serve(PENUMBRA_STUDIES=f"{folder}/studies") as server:
            pairs = [
                (_dropped(browser, server, path), _linked(browser, server))
                for _ in range(num_pairs + 1)
            ]
    return pairs[1:]


def _dropped(browser: Browser, server: Server, path: Path) -> float:
    with _on_open(browser, server) as page:
        started = time.perf_counter()
        page.locator('[data-testid="stFileUploader"] input[type=file]').first.set_input_files(path)
        page.get_by_role("button", name="Open the study").click(timeout=MINUTE)
        page.wait_for_function("bench.painted()", polling=50, timeout=MINUTE)
        return time.perf_counter() - started


def _linked(browser: Browser, server: Server) -> float:
    with _on_open(browser, server) as page:
        started = time.perf_counter()
        page.goto(f"{server.url}/?study=mnist")
        page.wait_for_function("bench.painted()", polling=50, timeout=MINUTE)
        return time.perf_counter() - started


@contextmanager
def _on_open(browser: Browser, server: Server) -> Iterator[Page]:
    """A new session that has settled on the page where files are dropped."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.add_init_script(path=PROBE)
    page.goto(f"{server.url}/open")
    page.locator('[data-testid="stFileUploader"]').first.wait_for(timeout=MINUTE)
    settle(page)
    try:
        yield page
    finally:
        context.close()


def write_csv(path: Path) -> None:
    """Probabilities of 10,000 items and 10 classes with their labels."""
    probs, labels = _predictions(10_000, 10)
    names = ",".join(["label", *(f"c{k}" for k in range(10))])
    rows = np.column_stack([labels, probs])
    np.savetxt(path, rows, ["%d", *["%.6f"] * 10], ",", header=names, comments="")


def _predictions(num_items: int, num_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (N, K) and labels (N,) that they are mostly right about."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, num_classes, num_items)
    logits = rng.normal(size=(num_items, num_classes))
    logits[np.arange(num_items), labels] += rng.exponential(4, num_items)
    shares = np.exp(logits)
    return shares / shares.sum(1, keepdims=True), labels
