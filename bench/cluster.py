"""Scoring in parts: two workers against one, Ray against none, memory of a worker, ONNX Runtime.

    python -m bench.cluster            everything; a million images take some minutes
    python -m bench.cluster --quick    the 60,000 training images alone

Ratios are of one run on one machine. Starting is left out: a rate is that of the parts between the
first ones and the last one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import onnxruntime

from bench.ray_nodes import ray_nodes
from commands.parts_network import bundled
from core.batch.here import score_here
from core.batch.inputs import plan_of
from core.batch.on_ray import score_on_ray
from core.batch.score_part import Scored, part_scorer
from core.networks.own_network import own_network
from examples.mnist_data import read_images
from tests.made_networks import small_convolution

WARM = 2
"""Parts at the beginning that are not counted: a worker loads its network in its first."""
MILLION = 1_000_000


def main() -> None:
    """Measure and print; a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="penumbra-") as name:
        folder = Path(name)
        images = np.concatenate(list(read_images("train")))
        np.save(folder / "train.npy", images)
        _say("onnx", onnx_against_itself(folder))
        with ray_nodes(2):
            _compare("ensemble", folder / "train.npy", folder, 2_500, two=True)
            if not quick:
                times = np.lib.format.open_memmap(
                    folder / "million.npy", "w+", np.uint8, (MILLION, *images.shape[1:])
                )
                for start in range(0, MILLION, len(images)):
                    times[start : start + len(images)] = images[: MILLION - start]
                times.flush()
                _compare("article", folder / "million.npy", folder, 10_000, two=False)


def _compare(model: str, source: Path, folder: Path, rows: int, two: bool) -> None:
    """One worker on Ray against this process, and two against one."""
    here = _measured(partial(_here, model, source, folder, rows))
    one = _measured(partial(_ray, model, source, folder, rows, 1))
    _say(f"{model}, one worker on Ray against none, seconds", one.rate / here.rate)
    _say(f"{model}, the same, processor seconds of all processes", one.processor / here.processor)
    _say(f"{model}, most memory of a worker, MB", one.memory / 1e6)
    _say(f"{model}, growth of it over the second half, MB", one.growth / 1e6)
    if two:
        both = _measured(partial(_ray, model, source, folder, rows, 2))
        _say(f"{model}, two workers against one, times as fast", one.rate / both.rate)
        _say(f"{model}, the same, processor seconds a part", both.processor / one.processor)


def _here(model: str, source: Path, folder: Path, rows: int) -> Iterable[Scored]:
    load, parts = _load(model, source, folder, rows)
    return score_here(load, parts, lambda rows: None)


def _ray(model: str, source: Path, folder: Path, rows: int, workers: int) -> Iterable[Scored]:
    load, parts = _load(model, source, folder, rows)
    return score_on_ray(load, parts, workers)


def _load(model: str, source: Path, folder: Path, rows: int):
    plan = plan_of(str(source), rows=rows)
    out = tempfile.mkdtemp(dir=folder)
    return partial(part_scorer, partial(bundled, model), plan.reading, out, 1), plan.parts


class _Measured:
    """What a run took: `rate` seconds a part, `processor` seconds, bytes of `memory`."""

    def __init__(self) -> None:
        self.ends: list[float] = []
        self.spent: list[float] = []
        self.memories: list[int] = []

    @property
    def rate(self) -> float:
        return (self.ends[-1] - self.ends[WARM]) / (len(self.ends) - 1 - WARM)

    @property
    def processor(self) -> float:
        return (self.spent[-1] - self.spent[WARM]) / (len(self.spent) - 1 - WARM)

    @property
    def memory(self) -> int:
        return max(self.memories)

    @property
    def growth(self) -> int:
        half = len(self.memories) // 2
        return max(self.memories[half:]) - self.memories[half]


def _measured(run: Callable[[], Iterable[Scored]]) -> _Measured:
    found = _Measured()
    for scored in run():
        if scored.said:
            raise RuntimeError(scored.said)
        found.ends.append(time.perf_counter())
        found.spent.append(_tree_seconds())
        found.memories.append(_worker_memory())
    return found


def _tree_seconds() -> float:
    """Processor seconds of this process and all below it, those that ended included."""
    ticks = sum(sum(map(int, fields[11:15])) for _, _, fields in _tree())
    return ticks / os.sysconf("SC_CLK_TCK")


def _worker_memory() -> int:
    """Bytes of the largest worker, or of this process where there is none."""
    pages = {"": int(Path("/proc/self/statm").read_text().split()[1])}
    for pid, name, _ in _tree():
        if "_ScorePart" in name or "MapWorker" in name:
            pages[pid] = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    workers = [count for pid, count in pages.items() if pid] or [pages[""]]
    return max(workers) * os.sysconf("SC_PAGE_SIZE")


def _tree() -> list[tuple[str, str, list[str]]]:
    """Process id, name and statistics of this process and of those below it."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = path.read_text().partition(" (")
            words = (path.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has just ended
            continue
        fields = rest.rpartition(") ")[2].split()
        found[pid] = (fields[1], words, fields)
    ours, grown = {str(os.getpid())}, True
    while grown:
        more = {pid for pid, (parent, *_) in found.items() if parent in ours} - ours
        grown, ours = bool(more), ours | more
    return [(pid, found[pid][1], found[pid][2]) for pid in ours if pid in found]


def onnx_against_itself(folder: Path) -> float:
    """Seconds of a network of one's own over those of ONNX Runtime alone, one thread each."""
    path = small_convolution(folder / "net.onnx")
    network = own_network([path], {"outputs": "logits"})
    images = np.random.default_rng(0).integers(0, 256, (5_000, 32, 32, 3), np.uint8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options)

    def bare() -> None:
        for start in range(0, len(images), 50):
            batch = images[start : start + 50].astype(np.float32) * np.float32(1 / 255)
            session.run(None, {"x": np.ascontiguousarray(np.moveaxis(batch, 3, 1))})

    ratios = []
    for _ in range(5):
        taken = []
        for run in (bare, lambda: network.predict_values(images, 1)):
            started = time.process_time()
            run()
            taken.append(time.process_time() - started)
        ratios.append(taken[1] / taken[0])
    return median(ratios)


def _say(what: str, value: float) -> None:
    sys.stdout.write(f"{what}: {value:.2f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
