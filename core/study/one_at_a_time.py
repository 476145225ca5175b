"""What several processes would compute at once, one computes and the others wait for."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.study.watched import tell

_LOOK_AGAIN = 0.2
"""Seconds between two looks whether it is our turn."""


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Wait until no other thread or process is inside with the same path.

    The system's lock on that file: it ends with whoever holds it, however that happens. Where the
    system, the folder or the disk knows none, nobody waits.

    Raises:
        Stopped: whoever watches wants no more; see `core.study.watched`.
    """
    handle = _opened(path)
    try:
        while handle is not None and not _is_ours(handle):
            tell(0, 1)
            time.sleep(_LOOK_AGAIN)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _opened(path: Path) -> int | None:
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        return os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    return None


def _is_ours(handle: int) -> bool:
    try:
        import fcntl  # noqa: PLC0415 - not on Windows

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        return True
    return True
