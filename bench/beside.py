"""One visitor's heavy work beside another's clicks: `python -m bench.visitors --beside --items 60`.

By turns, so that what else the machine does meets both: some clicks alone, some while another
visitor uploads photographs one after another or asks for Trust's resampled intervals.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

import numpy as np

from bench.browser import Server, serve
from bench.session import Session, connection
from bench.soak import FILES, PHOTOGRAPH

AT_ONCE = 5
"""Clicks before the turn changes."""


def clicks(number: int) -> dict[str, tuple[list[float], list[float]]]:
    """Kind of heavy work -> seconds of so many clicks alone, and beside it."""
    with serve() as server:
        return asyncio.run(_clicks(server, max(number, 2 * AT_ONCE)))


def report(found: dict[str, tuple[list[float], list[float]]]) -> None:
    """A line a kind."""
    for kind, (alone, beside) in found.items():
        (p50, p95), (q50, q95) = (np.quantile(each, [0.5, 0.95]) for each in (alone, beside))
        print(
            f"{kind}: a click takes {q50 / p50:.2f} × as long (median {1e3 * p50:.0f} and"
            f" {1e3 * q50:.0f} ms; p95 {1e3 * p95:.0f} and {1e3 * q95:.0f} ms; {len(alone)} each)"
        )


async def _clicks(server: Server, number: int) -> dict[str, tuple[list[float], list[float]]]:
    turn = random.Random(0)  # noqa: S311  no secret
    found: dict[str, tuple[list[float], list[float]]] = {kind: ([], []) for kind in HEAVY}
    async with connection(server.url) as one, connection(server.url) as other:
        light, heavy = Session(one, ""), Session(other, "")
        await light.ask("")
        for kind, work in HEAVY.items():
            await work(server, heavy, turn)  # what is loaded once is loaded
            alone, beside = found[kind]
            while len(beside) < number:
                alone += [await _click(light, turn) for _ in range(AT_ONCE)]
                working = asyncio.create_task(_again_and_again(work, server, heavy, turn))
                beside += [await _click(light, turn) for _ in range(AT_ONCE)]
                working.set_name("stop")
                await working
    return found


async def _click(light: Session, turn: random.Random) -> float:
    start = time.perf_counter()
    await light.ask(f"id={turn.randrange(10_000)}")
    return time.perf_counter() - start


async def _again_and_again(work: Work, server: Server, heavy: Session, turn: random.Random) -> None:
    while asyncio.current_task().get_name() != "stop":
        await work(server, heavy, turn)


async def _photograph(server: Server, heavy: Session, turn: random.Random) -> None:
    heavy.page = "draw"
    await heavy.ask(FILES)
    name = f"{turn.randrange(10**9)}.jpg"
    put = await heavy.upload(server.url, name, PHOTOGRAPH.read_bytes())
    await heavy.ask(FILES, uploaded=put)


async def _intervals(server: Server, heavy: Session, turn: random.Random) -> None:
    heavy.page = "trust"
    await heavy.ask(f"temperature={turn.uniform(0.6, 2):.2f}&section=calibration")


Work = Callable[[Server, Session, random.Random], Awaitable[None]]
HEAVY: dict[str, Work] = {
    "photographs, uploaded and read": _photograph,
    "Trust at another temperature": _intervals,
}
"""Kind -> what is done again and again."""
