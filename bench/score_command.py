"""Each further 10,000 images by the whole command `score`, against the article's own way."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.scoring import article_way
from examples.mnist_data import load_test

TIMES = 6
"""How many times 10,000 images the larger file holds."""


def further_pairs(num_pairs: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """(Wall, processor) seconds per further 10,000 images: of the command, of the article's way.

    The command's start is left out: it is run on 10,000 and on 60,000 images, and the difference
    is reading, the network, the measures, the table and the Parquet file.
    """
    images, _ = load_test()
    theirs = article_way(images)
    theirs()
    with tempfile.TemporaryDirectory(prefix="penumbra-") as name:
        few, many = Path(name) / "few.npy", Path(name) / "many.npy"
        np.save(few, images)
        np.save(many, np.concatenate([images] * TIMES))
        return [(_further(few, many), _took(theirs)) for _ in range(num_pairs)]


def _further(few: Path, many: Path) -> tuple[float, float]:
    short, long = (_took(lambda path=path: _score(path)) for path in (few, many))
    wall, processor = ((b - a) / (TIMES - 1) for a, b in zip(short, long, strict=True))
    return wall, processor


def _score(path: Path) -> None:
    out = path.with_suffix(".parquet")
    command = [
        sys.executable,
        "cli.py",
        "score",
        str(path),
        "--model",
        "article",
        "--out",
        str(out),
    ]
    subprocess.run(command, check=True, capture_output=True)


def _took(action: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds, those of ended children included."""
    before, start = os.times(), time.perf_counter()
    action()
    wall, after = time.perf_counter() - start, os.times()
    return wall, sum(after[:4]) - sum(before[:4])
