"""One input under watch: what it raises, and what processor time and memory it takes."""

from __future__ import annotations

import resource
import struct
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

MOST_SECONDS = 2.0
"""Processor time of this process that one input may take."""
MOST_BYTES = 500 * 10**6
"""Memory that one input may take beyond what the process had before it."""
STATE = struct.Struct("<QddI")
"""Of a worker: inputs so far, most seconds, most bytes, length of the input that it is at."""
ROOM = 2**17
"""Bytes of the file that holds its state and that input."""
_PAGE = resource.getpagesize()
_STEP = 32 * 2**20
_OURS = ("core", "ui", "commands", "penumbra", "tests")


class Finding(NamedTuple):
    """What is wrong with an input.

    Attributes:
        kind: Short, the same for the same fault: an exception with its place, "slow" or "large".
        told: The traceback, or the figure.
    """

    kind: str
    told: str


class Seen(NamedTuple):
    """What one input took."""

    seconds: float
    size: int
    finding: Finding | None


def watch(run: Callable[[bytes], None], data: bytes) -> Seen:
    """Run one input.

    Args:
        run: Raises nothing where an input is read, or refused as is documented.
        data: The input.
    """
    if _peak() - _resident() > _STEP:  # it was reached by something before
        _forget_peak()
    before, started = _resident(), time.process_time()
    finding = None
    try:
        run(data)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        finding = Finding(_kind(error), traceback.format_exc(limit=-12))
    seconds, size = time.process_time() - started, _peak() - before
    if finding is None and seconds > MOST_SECONDS:
        finding = Finding("slow", f"{seconds:.1f} s of processor time")
    if finding is None and size > MOST_BYTES:
        finding = Finding("large", f"{size / 1e6:,.0f} MB")
    return Seen(seconds, size, finding)


def _kind(error: Exception) -> str:
    """An exception with the innermost line of ours that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    root = Path(__file__).resolve().parents[2]
    ours = [
        f"{Path(frame.filename).relative_to(root)}:{frame.lineno}"
        for frame in frames
        if Path(frame.filename).is_relative_to(root)
        and Path(frame.filename).relative_to(root).parts[0] in _OURS
    ]
    return f"{type(error).__name__} {ours[-1] if ours else ''}"


def _resident() -> int:
    return int(Path("/proc/self/statm").read_bytes().split()[1]) * _PAGE


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _forget_peak() -> None:
    """Let the highest memory be counted from now on (Linux, proc_pid_clear_refs(5))."""
    Path("/proc/self/clear_refs").write_bytes(b"5")
