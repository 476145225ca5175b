"""Work of more than a second: in a thread of its own, with a bar and a button that ends it.

A page's script is interrupted by every press; the work goes on if the next script still waits for
it, is shared by all who wait for the same, and what it finds is kept by the caches that it fills.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.study.watched import Stopped, watched

SILENT = 0.7
"""Seconds after which a bar is shown."""
LARGE = 3_000_000
"""Values (S x N x K) from which work is expected to take that long."""
ALONE = 2.0
"""Seconds that work goes on while nobody waits for it: from one script of a page to the next."""
_LOOK = 0.1
_STOPPED = "_stopped_work"
_waits = count()

Step = tuple[str, Callable[[], object]]
"""What is being done, as "Reading the probabilities", and what fills the caches."""


class Job:
    """Steps that are done one after another in a thread.

    Attributes:
        watchers: How many scripts wait for it.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        self.watchers, self._left = 1, 0.0
        self._steps, self._at, self._share = steps, 0, 0.0
        self._stop = threading.Event()
        pool = ThreadPoolExecutor(1)
        self._future = pool.submit(self._run)
        pool.shutdown(wait=False)

    def join(self) -> None:
        """One script more waits for it."""
        self.watchers += 1

    def leave(self) -> None:
        """One script less does."""
        self.watchers -= 1
        self._left = time.monotonic()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, after that time at most."""
        return bool(wait([self._future], seconds).done)

    def error(self) -> BaseException | None:
        """What ended it early; once it has ended."""
        return self._future.exception()

    def stop(self) -> None:
        """End it at its next block, if nobody waits for it."""
        if not self.watchers:
            self._stop.set()

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to end."""
        return self._stop.is_set()

    def text(self) -> str:
        """What is being done."""
        return f"{self._steps[self._at][0]} ({self._at + 1} of {len(self._steps)})"

    def share(self) -> float:
        """How much of all is done, in [0, 1]."""
        return min(1.0, (self._at + self._share) / len(self._steps))

    def _run(self) -> None:
        with watched(self._told):
            for at, (_, work) in enumerate(self._steps):
                self._at, self._share = at, 0.0
                self._told(0.0)
                work()

    def _told(self, share: float) -> None:
        is_alone = not self.watchers and time.monotonic() - self._left > ALONE
        if is_alone or self._stop.is_set() or not threading.main_thread().is_alive():
            self._stop.set()
            raise Stopped
        self._share = max(self._share, share)  # a step may have several loops


_jobs: dict[Hashable, Job] = {}
_lock = threading.Lock()


def under_way() -> int:
    """How many pieces of work are going on."""
    with _lock:
        return sum(not job.wait(0) for job in _jobs.values())


def prepare(key: Hashable, steps: Sequence[Step], num_values: int) -> None:
    """Do work before a page needs it; ends the script where somebody ends the work.

    Args:
        key: Equal for equal work.
        steps: What fills the caches.
        num_values: S x N x K; little work is left to be done where it is needed.
    """
    if num_values < LARGE:
        return
    if st.session_state.get(_STOPPED) == key:
        _offer(key)
        st.stop()
    place = st.empty()
    job = _join(key, steps)
    try:
        _show(job, key, place)
    finally:
        with _lock:
            job.leave()
            for ended in [other for other, one in _jobs.items() if one.wait(0)]:
                del _jobs[ended]
    place.empty()
    error = job.error()
    if isinstance(error, Stopped):  # by somebody else, just before we joined
        prepare(key, steps, num_values)
    elif error is not None:
        raise error


def _join(key: Hashable, steps: Sequence[Step]) -> Job:
    with _lock:
        job = _jobs.get(key)
        if job is None or job.is_stopping:
            job = _jobs[key] = Job(steps)
        else:
            job.join()
        return job


def _show(job: Job, key: Hashable, place: DeltaGenerator) -> None:
    """Wait; each look at the bar is where Streamlit may interrupt the script."""
    if job.wait(SILENT):
        return
    with place.container(border=True):
        bar = st.progress(job.share(), job.text())
        st.button(
            "Cancel",
            key=f"cancel {next(_waits)}",  # a page may wait twice, for the same work too
            icon=":material/close:",
            on_click=_cancel,
            args=(key, job),
            help="Nothing is lost; what is finished is kept.",
        )
    while not job.wait(_LOOK):
        bar.progress(job.share(), job.text())


def _cancel(key: Hashable, job: Job) -> None:
    """Pressed while the script that waited has just been interrupted."""
    deadline = time.monotonic() + 1
    while job.watchers and time.monotonic() < deadline:
        time.sleep(0.01)
    job.stop()
    st.session_state[_STOPPED] = key


def _offer(key: Hashable) -> None:
    st.info("You stopped the computation that this page needs.", icon=":material/pause:")
    st.button("Compute it", key="resume work", type="primary", on_click=_resume)


def _resume() -> None:
    st.session_state.pop(_STOPPED, None)
