"""Compare's first answer on two models of the 10,000 digits that ship, at the protocol."""

from __future__ import annotations

import asyncio
import time

from websockets.asyncio.client import connect

from bench.browser import Server, serve
from bench.session import LARGEST, Session
from bench.visitors import SECONDS, processor_seconds


def first_answers(runs: int) -> list[tuple[float, float]]:
    """Seconds by the clock and of the server's processor until the page's script has ended.

    Each time a new server, on which another page was opened before: what is measured is Compare's
    own imports and work, with no answer kept from an earlier visit.
    """
    return [_one() for _ in range(runs)]


def _one() -> tuple[float, float]:
    with serve() as server:
        asyncio.run(_open(server, ""))
        begun, busy = time.perf_counter(), processor_seconds(server)
        asyncio.run(_open(server, "compare"))
        return time.perf_counter() - begun, processor_seconds(server) - busy


async def _open(server: Server, page: str) -> None:
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=LARGEST) as socket:
        await asyncio.wait_for(Session(socket, "", page=page).ask(""), SECONDS)
