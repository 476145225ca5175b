"""How many and how much in how long, for each of many: sessions, addresses."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

_MOST_KNOWN = 10_000


@dataclass(frozen=True)
class Limit:
    """What one may bring at once; as much grows back in `seconds`, evenly.

    Attributes:
        count: Files.
        size: Bytes.
        seconds: From nothing left to all of it again.
    """

    count: float
    size: float
    seconds: float = 3600.0


@dataclass
class _Left:
    count: float
    size: float
    since: float


class Rates:
    """What is left to each key under a limit; safe to use from any thread.

    Args:
        limit: The same for every key.
        clock: Seconds that only grow.
    """

    def __init__(self, limit: Limit, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._clock = limit, clock
        self._left: OrderedDict[Hashable, _Left] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: Hashable, size: float) -> float:
        """Seconds until there is room for one file of `size` bytes; 0.0 if there is.

        A file larger than all that one may bring fits when everything has grown back.
        """
        with self._lock:
            return self._wait(self._grown(key), size)

    def take(self, key: Hashable, size: float) -> float:
        """Take one file of `size` bytes; 0.0, or what `wait` gives, and none taken."""
        with self._lock:
            left = self._grown(key)
            wait = self._wait(left, size)
            if wait == 0:
                left.count -= 1
                left.size -= size
            return wait

    def _wait(self, left: _Left, size: float) -> float:
        return max(self._seconds(left.count, 1, self._limit.count),
                   self._seconds(left.size, size, self._limit.size))  # fmt: skip

    def _seconds(self, left: float, wanted: float, most: float) -> float:
        missing = min(wanted, most) - left
        return missing * self._limit.seconds / most if missing > 1e-9 * most else 0.0

    def _grown(self, key: Hashable) -> _Left:
        now, most = self._clock(), self._limit
        left = self._left.setdefault(key, _Left(most.count, most.size, now))
        grown = (now - left.since) / most.seconds
        left.count = min(most.count, left.count + grown * most.count)
        left.size = min(most.size, left.size + grown * most.size)
        left.since = now
        self._left.move_to_end(key)
        while len(self._left) > _MOST_KNOWN:
            self._left.popitem(last=False)
        return left
