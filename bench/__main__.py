"""`make bench`: speed and memory as ratios, medians of runs that took turns."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench import pages
from bench.jupyter import show_pairs
from bench.keys import key_pairs
from bench.opening import command_pairs, drop_pairs
from bench.scoring import article_pairs, table_pairs
from bench.stress import curve_milliseconds, predict_pairs
from bench.strokes import stroke_pairs
from bench.uploads import upload_photographs

Row = tuple[str, str, str, str]
HEAD = ("what", "measured", "against", "reach")


def main() -> None:
    """Print one Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    rows = {
        "score": score,
        "ensemble": ensemble,
        "bayesian": bayesian,
        "paint": paint,
        "click": click,
        "hover": hover,
        "key": key,
        "stroke": stroke,
        "command": command,
        "drop": drop,
        "show": show,
        "curve": curve,
        "stress": stress,
        "memory": memory,
        "uploads": uploads,
    }
    parser.add_argument("only", nargs="*", metavar="ROW", help=f"of {', '.join(rows)}")
    parser.add_argument("--runs", type=int, default=7, help="pairs of runs; clicks are ten times")
    options = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}\n")
    for line in (HEAD, ("---",) * len(HEAD)):
        print_row(line)
    for name in options.only or rows:
        print_row(rows[name](options.runs))


def score(runs: int) -> Row:
    """Scoring, compiled against eager."""
    found = np.array(article_pairs(runs))
    ours, theirs = np.median(found, axis=0)
    return (
        "score 10,000 images, measures included",
        f"**{ratio(found[:, ::-1]):.1f} × as fast**: {ours * 1e3:.0f} ms",
        f"`Model.predict`, then eager TensorFlow Probability: {theirs * 1e3:.0f} ms",
        "≥ 8 ×",
    )


def ensemble(runs: int) -> Row:
    """What five members and atypicality cost."""
    found = np.array(table_pairs("ensemble", runs))
    ours, theirs = np.median(found, axis=0)
    return (
        "the same by the ensemble, atypicality included",
        f"**{ratio(found):.1f} ×**: {ours * 1e3:.0f} ms",
        f"`Model.predict` of the article’s CNN, as above: {theirs * 1e3:.0f} ms",
        "≤ 3 ×",
    )


def bayesian(runs: int) -> Row:
    """What thirty draws of the weights cost."""
    found = np.array(table_pairs("bayesian", runs))
    ours, theirs = np.median(found, axis=0)
    return (
        "the same by the Bayesian CNN, thirty draws",
        f"**{ratio(found):.1f} ×**: {ours * 1e3:.0f} ms",
        f"`Model.predict` of the article’s CNN, as above: {theirs * 1e3:.0f} ms",
        "≤ 6 ×",
    )


def paint(runs: int) -> Row:
    """First paint."""
    found = np.array(pages.paint_pairs(runs))
    ours, bare = np.median(found, axis=0)
    return (
        "from `streamlit run` to the painted scatter",
        f"**{ratio(found):.2f} ×**: {ours:.1f} s",
        f"a bare Streamlit page with the same points: {bare:.1f} s",
        "≤ 1.25 ×",
    )


def click(runs: int) -> Row:
    """A click's answer."""
    return answer(
        "from click to the digit on the screen",
        pages.click_pairs(10 * runs),
        "that page’s click to one line of text",
        1.25,
    )


def hover(runs: int) -> Row:
    """The tile beside the cursor."""
    found = np.quantile(pages.hover_milliseconds(10 * runs), 0.95)
    return ("from hover to the digit, p95", f"**{found:.0f} ms**", "", "≤ 100 ms")


def key(runs: int) -> Row:
    """A reviewer's key."""
    return answer(
        "from key press to the next digit of the audit, the decision on disk",
        key_pairs(10 * runs),
        "a bare Streamlit button’s rerun",
        1.5,
    )


def stroke(runs: int) -> Row:
    """A stroke's answer."""
    return answer(
        "from the end of a stroke to the probabilities on the screen",
        stroke_pairs(10 * runs),
        "a bare Streamlit page that echoes the canvas",
        1.5,
    )


def command(runs: int) -> Row:
    """Opening a file by command, by the clock; the processor's time beside it."""
    found = np.array(command_pairs(runs))
    wall, processor = found[:, :, 0], found[:, :, 1]
    ours, theirs = np.median(wall, axis=0)
    return (
        "`open` of 50,000 × 100 float32 in an NPZ, from the command to the study on disk",
        f"**{ratio(wall):.2f} ×**: {ours:.2f} s; of the processor’s time {ratio(processor):.2f} ×",
        f"a script that reads it with NumPy and computes the accuracy: {theirs:.2f} s",
        "≤ 3 ×",
    )


def drop(runs: int) -> Row:
    """Opening a file in the browser."""
    found = np.array(drop_pairs(runs))
    ours, shipped = np.median(found, axis=0)
    return (
        "from the drop of a CSV, 10,000 × 10, to its painted scatter",
        f"**{ratio(found):.2f} ×**: {ours:.1f} s",
        f"from MNIST’s link to its painted scatter, the program’s files cached: {shipped:.1f} s",
        "≤ 1.5 ×",
    )


def show(runs: int) -> Row:
    """The dashboard in a notebook's cell."""
    found = np.array(show_pairs(runs))
    cell, opened = np.median(found, axis=0)
    return (
        "from `penumbra.show` of 10,000 × 10 in a cell of JupyterLab to the painted scatter",
        f"**{ratio(found):.2f} ×**: {cell:.1f} s",
        f"from `penumbra open` of the same in a CSV: {opened:.1f} s",
        "≤ 1.3 ×",
    )


def curve(runs: int) -> Row:
    """New curves on the Stress page."""
    found = np.array(curve_milliseconds(10 * runs))
    wall, processor = np.quantile(found, 0.95, axis=0)
    return (
        "the server’s part of a slider’s new curves: 61 steps through the ensemble, p95",
        f"**{wall:.0f} ms**; of the processor’s time {processor:.0f} ms",
        f"median {np.median(found[:, 0]):.0f} ms",
        "≤ 150 ms",
    )


def stress(runs: int) -> Row:
    """A share of a stress table."""
    found = np.array(predict_pairs(runs))
    ours, theirs = np.median(found, axis=0)
    return (
        "500 damaged images through the ensemble, every measure and atypicality",
        f"**{ratio(found[:, ::-1]):.1f} × as fast**: {ours * 1e3:.0f} ms",
        f"`Model.predict` of the same five members, logits alone: {theirs * 1e3:.0f} ms",
        "≥ 5 ×",
    )


def memory(runs: int) -> Row:
    """The server's memory."""
    occupied, with_tensorflow = pages.memory_after_every_page()
    loaded = "TensorFlow imported" if with_tensorflow else "TensorFlow not imported"
    found = f"**{occupied / 1e6:.0f} MB**, {loaded}"
    return ("server memory after every page was opened", found, "", "≤ 300 MB")


def uploads(runs: int) -> Row:
    """Memory while many photographs are read; once, as it takes a minute."""
    found = upload_photographs()
    return (
        "server memory while a hundred photographs of 12 megapixels are uploaded and read",
        f"**{found.peak / 1e6:.0f} MB**, files of {found.file_size / 1e6:.1f} MB",
        f"another user’s page took at most {found.slowest:.1f} s",
        "≤ 700 MB",
    )


def answer(what: str, pairs: list[tuple[float, float]], peer: str, reach: float) -> Row:
    """A row of answers in milliseconds, by their 95th percentiles."""
    ours, bare = np.quantile(pairs, 0.95, axis=0)
    return (
        f"{what}, p95",
        f"**{ours / bare:.2f} ×**: {ours:.0f} ms",
        f"{peer}: {bare:.0f} ms",
        f"≤ {reach} ×",
    )


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
