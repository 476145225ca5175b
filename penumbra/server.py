"""The app in a process of its own: started on a port of this machine, waited for, ended.

Nothing of the app is imported here. The process has its own working folder and module path, so a
folder called `core` or `models` beside the caller's program or notebook is never taken for ours.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from penumbra.places import APP
from penumbra.serving import REMOVE

HOST = "127.0.0.1"
USUAL_PORT = 8501
START_SECONDS = 240
_END_SECONDS = 10
_TRIES = 3
_SERVING = Path(__file__).resolve().with_name("serving.py")
_LEAN = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "MALLOC_TRIM_THRESHOLD_": "6291456",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OPENBLAS_NUM_THREADS": "1",
}
"""Each visitor has a thread, and glibc and Arrow keep memory for each: 15 MB less. What large
arrays leave behind goes back to the system: 16 MB less once every page was opened. OpenBLAS's own
threads wait by spinning, which takes the processor from other visitors."""


class ServerError(OSError):
    """The app did not start, or has ended; the message is one sentence, with the cure."""


class Server:
    """The app, running; it ends with `end`, and with the process that started it.

    Args:
        port: Of this machine; None for a free one.
        environment: Variables beside those of this process.
        private: A folder that the server removes when its parent is gone; None for none.

    Raises:
        ServerError: the port is taken.
    """

    def __init__(
        self,
        port: int | None = None,
        environment: Mapping[str, str] | None = None,
        private: Path | None = None,
    ) -> None:
        if port is not None:
            require_free(port)
        self._chosen, self._environment, self._private = port, environment or {}, private
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._start()

    @property
    def url(self) -> str:
        """Without a slash at its end."""
        return f"http://{HOST}:{self.port}"

    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process.poll() is None

    def wait_until_ready(self) -> None:
        """Return when the app answers.

        Raises:
            ServerError: it ended or did not answer in time.
        """
        end = time.monotonic() + START_SECONDS
        tries = 1
        while time.monotonic() < end:
            if answers(f"{self.url}/_stcore/health"):
                return
            if not self.is_running():
                if self._chosen is not None or tries == _TRIES:
                    raise ServerError(f"The app did not start: {self._last_words()}")
                tries += 1
                self._start()  # somebody else was faster at this port
            time.sleep(0.05)
        self.end()
        raise ServerError(f"The app did not answer within {START_SECONDS} seconds.")

    def end(self) -> None:
        """End the process, and leave its private folder; nothing happens if it has ended."""
        self.process.terminate()
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _start(self) -> None:
        self.port = self._chosen or free_port()
        options = [f"--server.address={HOST}", f"--server.port={self.port}"]
        private = [] if self._private is None else [f"{REMOVE}{self._private}"]
        # In a session of its own: what interrupts a notebook's cell is not meant for it.
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(_SERVING), *private, *options],
            cwd=APP, env={**os.environ, **_LEAN, **self._environment}, stdin=subprocess.PIPE,
            stdout=self._log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = [line.strip() for line in self._log.read().splitlines() if line.strip()]
        return lines[-1] if lines else f"it ended with exit code {self.process.returncode}."


def is_free(port: int) -> bool:
    """Whether a server could listen there."""
    try:
        with socket.create_server((HOST, port)):
            return True
    except (OSError, OverflowError):
        return False


def require_free(port: int) -> None:
    """Refuse a port that a server cannot listen on.

    Raises:
        ServerError: it is taken, or not for us.
    """
    if not is_free(port):
        raise ServerError(f"Port {port} is in use, or not allowed; choose another one.")


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.create_server((HOST, 0)) as found:
        return found.getsockname()[1]


def answers(url: str) -> bool:
    """Whether a server of this machine answers at an address with success."""
    return fetch(url, 5) is not None


def fetch(url: str, seconds: float = START_SECONDS) -> bytes | None:
    """What a server of this machine answers; None if it does not, or not with success."""
    try:
        with _DIRECT.open(url, timeout=seconds) as response:
            return response.read()
    except (URLError, OSError, HTTPException):
        return None


_DIRECT = build_opener(ProxyHandler({}))
"""A proxy would look for 127.0.0.1 on its own machine."""
