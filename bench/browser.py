"""A real server and a real Chromium, for the browser tests, the bench and the screenshots.

`python -m bench.browser` prints the Chromium it finds, or exits with 1.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=swiftshader",
    "--enable-unsafe-swiftshader",
)
START_SECONDS = 240


class ServerError(RuntimeError):
    """The server ended or did not answer; the message holds what it printed."""


@dataclass(frozen=True)
class Server:
    """A running `streamlit run`.

    Attributes:
        url: Without a slash at its end.
        process: The server itself: no other process stands between.
        started: `time.perf_counter()` just before it was started.
    """

    url: str
    process: subprocess.Popen
    started: float

    def resident_memory(self) -> int:
        """Bytes of physical memory the server occupies (Linux)."""
        return self._status("VmRSS")

    def most_memory(self) -> int:
        """The most that it ever occupied (Linux)."""
        return self._status("VmHWM")

    def _status(self, name: str) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(name))
        return 1024 * int(line.split()[1])

    def has_loaded(self, library: str) -> bool:
        """Whether a file of that name is mapped into the server (Linux)."""
        return library in Path(f"/proc/{self.process.pid}/maps").read_text()


def find_chromium(playwright: Playwright) -> Path | None:
    """A Chromium that runs: $CHROMIUM, one on the PATH, or Playwright's own."""
    named = [os.environ.get("CHROMIUM", ""), *(shutil.which(name) or "" for name in NAMES)]
    for path in (*filter(None, named), playwright.chromium.executable_path):
        if Path(path).is_file() and _runs(path):
            return Path(path)
    return None


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium with software WebGL and a fresh profile.

    Raises:
        FileNotFoundError: there is none.
    """
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            raise FileNotFoundError("no Chromium found: install one, or name it in CHROMIUM")
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serve(script: str = "app.py", port: int | None = None, **environment: str) -> Iterator[Server]:
    """`streamlit run SCRIPT` in the repository's folder, on a free port or on the one given.

    Raises:
        ServerError: it ended, or did not answer in time.
    """
    port = port or free_port()
    options = ["--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true"]
    with tempfile.TemporaryFile("w+") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, *options],
            cwd=ROOT, env=os.environ | environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        server = Server(f"http://127.0.0.1:{port}", process, started)
        try:
            _wait_for(server, log)
            yield server
        finally:
            process.terminate()
            _end(process)


def free_port() -> int:
    """A port of this machine that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def _wait_for(server: Server, log) -> None:
    while time.perf_counter() - server.started < START_SECONDS:
        if server.process.poll() is None:
            try:
                with urlopen(f"{server.url}/_stcore/health", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        else:
            break
    log.seek(0)
    raise ServerError(f"the server did not answer; it printed:\n{log.read()}")


def _end(process: subprocess.Popen) -> None:
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _runs(path: str) -> bool:
    try:
        subprocess.run([path, "--version"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


if __name__ == "__main__":
    with sync_playwright() as started:
        found = find_chromium(started)
    print(found or "no Chromium found")
    sys.exit(found is None)
