"""How long each page takes on a large study of anybody's, and how much memory.

Every page's first answer and then each slider, through the app as a visitor opens it, on a study
of random float32 logits written for the purpose; at the end the most of each beside its bound.

    python -m bench.any_study [--items 50000] [--classes 1000] [--members 1] [--models 1]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from streamlit.testing.v1 import AppTest

KEY = "large"
APP = Path(__file__).parent.parent / "navigation.py"
REPEATS = 3
BOUNDS = {"first answer": (3.0, "s"), "slider": (0.5, "s"), "memory": (500.0, "MB")}


def main() -> None:
    """Print seconds for each page and slider, and megabytes; then the worst of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option, usual in SIZES.items():
        parser.add_argument(f"--{option}", type=int, default=usual)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    asked = vars(parser.parse_args())
    folder = asked.pop("write")
    if folder is not None:
        write(folder, **asked)
        return
    with tempfile.TemporaryDirectory(prefix="penumbra-bench-") as made:
        # Elsewhere, for what writing takes is no page's memory.
        sizes = [f"--{option}={number}" for option, number in asked.items()]
        command = [sys.executable, "-m", "bench.any_study", "--write", made, *sizes]
        subprocess.run(command, check=True)
        os.environ["PENUMBRA_STUDIES"] = made
        os.environ["PENUMBRA_DECISIONS"] = f"sqlite:///{made}/decisions.sqlite3"
        Peak(daemon=True).start()
        worst: dict[str, Worst] = {}
        for page, link, moves in VISITS:
            visit(page, link, moves, worst)
        summarise(worst)


SIZES = {"items": 50_000, "classes": 1_000, "members": 1, "models": 1}


def write(folder: Path, items: int, classes: int, members: int, models: int) -> None:
    """A study of random logits that are right about three times in four."""
    from core.stored.folder import NewModel, NewStudy, write_study  # noqa: PLC0415

    rng = np.random.default_rng(0)
    labels = rng.integers(0, classes, items)
    nets = []
    for number in range(models):
        values = rng.normal(0, 1, (members, items, classes)).astype(np.float32)
        values[:, np.arange(items), labels] += rng.normal(5, 2, items).astype(np.float32)
        name, title = f"net-{number}", f"Net {number}"
        nets.append(NewModel(name, title, "logits", values=values, out_of_sample=True))
    names = [f"class number {k}" for k in range(classes)]
    write_study(NewStudy("Large", names, nets, labels), folder, KEY)


class Worst(NamedTuple):
    """The most of something, of it the processor's, and where."""

    value: float
    busy: float
    where: str


def visit(
    page: str, link: dict[str, str], moves: dict[str, Callable], worst: dict[str, Worst]
) -> None:
    """One page by one visitor: the first answer, then each move a few times."""
    at = AppTest.from_file(str(APP), default_timeout=600).run()  # the table of pages first
    at.switch_page(f"pages/{page}.py")
    for key, text in ({"study": KEY} | link).items():
        at.query_params[key] = text
    name = " ".join([page, *link.values()])
    note(worst, "first answer", name, report(name, "first answer", timed(at.run)))
    for move, act in moves.items():
        spent = []
        for step in range(REPEATS):
            act(at, step)
            spent.append(timed(at.run))
        note(worst, "slider", f"{name}, {move}", report(name, move, *spent))
    note(worst, "memory", name, Spent(Peak.megabytes, 0))
    for found in (*at.exception, *at.error):
        raise SystemExit(f"{name}: {found.value}")


def note(worst: dict[str, Worst], what: str, where: str, spent: Spent) -> None:
    """Keep the most of each."""
    worst[what] = max(worst.get(what, Worst(0.0, 0.0, "")), Worst(*spent, where))


def summarise(worst: dict[str, Worst]) -> None:
    """The most of each beside its bound."""
    print()
    for what, (value, busy, where) in worst.items():
        bound, unit = BOUNDS[what]
        said = "within" if value <= bound else "OVER"
        share = f", {busy:.2f} of the processor" if busy else ""
        print(f"{what:14} at most {value:6.2f} {unit}{share}: {said} {bound:g} {unit} ({where})")


class Peak(threading.Thread):
    """Looks fifty times a second how much memory is taken, for what a page gives back at once."""

    megabytes = 0.0

    def run(self) -> None:
        """Until the process ends."""
        while True:
            Peak.megabytes = max(Peak.megabytes, resident())
            time.sleep(0.02)


def report(page: str, what: str, *spent: Spent) -> Spent:
    """A line: each time in seconds, of it the processor's, and memory; gives the median."""
    times = " ".join(f"{seconds:6.2f} ({busy:4.2f})" for seconds, busy in spent)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{page:36} {what:15} {times:41} s   now {resident():5.0f} MB, at most {peak:5.0f} MB",
          flush=True)  # fmt: skip
    return Spent(*np.median(spent, axis=0))


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
    ("compare", {}, {}),
    ("people", {}, {}),
    ("stress", {}, {}),
    ("draw", {}, {}),
    ("open", {}, {}),
    ("glossary", {}, {}),
)  # fmt: skip

if __name__ == "__main__":
    main()
