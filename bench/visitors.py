"""Many visitors at once, at the protocol: each opens Explore, then asks for items.

No browser: what is measured is the server, from a request to the end of its answer. Like a browser,
a visitor remembers the large messages and says which ones; an item is a full rerun of the page.

    python -m bench.visitors [--visitors 50] [--items 6] [--pause 10] [--study KEY]
    python -m bench.visitors --soak --minutes 60 [--visitors 50]
    python -m bench.visitors --beside [--items 60]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench import beside, soak
from bench.browser import Server, serve
from bench.session import Session, connection

SECONDS = 120
"""After which an answer counts as an error."""


@dataclass
class Measured:
    """Seconds of what was answered, and what was not.

    Attributes:
        first: From the connection to the end of the first page, one a visitor.
        reruns: From asking for an item to the end of its page.
        errors: Sentences.
        received: Bytes of the answers to items.
    """

    first: list[float] = field(default_factory=list)
    reruns: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    received: int = 0


def main() -> None:
    """Print what the visitors met and what they cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--items", type=int, default=6, help="that each visitor asks for")
    parser.add_argument("--pause", type=float, default=10, help="seconds between them, on average")
    parser.add_argument("--study", default="", help="its key; the one that ships if not given")
    parser.add_argument("--number", type=int, default=10_000, help="of items to choose from")
    parser.add_argument("--soak", action="store_true", help="all pages, for long; see bench.soak")
    parser.add_argument("--minutes", type=float, default=60, help="of a soak")
    parser.add_argument("--beside", action="store_true", help="others' clicks during heavy work")
    asked = parser.parse_args()
    if asked.soak:
        soak.report(soak.soak(asked.visitors, asked.minutes, asked.pause))
        return
    if asked.beside:
        beside.report(beside.clicks(asked.items))
        return
    link = f"study={asked.study}" if asked.study else ""
    with serve() as server:
        asyncio.run(_visit(server, Measured(), link, 1, 1, 0, asked.number))
        before, busy = server.resident_memory(), processor_seconds(server)
        found = Measured()
        asyncio.run(
            _visit(server, found, link, asked.visitors, asked.items, asked.pause, asked.number)
        )
        spent = processor_seconds(server) - busy
        report(found, asked.visitors, server.resident_memory() - before, spent)


async def _visit(
    server: Server,
    found: Measured,
    link: str,
    visitors: int,
    items: int,
    pause: float,
    number: int,
) -> None:
    """All visitors; nobody leaves before the last one is done, so that all sessions are there."""
    done = asyncio.Barrier(visitors)
    turns = [random.Random(n) for n in range(visitors)]  # noqa: S311  no secret
    await asyncio.gather(
        *(_one(server, found, link, items, pause, number, turn, done) for turn in turns)
    )


async def _one(
    server: Server,
    found: Measured,
    link: str,
    items: int,
    pause: float,
    number: int,
    turn: random.Random,
    done: asyncio.Barrier,
) -> None:
    """One visitor: arrives some time during the first pause, then looks at some items."""
    await asyncio.sleep(turn.uniform(0, pause))
    start = time.perf_counter()
    async with connection(server.url) as socket:
        session = Session(socket, link)
        try:
            await asyncio.wait_for(session.ask(""), SECONDS)
            found.first.append(time.perf_counter() - start)
            for _ in range(items):
                await asyncio.sleep(turn.expovariate(1 / pause) if pause else 0)
                start = time.perf_counter()
                item = f"id={turn.randrange(number)}"
                found.received += await asyncio.wait_for(session.ask(item), SECONDS)
                found.reruns.append(time.perf_counter() - start)
        except (RuntimeError, TimeoutError, OSError) as error:
            found.errors.append(f"{type(error).__name__}: {error}")
        await done.wait()


def processor_seconds(server: Server) -> float:
    """The processor's time that the server has taken (Linux)."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def report(found: Measured, visitors: int, memory: int, spent: float) -> None:
    """A line a figure."""
    for name, seconds in (("first page", found.first), ("full rerun", found.reruns)):
        if seconds:
            p50, p95 = np.quantile(seconds, [0.5, 0.95])
            print(
                f"{name}: {len(seconds)} of {visitors} visitors' p50 {p50:.2f} s, p95 {p95:.2f} s"
            )
    answers = len(found.first) + len(found.reruns)
    print(f"processor: {1e3 * spent / max(answers, 1):.0f} ms an answer of {answers}")
    print(f"received: {found.received / max(len(found.reruns), 1) / 1e3:.0f} kB a rerun")
    print(f"memory: {memory / 1e6:.0f} MB for {visitors} visitors over one")
    print(f"errors: {len(found.errors)} {found.errors[:3]}")


if __name__ == "__main__":
    main()
