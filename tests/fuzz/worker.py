"""One process that atheris drives through inputs, each of them watched.

What it is at stands in a file that its parent maps too: a worker that dies or hangs leaves there
how many inputs it took, and the last one.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import mmap
import pkgutil
import sys
import warnings
from pathlib import Path

import atheris

from tests.fuzz.watched import ROOM, STATE, Seen, watch

_ROUTES = ("ui.item_routes", "ui.scatter_routes", "ui.export_routes")
"""Imported by the app only when they are asked for."""
_ROOMS = ("core.reading", "core.pictures", "core.review", "core.measures")


def main(name: str, inputs: int, seed: int, folder: Path) -> None:
    """Take some inputs of a target; `folder` has the state, the corpus and what is found."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    target = _targets()[name]
    with (folder / "state").open("r+b") as file:
        state = mmap.mmap(file.fileno(), ROOM)
    own = folder / "files"
    own.mkdir(exist_ok=True)
    for each in target.seeds():
        watch(lambda data: target.run(own, data), each)  # libraries and studies are loaded now
    worker = _Worker(target.run, own, folder / "found", state)
    words = folder / "words"
    options = [f"-dict={words}"] if words.exists() else []
    atheris.Setup(
        [sys.argv[0], str(folder / "corpus"), f"-runs={inputs}", f"-seed={seed}", *options,
         f"-max_len={target.longest}", "-timeout=3600", "-rss_limit_mb=0", "-len_control=0",
         f"-artifact_prefix={folder}/crash-"],
        worker.take,
    )  # fmt: skip
    atheris.Fuzz()


def _targets() -> dict:
    """The table of targets, with our own code instrumented: its branches lead atheris on."""
    with atheris.instrument_imports(include=["core", "ui"]):
        for room in _ROOMS:
            package = importlib.import_module(room)
            for module in pkgutil.iter_modules(package.__path__, f"{room}."):
                importlib.import_module(module.name)
        for name in _ROUTES:
            importlib.import_module(name)
        return importlib.import_module("tests.fuzz.targets").TARGETS


class _Worker:
    def __init__(self, run, own: Path, found: Path, state: mmap.mmap) -> None:
        self._run, self._own, self._found, self._state = run, own, found, state
        found.mkdir(exist_ok=True)
        self._count, self._slowest, self._largest = 0, 0.0, 0.0

    def take(self, data: bytes) -> None:
        """One input; what is found is kept in a file, and the run goes on."""
        self._note(data)
        seen = watch(lambda given: self._run(self._own, given), data)
        self._count += 1
        self._slowest = max(self._slowest, seen.seconds)
        self._largest = max(self._largest, seen.size)
        self._note(b"")
        if seen.finding:
            self._keep(data, seen)

    def _note(self, data: bytes) -> None:
        head = STATE.pack(self._count, self._slowest, self._largest, len(data))
        self._state[: len(head) + len(data)] = head + data

    def _keep(self, data: bytes, seen: Seen) -> None:
        """The smallest input of each kind."""
        assert seen.finding is not None
        place = self._found / hashlib.sha256(seen.finding.kind.encode()).hexdigest()[:12]
        if not place.exists() or len(data) < place.stat().st_size:
            place.write_bytes(data)
            place.with_suffix(".txt").write_text(f"{seen.finding.kind}\n{seen.finding.told}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
