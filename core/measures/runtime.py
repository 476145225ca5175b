"""A compiled network (LiteRT): loaded once, run from any thread, in batches."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
from ai_edge_litert.interpreter import Interpreter, SignatureRunner

from core.study.artifact import ArtifactError

BATCH_SIZE = 50  # measured: larger batches leave the processor's cache

Kind = TypeVar("Kind")

Progress = Callable[[int], None]
"""Called with the number of rows just finished; from any thread."""


def new_interpreter(content: bytes) -> Interpreter:
    """An interpreter of a `.tflite` file's content, on one thread."""
    return Interpreter(model_content=content, num_threads=1)


class Lent(Generic[Kind]):
    """What serves one thread at a time: each borrows one, and only one is kept.

    The ensemble's interpreter holds 7 MB of what it computes with. As many as ever ran at once, on
    sixty-four cores or for fifty visitors, would stay; another is loaded in a millisecond.

    Args:
        make: Makes one; called once at first, for what it raises.
    """

    def __init__(self, make: Callable[[], Kind]) -> None:
        self._make = make
        self._kept: queue.LifoQueue[Kind] = queue.LifoQueue(maxsize=1)
        self._kept.put(make())

    @contextmanager
    def borrow(self) -> Iterator[Kind]:
        """One that nobody else has, for as long as the context is open."""
        try:
            one = self._kept.get_nowait()
        except queue.Empty:
            one = self._make()
        try:
            yield one
        finally:
            with suppress(queue.Full):
                self._kept.put_nowait(one)


class Graph:
    """One `.tflite` file. An interpreter serves one thread at a time, so each thread borrows one.

    Raises:
        ArtifactError: the file is not there or is no LiteRT model.
    """

    def __init__(self, path: Path, remake: str) -> None:
        self._path, self._remake = path, remake
        try:
            self._lent = Lent(partial(new_interpreter, path.read_bytes()))
        except (OSError, ValueError, RuntimeError) as error:
            raise ArtifactError(path, error, remake) from error

    def run(self, signature: str, **inputs: np.ndarray) -> dict[str, np.ndarray]:
        """The named outputs of one call.

        Raises:
            ArtifactError: the file lacks `signature`.
        """
        with self._lent.borrow() as interpreter:
            return self._runner(interpreter, signature)(**inputs)

    def run_batches(
        self,
        signature: str,
        images: np.ndarray,
        threads: int | None = None,
        progress: Progress = lambda rows: None,
    ) -> dict[str, np.ndarray]:
        """The outputs for all images (N, H, W) uint8, each joined along its first axis."""
        # Equal batches, the last one filled up: another size would lay the whole network out anew.
        size = -(-len(images) // -(-len(images) // BATCH_SIZE)) if len(images) else BATCH_SIZE
        starts: queue.SimpleQueue[int] = queue.SimpleQueue()
        for start in range(0, len(images), size):
            starts.put(start)
        num_workers = min(threads or os.cpu_count() or 1, starts.qsize())
        parts: dict[int, dict[str, np.ndarray]] = {}

        def work() -> None:
            # One interpreter to a thread until the end: its memory stays in that core's cache.
            with self._lent.borrow() as interpreter, suppress(queue.Empty):
                runner = self._runner(interpreter, signature)
                while True:
                    start = starts.get_nowait()
                    batch = images[start : start + size]
                    found = runner(images=_filled(batch, size))
                    parts[start] = {name: rows[: len(batch)] for name, rows in found.items()}
                    progress(len(batch))

        if num_workers == 1:  # a single digit should not wait for a thread to start
            work()
        else:
            with ThreadPoolExecutor(num_workers) as pool, _emptied(starts):
                working = [pool.submit(work) for _ in range(num_workers)]
                wait(working, return_when=FIRST_EXCEPTION)
            for done in working:
                done.result()
        ordered = [parts[start] for start in sorted(parts)]
        return {name: np.concatenate([part[name] for part in ordered]) for name in ordered[0]}

    def _runner(self, interpreter: Interpreter, signature: str) -> SignatureRunner:
        try:
            return interpreter.get_signature_runner(signature)
        except ValueError as error:
            raise ArtifactError(self._path, error, self._remake) from error


def _filled(batch: np.ndarray, size: int) -> np.ndarray:
    """The batch with its last row repeated until it has `size` rows."""
    return batch if len(batch) == size else batch[np.minimum(np.arange(size), len(batch) - 1)]


@contextmanager
def _emptied(starts: queue.SimpleQueue[int]) -> Iterator[None]:
    """Leave no batch to be begun, so that Ctrl-C or one thread's error ends the others too."""
    try:
        yield
    finally:
        with suppress(queue.Empty):
            while True:
                starts.get_nowait()
