"""What happens on this server: counted, and one line of JSON each where PENUMBRA_LOG is `json`.

No picture, label, id, name of a person or of a file is among it: a fault is its kind and the place
in the code.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from streamlit.runtime.scriptrunner import get_script_run_ctx

VARIABLE = "PENUMBRA_LOG"
"""`json` for a line of each event on the error stream."""
REGISTRY = CollectorRegistry()
_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30)
_ROOT = Path(__file__).resolve().parents[1]
_SALT = secrets.token_bytes(16)
_PAGE = "_event_page"

ProcessCollector(registry=REGISTRY)  # memory, processor time, open files
VISITORS = Gauge("penumbra_visitors", "Browsers that are connected", registry=REGISTRY)
VISITS = Counter("penumbra_visits", "Browsers that connected", registry=REGISTRY)
RUNNING = Gauge("penumbra_reruns_in_progress", "Pages being run just now", registry=REGISTRY)
RERUNS = Histogram(
    "penumbra_rerun_seconds", "Time a page or a part of one took", ["page", "part"],
    buckets=_SECONDS, registry=REGISTRY,
)  # fmt: skip
DECISIONS = Counter("penumbra_decisions", "Decisions on labels", ["outcome"], registry=REGISTRY)
REFUSED = Counter(
    "penumbra_refused", "Requests that were refused, by their status", ["status"], registry=REGISTRY
)
FAULTS = Counter("penumbra_faults", "What went wrong, by its kind", ["kind"], registry=REGISTRY)


@contextmanager
def rerun(page: str | None = None) -> Iterator[None]:
    """Time the run of a page, or of the part of one that runs without it.

    Args:
        page: Its name in its address; None for a part of the page that ran last in this session.
    """
    part = "fragment" if page is None else "page"
    if page is not None:
        st.session_state[_PAGE] = page
    name, start = st.session_state.get(_PAGE, ""), time.perf_counter()
    try:
        with RUNNING.track_inprogress():
            yield
    finally:
        seconds = time.perf_counter() - start
        RERUNS.labels(name, part).observe(seconds)
        say("rerun", page=name, part=part, seconds=round(seconds, 4), visitor=_visitor())


def decided(count: int, written: bool) -> None:
    """Decisions were written, or have to wait."""
    outcome = "written" if written else "waiting"
    DECISIONS.labels(outcome).inc(count)
    say("decided", count=count, outcome=outcome, visitor=_visitor())


def refused(status: int) -> None:
    """A request was refused: 401 to a stranger, 403 for want of a right, 429 for too many files."""
    REFUSED.labels(str(status)).inc()
    say("refused", status=status)


def fault(error: BaseException, kind: str) -> None:
    """Something went wrong.

    Args:
        error: What; its text stays here.
        kind: "file" for what cannot be read and "database"; "uncaught" is a bug.
    """
    FAULTS.labels(kind).inc()
    say("fault", kind=kind, type=type(error).__name__, place=_place(error), visitor=_visitor())


def uncaught(error: Exception) -> None:
    """For `st.App`: a page or a callback ended in an error that nobody foresaw."""
    fault(error, "uncaught")


def say(event: str, **said: str | float) -> None:
    """Write an event's line, if lines are wanted."""
    if os.environ.get(VARIABLE, "").strip().lower() != "json":
        return
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    # In one piece: other threads write too.
    sys.stderr.write(json.dumps({"time": now, "event": event, **said}) + "\n")


def _visitor() -> str:
    """A session, told from others for as long as this server runs, and unknown to everyone."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return ""
    return hashlib.sha256(_SALT + context.session_id.encode()).hexdigest()[:8]


def _place(error: BaseException) -> str:
    """The last line of ours that it came through: file and number."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_ROOT)
            and ".venv" not in frame.filename]  # fmt: skip
    if not ours:
        return ""
    return f"{Path(ours[-1].filename).relative_to(_ROOT).as_posix()}:{ours[-1].lineno}"
