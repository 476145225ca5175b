"""Fuzzes every door that strangers' bytes come through: `python -m tests.fuzz --inputs 1000000`.

Each target runs in a worker of its own, which is watched from here: one that dies, hangs or takes
all memory is an input found, and another worker goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.fuzz import address_seeds
from tests.fuzz.corpus import CORPUS
from tests.fuzz.targets import TARGETS
from tests.fuzz.watched import ROOM, STATE

HANG, LARGE = 30.0, 2 * 10**9
"""Processor seconds on one input, and bytes of a worker, after which it is ended."""
_TICK = 0.1
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_IO_THREADS": "1",
               "OMP_THREAD_LIMIT": "1"}  # fmt: skip


class Row(NamedTuple):
    """What became of a target's inputs."""

    inputs: int
    seconds: float
    slowest: float
    largest: float
    found: int


def main() -> None:
    """Fuzz, and print a row for each target."""
    options = _options()
    names = options.targets or list(TARGETS)
    whole = sum(TARGETS[name].share for name in names)
    rows = {}
    for name in names:
        inputs = max(1, options.inputs * TARGETS[name].share // whole)
        rows[name] = fuzz(name, inputs, options.seconds, options.folder / name)
        print(_line(name, rows[name]), flush=True)
    found = sum(row.found for row in rows.values())
    print(f"{sum(row.inputs for row in rows.values()):,} inputs, {found} kinds of failure")
    if found:
        sys.exit(f"See {options.folder}/*/found; a mended one goes into {CORPUS}.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []])
    parser.add_argument("--inputs", type=int, default=100_000, help="in all")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="at most, per target")
    kept = Path(tempfile.gettempdir()) / "penumbra-fuzz"
    told = "keeps what was learnt, so that the next run goes on"
    parser.add_argument("--folder", type=Path, default=kept, help=told)
    return parser.parse_args()


def fuzz(name: str, inputs: int, most_seconds: float, folder: Path) -> Row:
    """Give a target some inputs, with as many workers as it takes."""
    _prepare(name, folder)
    begun, done, slowest, largest = time.monotonic(), 0, 0.0, 0.0
    while done < inputs and (left := most_seconds - (time.monotonic() - begun)) > 0:
        (folder / "state").write_bytes(bytes(ROOM))
        worker = _start(name, inputs - done, folder)
        why = _watched(worker, folder / "state", left)
        count, slow, large, length = STATE.unpack_from((folder / "state").read_bytes())
        done, slowest, largest = done + count, max(slowest, slow), max(largest, large)
        if why or (worker.returncode and length):
            _keep(folder, why or f"died with {worker.returncode}", length)
        elif worker.returncode:
            raise SystemExit((folder / "log").read_text()[-3000:])
    found = len(list((folder / "found").glob("*.txt")))
    return Row(done, time.monotonic() - begun, slowest, largest, found)


def _prepare(name: str, folder: Path) -> None:
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    (folder / "found").mkdir(exist_ok=True)
    known = [path.read_bytes() for path in sorted((CORPUS / name).glob("*"))]
    for data in [*TARGETS[name].seeds(), *known]:
        (corpus / hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)
    if name in {"links", "routes", "pages"}:
        lines = [
            '"' + "".join(f"\\x{byte:02x}" for byte in word) + '"' for word in address_seeds.words()
        ]
        (folder / "words").write_text("\n".join(lines))


def _start(name: str, inputs: int, folder: Path) -> subprocess.Popen:
    log = (folder / "log").open("wb")
    seed = random.SystemRandom().randrange(1, 2**31)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.worker", name, str(inputs), str(seed), str(folder)],
        stdout=log, stderr=log, env={**os.environ, **_ONE_THREAD},
    )  # fmt: skip


def _watched(worker: subprocess.Popen, state: Path, seconds: float) -> str:
    """Wait for a worker; why it had to be ended for its input, or nothing.

    One that has grown over many inputs is ended too, and another one goes on: the fuzzer itself
    keeps some kilobytes of each.
    """
    begun, at, since, had = time.monotonic(), -1, 0.0, 0
    while worker.poll() is None:
        time.sleep(_TICK)
        busy, size = _taken(worker.pid)
        count = STATE.unpack_from(state.read_bytes())[0]
        if count != at:
            at, since, had = count, busy, size
        why = "takes all memory" if size - had > LARGE else ""
        why = "hangs" if at and busy - since > HANG else why
        if why or had > LARGE / 2 or time.monotonic() - begun > seconds:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            worker.returncode = 0 if not why else worker.returncode
            return why
    return ""


def _taken(pid: int) -> tuple[float, int]:
    """Processor seconds and resident bytes of a process; none of one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0
    busy = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return busy, int(fields[21]) * os.sysconf("SC_PAGE_SIZE")


def _keep(folder: Path, why: str, length: int) -> None:
    data = (folder / "state").read_bytes()[STATE.size : STATE.size + length]
    place = folder / "found" / hashlib.sha256(data).hexdigest()[:12]
    place.write_bytes(data)
    place.with_suffix(".txt").write_text(f"{why}\n")


def _line(name: str, row: Row) -> str:
    return (
        f"{name:9} {row.inputs:>9,} inputs {row.inputs / row.seconds:>7,.0f}/s"
        f" slowest {row.slowest:.2f} s, largest {row.largest / 1e6:,.0f} MB, {row.found} found"
    )


if __name__ == "__main__":
    main()
