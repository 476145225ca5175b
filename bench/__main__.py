"""`make bench`: speed and memory as ratios, medians of runs that took turns."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench import pages
from bench.compare import first_answers
from bench.jupyter import show_pairs
from bench.keys import key_pairs
from bench.opening import command_pairs, drop_pairs
from bench.score_command import further_pairs
from bench.scoring import article_pairs, table_pairs
from bench.stress import curve_milliseconds, predict_pairs
from bench.strokes import stroke_pairs
from bench.uploads import upload_photographs

HEAD = ("what", "measured", "against", "target")
UNITS = {"s": (1, "{:.1f} s"), "cs": (1, "{:.2f} s"), "ms": (1e3, "{:.0f} ms")}
"""What seconds are multiplied by, and how they are written; "cs" for hundredths."""


class Ratio(NamedTuple):
    """Runs of ours in turn with runs of something else, and how long ours take of theirs.

    Attributes:
        what: What ours does.
        pairs: Gives seconds (runs, 2), ours first; (runs, 2, 2) with the processor's time beside.
        against: What theirs does.
        target: To be reached.
        unit: Of `UNITS`.
        faster: Whether the ratio is how many times as fast ours is.
    """

    what: str
    pairs: Callable[[int], Sequence[Any]]
    against: str
    target: str
    unit: str = "s"
    faster: bool = False

    def row(self, runs: int) -> tuple[str, ...]:
        """Medians of the runs."""
        found = np.array(self.pairs(runs))
        clock = found if found.ndim == 2 else found[:, :, 0]
        ours, theirs = (self._said(seconds) for seconds in np.median(clock, axis=0))
        times = f"{ratio(clock[:, ::-1]):.1f} × as fast" if self.faster else f"{ratio(clock):.2f} ×"
        busy = "" if found.ndim == 2 else f"; of the processor’s time {ratio(found[:, :, 1]):.2f} ×"
        return self.what, f"**{times}**: {ours}{busy}", f"{self.against}: {theirs}", self.target

    def _said(self, seconds: float) -> str:
        factor, form = UNITS[self.unit]
        return form.format(factor * seconds)


class Answer(NamedTuple):
    """Presses of ours and of a bare page, in milliseconds (presses, 2): 95th percentiles."""

    what: str
    pairs: Callable[[int], Sequence[Any]]
    against: str
    target: str

    def row(self, runs: int) -> tuple[str, ...]:
        """Ten presses a run."""
        ours, bare = np.quantile(self.pairs(10 * runs), 0.95, axis=0)
        measured = f"**{ours / bare:.2f} ×**: {ours:.0f} ms"
        return f"{self.what}, p95", measured, f"{self.against}: {bare:.0f} ms", self.target


class Other(NamedTuple):
    """What has its own way to be said.

    Attributes:
        what: What is measured.
        measure: Gives, of a number of runs, what was measured and what stands beside it.
        target: To be reached.
    """

    what: str
    measure: Callable[[int], tuple[str, str]]
    target: str

    def row(self, runs: int) -> tuple[str, ...]:
        """As the others."""
        return self.what, *self.measure(runs), self.target


def hover(runs: int) -> tuple[str, str]:
    """The tile beside the cursor."""
    return f"**{np.quantile(pages.hover_milliseconds(10 * runs), 0.95):.0f} ms**", ""


def curve(runs: int) -> tuple[str, str]:
    """New curves on the Stress page."""
    found = np.array(curve_milliseconds(10 * runs))
    wall, processor = np.quantile(found, 0.95, axis=0)
    measured = f"**{wall:.0f} ms**; of the processor’s time {processor:.0f} ms"
    return measured, f"median {np.median(found[:, 0]):.0f} ms"


def compare(runs: int) -> tuple[str, str]:
    """Compare, opened."""
    clock, busy = np.median(first_answers(runs), axis=0)
    return f"**{clock:.2f} s**; of the processor’s time {busy:.2f} s", ""


def memory(runs: int) -> tuple[str, str]:
    """The server's memory."""
    occupied, with_tensorflow = pages.memory_after_every_page()
    loaded = "TensorFlow imported" if with_tensorflow else "TensorFlow not imported"
    return f"**{occupied / 1e6:.0f} MB**, {loaded}", ""


def uploads(runs: int) -> tuple[str, str]:
    """Memory while many photographs are read; once, as it takes a minute."""
    found = upload_photographs()
    return (
        f"**{found.peak / 1e6:.0f} MB**, files of {found.file_size / 1e6:.1f} MB",
        f"another user’s page took at most {found.slowest:.1f} s",
    )


PREDICT = "`Model.predict` of the article’s CNN, as above"
ROWS: dict[str, Ratio | Answer | Other] = {
    "score": Ratio(
        "score 10,000 images, measures included", article_pairs,
        "`Model.predict`, then eager TensorFlow Probability", "≥ 8 ×", "ms", faster=True,
    ),
    "whole": Ratio(
        "each further 10,000 images by the whole command `score --model article`", further_pairs,
        "`Model.predict`, then eager TensorFlow Probability", "≥ 8 ×", "ms", faster=True,
    ),
    "ensemble": Ratio(
        "the same by the ensemble, atypicality included", partial(table_pairs, "ensemble"),
        PREDICT, "≤ 3 ×", "ms",
    ),
    "bayesian": Ratio(
        "the same by the Bayesian CNN, thirty draws", partial(table_pairs, "bayesian"),
        PREDICT, "≤ 6 ×", "ms",
    ),
    "paint": Ratio(
        "from `streamlit run` to the painted scatter", pages.paint_pairs,
        "a bare Streamlit page with the same points", "≤ 1.15 ×",
    ),
    "click": Answer(
        "from click to the digit on the screen", pages.click_pairs,
        "that page’s click to one line of text", "≤ 1.25 ×",
    ),
    "hover": Other("from hover to the digit, p95", hover, "≤ 100 ms"),
    "key": Answer(
        "from key press to the next digit of the audit, the decision on disk", key_pairs,
        "a bare Streamlit button’s rerun", "≤ 1.5 ×",
    ),
    "stroke": Answer(
        "from the end of a stroke to the probabilities on the screen", stroke_pairs,
        "a bare Streamlit page that echoes the canvas", "≤ 1.5 ×",
    ),
    "command": Ratio(
        "`open` of 50,000 × 100 float32 in an NPZ, from the command to the study on disk",
        command_pairs, "a script that reads it with NumPy and computes the accuracy", "≤ 3 ×", "cs",
    ),
    "drop": Ratio(
        "from the drop of a CSV, 10,000 × 10, to its painted scatter", drop_pairs,
        "from MNIST’s link to its painted scatter, the program’s files cached", "≤ 1.5 ×",
    ),
    "show": Ratio(
        "from `penumbra.show` of 10,000 × 10 in a cell of JupyterLab to the painted scatter",
        show_pairs, "from `penumbra open` of the same in a CSV", "≤ 1.3 ×",
    ),
    "curve": Other(
        "the server’s part of a slider’s new curves: 61 steps through the ensemble, p95", curve,
        "≤ 150 ms",
    ),
    "stress": Ratio(
        "500 damaged images through the ensemble, every measure and atypicality", predict_pairs,
        "`Model.predict` of the same five members, logits alone", "≥ 5 ×", "ms", faster=True,
    ),
    "compare": Other("from opening Compare on the shipped digits to its answers", compare, "≤ 1 s"),
    "memory": Other("server memory after every page was opened", memory, "≤ 300 MB"),
    "uploads": Other(
        "server memory while a hundred photographs of 12 megapixels are uploaded and read", uploads,
        "≤ 700 MB",
    ),
}  # fmt: skip


def main() -> None:
    """Print one Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)}")
    parser.add_argument("--runs", type=int, default=7, help="pairs of runs; clicks are ten times")
    options = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}\n")
    for line in (HEAD, ("---",) * len(HEAD)):
        print_row(line)
    for name in options.only or ROWS:
        print_row(ROWS[name].row(options.runs))


def ratio(pairs: np.ndarray) -> float:
    """The median of the pairs' own ratios: what slows a machine slows both of a pair."""
    return float(np.median(pairs[:, 0] / pairs[:, 1]))


def machine() -> str:
    """The processor's name and the number of cores."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return f"{names[0] if names else 'unknown processor'}, {os.cpu_count()} cores"


def print_row(cells: tuple[str, ...]) -> None:
    """One line of the table, at once: the next may take minutes."""
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
