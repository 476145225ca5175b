"""How far a long computation is, and whether anybody still wants it.

Its loops tell whoever watches the thread that they run in; where nobody does, that costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Watch = Callable[[float], None]
"""Called with the share of the loop at hand that is done, in (0, 1]; raises Stopped to end it."""
_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


class Stopped(Exception):  # noqa: N818 - nothing is wrong
    """Somebody wanted the computation to end before it was done."""


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Have the loops that run inside, in this thread, tell `watch` how far they are."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def tell(done: int, total: int) -> None:
    """Say how far a loop is.

    Raises:
        Stopped: whoever watches wants no more.
    """
    if watch := _watch.get():
        watch(done / max(total, 1))
