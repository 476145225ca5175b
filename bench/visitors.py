"""Many visitors at once, at the protocol: each opens Explore, then asks for items.

No browser: what is measured is the server, from a request to the end of its answer. Like a browser,
a visitor remembers the large messages and says which ones; an item is a full rerun of the page.

    python -m bench.visitors [--visitors 50] [--items 6] [--pause 10] [--study KEY]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from bench.browser import Server, serve

LARGEST = 200 << 20
"""Bytes of a message that a visitor takes."""
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


@dataclass
class Session:
    """One visitor's connection, and what it remembers.

    Attributes:
        socket: The connection.
        link: What every link of this visitor says.
        page: The page's name in its address; empty for the first.
        known: Hashes of the large messages that came.
        chart: The id of the page's scatter.
        page: Its name in an address; the first page if it is empty.
    """

    socket: ClientConnection
    link: str
    page: str = ""
    known: set[str] = field(default_factory=set)
    chart: str = ""
    page: str = ""

    async def ask(
        self, link: str, selected: dict[str, str] | None = None, pressed: str = ""
    ) -> int:
        """Run the page under a link, to its end; gives the bytes that came.

        Args:
            link: Its part after `?`.
            selected: What is selected on charts, by their ids.
            pressed: The id of a button that is pressed.

        Raises:
            RuntimeError: the page ended in a fault.
        """
        asked = BackMsg()
        asked.rerun_script.query_string = "&".join(filter(None, [self.link, link]))
        asked.rerun_script.page_name = self.page
        if pressed:
            asked.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
        asked.rerun_script.page_name = self.page
        asked.rerun_script.cached_message_hashes.extend(self.known)
        for id, said in (selected or {}).items():
            asked.rerun_script.widget_states.widgets.add(id=id, string_value=said)
        await self.socket.send(asked.SerializeToString())
        received = 0
        while True:
            content = await self.socket.recv()
            received += len(content)
            said = ForwardMsg.FromString(content)
            if said.metadata.cacheable and said.hash:
                self.known.add(said.hash)
            if said.WhichOneof("type") == "delta":
                self._look_at(said.delta.new_element)
            if said.WhichOneof("type") == "script_finished":
                if said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return received
                if said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    raise RuntimeError("the page did not compile")

    def _look_at(self, element: Element) -> None:
        if element.HasField("exception"):
            raise RuntimeError(element.exception.message)
        if element.plotly_chart.id.endswith("-scatter"):
            self.chart = element.plotly_chart.id


def main() -> None:
    """Print what the visitors met and what they cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--items", type=int, default=6, help="that each visitor asks for")
    parser.add_argument("--pause", type=float, default=10, help="seconds between them, on average")
    parser.add_argument("--study", default="", help="its key; the one that ships if not given")
    parser.add_argument("--number", type=int, default=10_000, help="of items to choose from")
    asked = parser.parse_args()
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
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    await asyncio.sleep(turn.uniform(0, pause))
    start = time.perf_counter()
    async with connect(address, subprotocols=["streamlit"], max_size=LARGEST) as socket:
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
