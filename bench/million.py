"""The same moves on Explore at 10,000 and at 1,000,000 items, at the protocol: times and ratios.

Each move is one that nobody made before, so that nothing is found in a cache of answers. Beside the
clock stands the server's processor time, which another program's work does not lengthen as much.

    python -m bench.million [--items 1000000] [--classes 10] [--members 1] [--moves 20] [--browser]

At the end every page is opened on the large study, and the server's memory told, and its most.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import Browser

from bench.any_study import VISITS
from bench.browser import Server, chromium, serve
from bench.pages import VIEWPORT, open_scatter, settle
from bench.session import Session, connection
from bench.visitors import processor_seconds
from core.figures.positions import View
from core.measures.filters import Filter
from core.stored.folder import write_study
from core.stored.library import Library
from core.stored.new_study import NewModel, NewStudy
from ui.picked import Key
from ui.scatter_address import scatter_address

FEW = 10_000
REACH = {"filter": 0.3, "recolour": 0.3, "order": 0.3, "lasso": 0.3, "zoom": 0.6, "hover": 0.1}
"""Seconds at the most, by the clock at p95."""
BLOCK = 100_000
VIEW = View("label", "confidence")


class Spent(NamedTuple):
    """Seconds by the clock and of the server's processor, one a move."""

    clock: list[float]
    busy: list[float]


def main() -> None:
    """Print a Markdown table of the moves, and the server's memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--members", type=int, default=1)
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--browser", action="store_true", help="paint and zoom in a Chromium too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="penumbra-million-") as folder:
        root = Path(folder)
        for key, size in (("few", FEW), ("many", asked.items)):
            write_large(root, key, asked.members, size, asked.classes)
        with serve(PENUMBRA_STUDIES=folder) as server:
            found = asyncio.run(_by_turns(server, root, asked))
            report(found["few"], found["many"], asked.items)
            if asked.browser:
                paint_and_zoom(server, asked.moves)
            print(f"\nserver memory: {server.resident_memory() / 1e6:.0f} MB")
            asyncio.run(_open_all(server))
            told = (
                f"{server.resident_memory() / 1e6:.0f}, at most {server.most_memory() / 1e6:.0f} MB"
            )
            print(f"after every page: {told}")


def write_large(root: Path, key: str, num_members: int, num_items: int, num_classes: int) -> None:
    """A study of random logits that are right about 19 times in 20, memory-mapped float32."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, num_classes, num_items)
    with tempfile.TemporaryDirectory(dir=root, prefix=".") as aside:
        shape = (num_members, num_items, num_classes)
        values = np.lib.format.open_memmap(Path(aside) / "v.npy", "w+", np.float32, shape)
        for start in range(0, num_items, BLOCK):
            rows = np.arange(start, min(start + BLOCK, num_items))
            lead = rng.gamma(4, 2.2, len(rows)).astype(np.float32) - 1
            for member in values:
                part = rng.normal(0, 1, (len(rows), num_classes)).astype(np.float32)
                part[np.arange(len(rows)), labels[rows]] += lead
                member[rows] = part
        names = [f"class {k}" for k in range(num_classes)]
        net = NewModel("net", "A net", "logits", values=values, out_of_sample=True)
        write_study(NewStudy(f"{num_items:,} items", names, [net], labels), root, key)


async def _open_all(server: Server) -> None:
    """Every page and section of the large study, by one visitor."""
    async with connection(server.url) as opened:
        session = Session(opened, "study=many")
        for page, link, _ in VISITS:
            session.page = "" if page == "explore" else page
            await session.ask(urlencode(link))


async def _by_turns(
    server: Server, root: Path, asked: argparse.Namespace
) -> dict[str, dict[str, Spent]]:
    """Each move some times on the small and the large study by turns: a slow minute meets both."""
    async with connection(server.url) as one, connection(server.url) as other:
        moves = {
            "few": _moves(server, root, "few", FEW, Session(one, "study=few")),
            "many": _moves(server, root, "many", asked.items, Session(other, "study=many")),
        }
        found = {key: {name: Spent([], []) for name in some} for key, some in moves.items()}
        for name in moves["few"]:
            for _ in range(1 if name in ONCE else asked.moves):
                for key, some in moves.items():
                    await _timed(server, some[name], found[key][name])
        return found


Move = Callable[[], Awaitable[object]]
ONCE = {"first page", "second page", "back"}


def _moves(server: Server, root: Path, key: str, size: int, session: Session) -> dict[str, Move]:
    """What a visitor does on one study."""
    version = Library(root).version(key)
    address = server.url + scatter_address(Key(key, version, "", "net"), Filter(), VIEW, "label")
    turn = np.random.default_rng(1)
    ends = lambda: turn.uniform(0.1, 99.9)  # noqa: E731
    return {
        "first page": lambda: session.ask(""),
        "second page": lambda: session.ask(""),
        "click": lambda: session.ask(f"id={turn.integers(size)}"),
        "filter": lambda: session.ask(f"percent={ends():.1f}&percent=100"),
        "recolour": lambda: session.ask(f"colour=correct&percent={ends():.1f}&percent=100"),
        "order": lambda: session.ask(f"sort=margin&percent={ends():.1f}&percent=100"),
        "back": lambda: session.ask(""),
        "lasso": lambda: session.ask("", {session.chart: _lasso(turn)}),
        "zoom": lambda: fetch(f"{address}{_window(turn)}"),
        "hover": lambda: fetch(f"{server.url}/items/{key}/net/{turn.integers(size)}"),
    }


async def _timed(server: Server, move: Move, found: Spent) -> None:
    start, busy = time.perf_counter(), processor_seconds(server)
    await move()
    found.clock.append(time.perf_counter() - start)
    found.busy.append(processor_seconds(server) - busy)


async def fetch(address: str) -> bytes:
    """What a route answers."""
    return await asyncio.to_thread(lambda: urlopen(address).read())


def paint_and_zoom(server: Server, times: int) -> None:
    """From a link to ink on the scatter, by turns; and from a zoom to its points on the screen."""
    with chromium() as browser:
        pairs = [
            [_painted(browser, f"{server.url}/?study={key}") for key in ("few", "many")]
            for _ in range(max(3, times // 4))
        ]
        few, many = np.median(pairs, axis=0)
        ratio = np.median([late / early for early, late in pairs])
        print(f"\nlink to painted scatter: {ratio:.2f} × ({many:.1f} against {few:.1f} s), ≤ 3 ×")
        page = browser.new_page(viewport=VIEWPORT)
        open_scatter(page, f"{server.url}/?study=many")
        settle(page)
        turn = np.random.default_rng(2)
        found = [page.evaluate(ZOOM, turn.uniform(0.001, 0.3)) for _ in range(times)]
        p50, p95 = np.quantile(found, [0.5, 0.95])
        print(f"zoom to its points on the screen: p50 {p50:.0f}, p95 {p95:.0f} ms, ≤ 600 ms")


def _painted(browser: Browser, address: str) -> float:
    """Seconds, in a browser that has cached nothing."""
    with browser.new_context(viewport=VIEWPORT) as context:
        page, start = context.new_page(), time.perf_counter()
        open_scatter(page, address)
        return time.perf_counter() - start


ZOOM = """half => new Promise(resolve => {
    const plot = document.querySelector(".st-key-scatter .js-plotly-plot"), old = plot.data;
    const start = performance.now(), y = 0.4 + 0.5 * Math.random(), x = 9 * Math.random();
    const drawn = () => {
        if (plot.data === old) return;
        plot.removeListener("plotly_afterplot", drawn);
        requestAnimationFrame(() => requestAnimationFrame(
            () => resolve(performance.now() - start)));
    };
    plot.on("plotly_afterplot", drawn);
    window.Plotly.relayout(plot, {
        "xaxis.range": [x - 5 * half, x + 5 * half], "yaxis.range": [y - half, y + half]});
})"""
"""Milliseconds from a zoom, the rest before it asks included, to a frame with its points."""


def _window(turn: np.random.Generator) -> str:
    """A window of the axes somewhere, of any size."""
    x, y = turn.uniform(-0.5, 9.5), turn.uniform(0.3, 1)
    half = 10 ** turn.uniform(-3, 0.5)
    return f"&x0={x - half}&x1={x + half}&y0={y - half / 10}&y1={y + half / 10}&page=0"


def _lasso(turn: np.random.Generator) -> str:
    """What a browser sends of a round lasso of a hundred corners."""
    angle = np.linspace(0, 2 * np.pi, 100)
    x = turn.uniform(2, 7) + 2 * np.cos(angle)
    y = turn.uniform(0.6, 0.9) + 0.2 * np.sin(angle)
    lasso = {"xref": "x", "yref": "y", "x": x.tolist(), "y": y.tolist()}
    return json.dumps({
        "selection": {"points": [], "point_indices": [], "box": [], "lasso": [lasso]},
    })  # fmt: skip


def report(few: dict[str, Spent], many: dict[str, Spent], num_items: int) -> None:
    """A row a move; processor time is the mean, which a clock of 10 ms can tell."""
    print(f"| move | {FEW:,}: p50, p95 | {num_items:,}: p50, p95 | processor, ratio | reach |")
    print("|---|---|---|---|---|")
    for name, spent in many.items():
        cells = []
        for found in (few[name], spent):
            p50, p95 = np.quantile(found.clock, [0.5, 0.95])
            cells.append(f"{1e3 * p50:.0f}, {1e3 * p95:.0f} ms ({1e3 * np.mean(found.busy):.0f})")
        ratio = np.mean(spent.busy) / max(np.mean(few[name].busy), 1e-3)
        reach = f"≤ {1e3 * REACH[name]:.0f} ms" if name in REACH else ""
        print(f"| {name} | {cells[0]} | {cells[1]} | {ratio:.2f} | {reach} |", flush=True)


if __name__ == "__main__":
    main()
