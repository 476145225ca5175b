"""How long each page takes on a large study of anybody's, and how much memory.

Every page's first answer and then each slider, through the app as a visitor opens it, on a study of
random float32 logits that is written for the purpose.

    python -m bench.any_study [--items 50000] [--classes 1000] [--members 1] [--folder FOLDER]
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from streamlit.testing.v1 import AppTest

KEY = "large"
APP = Path(__file__).parent.parent / "navigation.py"
REPEATS = 3


def main() -> None:
    """Print seconds for each page and slider, and megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--classes", type=int, default=1_000)
    parser.add_argument("--members", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/penumbra-bench"))  # noqa: S108
    asked = parser.parse_args()
    os.environ["PENUMBRA_STUDIES"] = str(asked.folder)
    os.environ["PENUMBRA_DECISIONS"] = f"sqlite:///{asked.folder}.sqlite3"
    if not (asked.folder / KEY).exists():
        write(asked.folder, asked.members, asked.items, asked.classes)
        print("written; run it again to measure")
        return
    for page, link, moves in VISITS:
        visit(page, link, moves)


def write(folder: Path, num_members: int, num_items: int, num_classes: int) -> None:
    """A study of random logits that are right about three times in four."""
    from core.stored.folder import NewModel, NewStudy, write_study  # noqa: PLC0415

    rng = np.random.default_rng(0)
    labels = rng.integers(0, num_classes, num_items)
    values = rng.normal(0, 1, (num_members, num_items, num_classes)).astype(np.float32)
    values[:, np.arange(num_items), labels] += rng.normal(5, 2, num_items).astype(np.float32)
    names = [f"class number {k}" for k in range(num_classes)]
    net = NewModel("net", "A net", "logits", values=values, out_of_sample=True)
    write_study(NewStudy("Large", names, [net], labels), folder, KEY)


def visit(page: str, link: dict[str, str], moves: dict[str, Callable]) -> None:
    """One page by one visitor: the first answer, then each move a few times."""
    at = AppTest.from_file(str(APP), default_timeout=600).run()  # the table of pages first
    at.switch_page(f"pages/{page}.py")
    for key, text in ({"study": KEY} | link).items():
        at.query_params[key] = text
    name = " ".join([page, *link.values()])
    report(name, "first answer", timed(at.run))
    for move, act in moves.items():
        spent = []
        for step in range(REPEATS):
            act(at, step)
            spent.append(timed(at.run))
        report(name, move, *spent)
    for found in (*at.exception, *at.error):
        print(f"{name}: {found.value}")


def report(page: str, what: str, *spent: Spent) -> None:
    """A line: each time in seconds, of it the processor's, and the most memory so far."""
    times = " ".join(f"{seconds:6.2f} ({busy:4.2f})" for seconds, busy in spent)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{page:36} {what:15} {times:41} s   now {resident():5.0f} MB, at most {peak:5.0f} MB")


def resident() -> float:
    """Megabytes of this process that are no file's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


class Spent(NamedTuple):
    """Seconds, and seconds of processor."""

    seconds: float
    busy: float


def timed(action: Callable[[], object]) -> Spent:
    """What an answer takes."""
    start, busy = time.perf_counter(), time.process_time()
    action()
    return Spent(time.perf_counter() - start, time.process_time() - busy)


def _slide(key: str, values: list) -> Callable:
    return lambda at, step: at.slider(key=key).set_value(values[step])


def _select(key: str, values: list) -> Callable:
    return lambda at, step: at.select_slider(key=key).set_value(values[step])


def _press(key: str) -> Callable:
    return lambda at, _: at.button(key=key).click()


VISITS = (
    ("explore", {}, {
        "percentile": _slide("percent", [(0.0, 5.0), (0.0, 10.0), (0.0, 20.0)]),
        "next": _press("next"),
        "label": lambda at, step: at.multiselect(key="true").set_value([step]),
    }),
    ("trust", {"section": "calibration"}, {
        "number of bins": _slide("num_bins", [10, 20, 30]),
        "temperature": _select("heat", [1.1, 1.25, 0.9]),
    }),
    ("trust", {"section": "declining"}, {"share": _slide("decline_share", [6.0, 7.0, 8.0])}),
    ("trust", {"section": "sets"}, {
        "alpha": _select("alpha", [0.02, 0.05, 0.1]),
        "per class": lambda at, step: at.toggle(key="by_class").set_value(step % 2 == 0),
    }),
    ("trust", {"section": "sets", "method": "aps"}, {"alpha": _select("alpha", [0.02, 0.05, 0.1])}),
    ("trust", {"section": "sets", "method": "aps", "by_class": "true"}, {
        "alpha": _select("alpha", [0.05, 0.1, 0.2]),
    }),
    ("audit", {"reviewer": "Ada"}, {"keep": _press("keep"), "next": _press("Next")}),
    ("audit", {"look": "Results"}, {}),
    ("glossary", {}, {}),
)  # fmt: skip

if __name__ == "__main__":
    main()
