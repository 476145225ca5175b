"""Waiting for what happens, never for a time: one limit for all, long enough for any machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from playwright.sync_api import Frame, Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.patience import SECONDS

PATIENCE = 1_000 * SECONDS
"""Milliseconds after which something has not happened."""

_STATE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState"
_HOVER = (
    """selector => document.querySelector(selector)?._ev?._events?.plotly_hover !== undefined"""
)


class Talk:
    """What a page has asked its server, and whether the last of it has been answered.

    Read from the wire: a browser that is busy while the answer comes draws the beginning and the
    end of a run at once, so that the page itself never says that it ran.
    """

    def __init__(self, page: Page) -> None:
        self.asked = 0
        self.answered, self._begun = True, False
        self._socket: WebSocket | None = None
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        if socket.url.endswith("/_stcore/stream"):
            self._socket = socket
            socket.on("framesent", lambda frame: self._sent(socket, frame))
            socket.on("framereceived", lambda frame: self._received(socket, frame))

    def _sent(self, socket: WebSocket, frame: bytes) -> None:
        if socket is not self._socket:  # of a page that was left
            return
        if BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self.asked += 1
            self.answered = self._begun = False

    def _received(self, socket: WebSocket, frame: bytes) -> None:
        if socket is not self._socket:
            return
        message = ForwardMsg.FromString(frame)
        if message.HasField("new_session"):
            self._begun = True
        elif message.HasField("script_finished") and self._begun:
            # A run that a later request cut short is followed by that request's own.
            self.answered = message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


_TALKS: WeakKeyDictionary[Page, Talk] = WeakKeyDictionary()


def listen(page: Page) -> None:
    """Follow what a new page and its server say to each other; before it opens an address."""
    _TALKS[page] = Talk(page)


def idle(page: Page) -> None:
    """Wait until the server has answered all that it was asked."""
    wait_until(page, lambda: _TALKS[page].answered)
    page.wait_for_function(f"{_STATE} === 'notRunning'")


@contextmanager
def rerun(page: Page) -> Iterator[None]:
    """Wait until what is done inside has been sent to the server and answered.

    The browser may still be drawing the answer: look at it with `expect`.
    """
    idle(page)
    talk = _TALKS[page]
    before = talk.asked
    yield
    wait_until(page, lambda: talk.asked > before)
    idle(page)


def plot_listens(page: Page, selector: str) -> None:
    """Wait until a plot is drawn and shows its images to the mouse."""
    plot_is_drawn(page, selector)
    idle(page)


def plot_is_drawn(part: Page | Frame, selector: str) -> None:
    """Wait until a plot of a page or of a frame in one is drawn, whatever comes after it."""
    part.wait_for_function(_HOVER, arg=selector)


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for something that only Python can see.

    Raises:
        TimeoutError: it did not come to hold.
    """
    end = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for did not come")
        page.wait_for_timeout(50)
