"""Starts the image: by Docker or Podman, or without a daemon out of Buildah's storage."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.patience import SECONDS

WRITABLE = ("/studies", "/decisions")
"""The volumes of the image; /tmp is a file system in memory."""
_ENTER = """
set -eu
mount --bind "$ROOT" "$ROOT"
mount -o remount,bind,ro "$ROOT"
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
mount -t tmpfs tmpfs "$ROOT/tmp"
for each in studies decisions; do mount --bind "$VOLUMES/$each" "$ROOT/$each"; done
exec chroot --userspec="$AS" "$ROOT" /usr/bin/env -i "$@"
"""


@dataclass(frozen=True)
class Config:
    """What the image says of itself.

    Attributes:
        size: Bytes of its file system.
        user: As `id:group`.
        environment: Its variables, as `NAME=value`.
        command: What it starts.
        volumes: Its folders to be kept.
    """

    size: int
    user: str
    environment: list[str]
    command: list[str]
    volumes: list[str]


def config(engine: str, image: str) -> Config:
    """What an image says of itself."""
    kind = ["--type", "image"] if engine == "buildah" else []
    (found,) = _list(json.loads(output(engine, "inspect", *kind, image)))
    inner = found["Docker"]["config"] if engine == "buildah" else found["Config"]
    size = found.get("Size") or _disk_use(engine, image)
    return Config(
        size, inner["User"], inner["Env"], inner["Cmd"], sorted(inner.get("Volumes") or {})
    )


def _list(found: list | dict) -> list:
    return found if isinstance(found, list) else [found]


def _disk_use(engine: str, image: str) -> int:
    with _mounted(engine, image) as root:
        return int(output("du", "-sbx", root).split()[0])


def output(*command: object) -> str:
    """What a program prints; it must succeed."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@contextmanager
def running(engine: str, image: str, volumes: Path, *command: str) -> Iterator[str]:
    """The image on a read-only root file system, with its own command or another.

    Args:
        engine: "docker", "podman" or "buildah".
        image: Its name.
        volumes: A folder with one for each of `WRITABLE`, which its user may write.
        command: In place of the image's own.

    Yields:
        The address of the server; of another command what it printed.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    start = _by_hand if engine == "buildah" else _by_engine
    with start(engine, image, volumes, port, command) as process:
        if command:
            printed, _ = process.communicate(timeout=SECONDS)
            assert process.returncode == 0, printed
            yield printed
        else:
            yield _answering(f"http://127.0.0.1:{port}", process)


def _answering(url: str, process: subprocess.Popen) -> str:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{url}/_stcore/health", timeout=5) as answer:
                if answer.read() == b"ok":
                    return url
        except (URLError, OSError):
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"the server does not answer: {process.communicate()[0]}")


@contextmanager
def _by_engine(
    engine: str, image: str, volumes: Path, port: int, command: tuple[str, ...]
) -> Iterator[subprocess.Popen]:
    kept = [part for each in WRITABLE for part in ("-v", f"{volumes}{each}:{each}")]
    name = f"penumbra-test-{port}"
    process = subprocess.Popen(
        [engine, "run", "--rm", "--name", name, "--read-only", "--tmpfs", "/tmp",  # noqa: S108
         "--cap-drop", "ALL", "-p", f"127.0.0.1:{port}:8501", *kept, image, *command],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        subprocess.run([engine, "stop", name], capture_output=True, check=False)
        process.wait()


@contextmanager
def _by_hand(
    engine: str, image: str, volumes: Path, port: int, command: tuple[str, ...]
) -> Iterator[subprocess.Popen]:
    """In a mount name space of its own, as the image's user, below its mounted root."""
    said = config(engine, image)
    with _mounted(engine, image) as root:
        what = list(command) or [*said.command, f"--server.port={port}"]
        enter = [*said.environment, "sh", "-c", 'cd /app && exec "$@"', "sh", *what]
        process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", _ENTER, "sh", *enter],
            env=os.environ | {"ROOT": root, "VOLUMES": str(volumes), "AS": said.user},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


@contextmanager
def _mounted(engine: str, image: str) -> Iterator[str]:
    name = output(engine, "from", "--pull-never", image).strip()
    try:
        yield output(engine, "mount", name).strip()
    finally:
        output(engine, "umount", name)
        output(engine, "rm", name)


def missing(engine: str) -> str:
    """What an engine lacks here to start an image, or nothing."""
    if shutil.which(engine) is None:
        return f"{engine} is not installed"
    if engine == "buildah" and os.geteuid() != 0:
        return "Buildah starts images here as root only"
    return ""
