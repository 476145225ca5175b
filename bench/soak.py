"""Many visitors for long, on all pages: `python -m bench.visitors --soak --minutes 60`.

Each looks at items and tiles, decides on labels, uploads photographs and reads the other pages,
with pauses; now and then one leaves, and another comes. Told: errors, the p95 of each kind of move,
and how the server's memory grew.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import numpy as np

from bench.browser import ROOT, Server, serve
from bench.reviewing import Reviewer
from bench.session import connection

SECONDS = 120
"""After which an answer counts as an error."""
STAY = 15.0
"""Minutes that a visitor stays, on average."""
SAMPLE = 2.0
"""Seconds between two looks at the memory."""
PHOTOGRAPH = ROOT / "static" / "example-number.jpg"
TILES = 12
FILES = "way=upload"
"""Of Draw, where it takes them."""
READ = ("trust", "stress", "compare", "glossary", "open")
MODELS = ("ensemble", "article", "bayesian")
WARM = 0.25
"""Of the time, whose memory is that of caches which fill, and does not count for the slope."""


@dataclass
class Soaked:
    """What all visitors met.

    Attributes:
        seconds: Kind of move -> the time of each.
        errors: Sentences.
        memory: (seconds since the start, bytes of the server).
    """

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)

    def slope(self) -> tuple[float, float]:
        """Growth of memory in MB an hour, and the half of its 95 % interval.

        A line through the samples after `WARM`, in ten blocks that are left out in turn: samples
        that follow one another are alike, and least squares alone would promise too much.
        """
        times, sizes = np.array(self.memory, float).T
        late = times >= WARM * times[-1]
        hours, megabytes = times[late] / 3600, sizes[late] / 1e6
        blocks = np.arange(len(hours)) * 10 // len(hours)
        whole = np.polyfit(hours, megabytes, 1)[0]
        without = [
            np.polyfit(hours[blocks != block], megabytes[blocks != block], 1)[0]
            for block in range(10)
        ]
        return float(whole), float(
            1.96 * np.sqrt(9 / 10 * ((without - np.mean(without)) ** 2).sum())
        )


def soak(visitors: int, minutes: float, pause: float) -> Soaked:
    """So many visitors for so long."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'decisions.sqlite'}"
        with serve(PENUMBRA_DECISIONS=url) as server:
            return asyncio.run(_all(server, visitors, 60 * minutes, pause))


def report(found: Soaked) -> None:
    """A line a figure."""
    for kind, seconds in sorted(found.seconds.items()):
        p50, p95 = np.quantile(seconds, [0.5, 0.95])
        print(f"{kind}: {len(seconds)} times, p50 {p50:.2f} s, p95 {p95:.2f} s")
    growth, noise = found.slope()
    first, last = found.memory[0][1], found.memory[-1][1]
    print(f"memory: {first / 1e6:.0f} MB at the start, {last / 1e6:.0f} MB at the end")
    print(f"slope after the first quarter: {growth:+.0f} ± {noise:.0f} MB an hour")
    print(f"errors: {len(found.errors)} {found.errors[:3]}")


async def _all(server: Server, visitors: int, seconds: float, pause: float) -> Soaked:
    found, end = Soaked(), time.perf_counter() + seconds
    turns = [random.Random(n) for n in range(visitors)]  # noqa: S311  no secret
    people = (_person(server, found, number, turn, end, pause) for number, turn in enumerate(turns))
    await asyncio.gather(_watch(server, found, end), *people)
    return found


async def _watch(server: Server, found: Soaked, end: float) -> None:
    start = time.perf_counter()
    while time.perf_counter() < end:
        found.memory.append((time.perf_counter() - start, server.resident_memory()))
        await asyncio.sleep(SAMPLE)


async def _person(
    server: Server, found: Soaked, number: int, turn: random.Random, end: float, pause: float
) -> None:
    """Comes in the first pause, moves and pauses; comes anew after a stay, and after a fault."""
    await asyncio.sleep(turn.uniform(0, pause))
    while time.perf_counter() < end:
        leaves = min(end, time.perf_counter() + turn.expovariate(1 / (60 * STAY)))
        try:
            async with connection(server.url) as socket:
                person = Reviewer(socket, f"reviewer=Visitor {number}")
                await _timed(found, "first page", person.ask(""))
                while time.perf_counter() < leaves:
                    await asyncio.sleep(turn.expovariate(1 / pause))
                    kind = turn.choices(list(MOVES), [often for often, _ in MOVES.values()])[0]
                    await MOVES[kind][1](server, found, person, turn)
        except (RuntimeError, TimeoutError, OSError, KeyError) as error:
            found.errors.append(f"{type(error).__name__}: {error}")


async def _timed(found: Soaked, kind: str, moving: Awaitable[object]) -> None:
    start = time.perf_counter()
    await asyncio.wait_for(moving, SECONDS)
    found.seconds[kind].append(time.perf_counter() - start)


async def _look(server: Server, found: Soaked, person: Reviewer, turn: random.Random) -> None:
    person.page = ""
    link = f"model={turn.choice(MODELS)}&id={turn.randrange(10_000)}"
    await _timed(found, "an item", person.ask(link))


async def _tiles(server: Server, found: Soaked, person: Reviewer, turn: random.Random) -> None:
    rows = turn.sample(range(10_000), TILES)
    await _timed(found, f"{TILES} tiles", asyncio.to_thread(_fetch_tiles, server.url, rows))


def _fetch_tiles(url: str, rows: list[int]) -> None:
    for row in rows:
        with urlopen(f"{url}/tiles/mnist/{row}", timeout=SECONDS) as found:
            found.read()


async def _decide(server: Server, found: Soaked, person: Reviewer, turn: random.Random) -> None:
    if person.page != "audit":
        person.page = "audit"
        await _timed(found, "audit", person.ask("model=article"))
    await _timed(found, "a decision", person.ask("model=article", pressed=person.buttons["keep"]))


async def _read(server: Server, found: Soaked, person: Reviewer, turn: random.Random) -> None:
    person.page = turn.choice(READ)
    await _timed(found, person.page, person.ask(f"model={turn.choice(MODELS)}"))


async def _upload(server: Server, found: Soaked, person: Reviewer, turn: random.Random) -> None:
    person.page = "draw"
    await _timed(found, "draw", person.ask(FILES))

    async def photograph() -> None:
        name = f"{turn.randrange(10**9)}.jpg"
        put = await person.upload(server.url, name, PHOTOGRAPH.read_bytes())
        await person.ask(FILES, uploaded=put)

    await _timed(found, "a photograph", photograph())


Move = Callable[[Server, Soaked, Reviewer, random.Random], Awaitable[None]]
MOVES: dict[str, tuple[int, Move]] = {
    "an item": (8, _look),
    "tiles": (4, _tiles),
    "a decision": (6, _decide),
    "another page": (3, _read),
    "a photograph": (1, _upload),
}
"""Kind -> how often, and what is done."""
