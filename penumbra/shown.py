"""What `show` gives back: the dashboard's address, its decisions, its end."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from penumbra import notebook
from penumbra.read_arrays import STUDY, read, run
from penumbra.server import Server, fetch

_RUNNING: list[Shown] = []
"""A dashboard lives as long as the notebook, whoever keeps hold of it."""


def start(arguments: Mapping[str, Any], port: int | None, height: int) -> Shown:
    """Start the app and, while it starts, have the data read.

    Args:
        arguments: Of `show`, those that were given.
        port: None for a free one.
        height: Of the frame in the cell, in pixels.

    Raises:
        ValueError: the data cannot be understood.
        ServerError: the app does not start.
    """
    private = Path(tempfile.mkdtemp(prefix="penumbra-"))  # nobody else may look into it
    environment = {
        "PENUMBRA_STUDIES": str(private / "studies"),
        "PENUMBRA_UPLOADS": "on",
        "PENUMBRA_SIGN_IN": "off",  # it is one's own, and in a frame nobody can sign in
    }
    origins = notebook.origins()
    if origins:
        known = os.environ.get("PENUMBRA_FRAME_ANCESTORS", "").split()
        environment["PENUMBRA_FRAME_ANCESTORS"] = " ".join([*known, *origins])
    with ExitStack() as undone:  # an interrupt too leaves nothing behind
        undone.callback(shutil.rmtree, private, ignore_errors=True)
        server = Server(port, environment, private)
        undone.callback(server.end)
        opened = read(arguments, private / "files", environment)
        server.wait_until_ready()
        undone.pop_all()
    shown = Shown(server, private, environment, opened, height, framed=bool(origins))
    _RUNNING.append(shown)
    shown.display()
    return shown


def keep(key: str, arguments: Mapping[str, Any]) -> str:
    """Make a study under a key in the folder of the studies; gives its link.

    Raises:
        ValueError: the data cannot be understood, a question is open, or the key is taken.
    """
    with tempfile.TemporaryDirectory(prefix="penumbra-") as private:
        told = read(arguments, Path(private) / "files", {}, key)
    return f"/?study={told['study']}"


class Shown:
    """A running dashboard on what was shown; it ends with `close`, and with this process.

    Attributes:
        report: How the data were understood, one sentence per finding.
        items: How many there are.
    """

    def __init__(
        self, server: Server, private: Path, environment: Mapping[str, str],
        opened: Mapping[str, Any], height: int, framed: bool,
    ) -> None:  # fmt: skip
        self._server, self._environment = server, environment
        self._height, self._framed = height, framed
        self._displayed: int | None = None
        self.report: list[str] = opened["report"]
        self.items: int = opened["items"]
        self._picture = fetch(f"{server.url}/still/{STUDY}")
        self._end = weakref.finalize(self, _end, server, private)

    @property
    def url(self) -> str:
        """Of the dashboard on this machine."""
        return f"{self._server.url}/?study={STUDY}"

    @property
    def is_running(self) -> bool:
        """Whether the dashboard still runs."""
        return self._server.is_running()

    def close(self) -> None:
        """End the dashboard; its decisions stay, and closing twice does nothing."""
        self._server.end()

    def wait(self) -> None:
        """Say where the dashboard is, and wait until it ends or Ctrl+C: for scripts."""
        print(f"Penumbra: {self.url}\nCtrl+C ends it.")
        try:
            self._server.process.wait()
        except KeyboardInterrupt:
            self.close()

    def decisions(self) -> Any:
        """The decisions of the Audit page that stand: a pandas DataFrame, index `item`.

        Where pandas is not installed, a list with a dictionary each.

        Raises:
            ValueError: the database of decisions cannot be read.
        """
        found = json.loads(run(["decisions", f"--study={STUDY}", "--json"], self._environment, {}))
        try:
            import pandas as pd
        except ImportError:
            return found
        columns = None if found else _NO_DECISIONS
        frame = pd.DataFrame(found, columns=columns).set_index("item")
        return frame.assign(time=pd.to_datetime(frame["time"], utc=True))

    def display(self) -> None:
        """Put the dashboard into the cell that runs, once; elsewhere nothing happens."""
        cell = notebook.cell()
        if cell is not None and cell != self._displayed:
            self._displayed = cell
            notebook.put(self._repr_html_(), repr(self))

    def _ipython_display_(self) -> None:
        if notebook.cell() is None:
            print(repr(self))
        self.display()

    def _repr_html_(self) -> str:
        if not self.is_running:
            return notebook.still(self._picture, repr(self))
        return notebook.frame(self.url, f"{self.items:,} items", self._picture, self._height,
                              self._framed)  # fmt: skip

    def __repr__(self) -> str:
        if self.is_running:
            return f"Penumbra with {self.items:,} items at {self.url}"
        return "This dashboard has ended; call penumbra.show again for a new one."

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


_NO_DECISIONS = [
    "item", "given_label", "decision", "new_label", "reviewer", "note", "time", "model",
]  # fmt: skip


def _end(server: Server, private: Path) -> None:
    server.end()
    shutil.rmtree(private, ignore_errors=True)
