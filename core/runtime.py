"""A compiled network (LiteRT): loaded once, run from any thread, in batches."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from core.artifact import ArtifactError

BATCH_SIZE = 50  # measured: larger batches leave the processor's cache

Progress = Callable[[int], None]
"""Called with the number of rows just finished; from any thread."""


class Graph:
    """One `.tflite` file. An interpreter serves one thread at a time, so each thread borrows one.

    Raises:
        ArtifactError: the file is not there or is no LiteRT model.
    """

    def __init__(self, path: Path, remake: str) -> None:
        self._path, self._remake = path, remake
        try:
            self._content = path.read_bytes()
            self._idle: queue.LifoQueue[Interpreter] = queue.LifoQueue()
            self._idle.put(self._load())
        except (OSError, ValueError, RuntimeError) as error:
            raise ArtifactError(path, error, remake) from error

    def run(self, signature: str, **inputs: np.ndarray) -> dict[str, np.ndarray]:
        """The named outputs of one call.

        Raises:
            ArtifactError: the file lacks `signature`.
        """
        with self._borrow() as interpreter:
            try:
                runner = interpreter.get_signature_runner(signature)
            except ValueError as error:
                raise ArtifactError(self._path, error, self._remake) from error
            return runner(**inputs)

    def run_batches(
        self,
        signature: str,
        images: np.ndarray,
        threads: int | None = None,
        progress: Progress = lambda rows: None,
    ) -> dict[str, np.ndarray]:
        """The outputs for all images (N, H, W) uint8, each joined along its first axis."""

        def run_one(start: int) -> dict[str, np.ndarray]:
            batch = images[start : start + BATCH_SIZE]
            outputs = self.run(signature, images=batch)
            progress(len(batch))
            return outputs

        starts = range(0, len(images), BATCH_SIZE)
        with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
            parts = list(pool.map(run_one, starts))
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _load(self) -> Interpreter:
        return Interpreter(model_content=self._content, num_threads=1)

    @contextmanager
    def _borrow(self) -> Iterator[Interpreter]:
        try:
            interpreter = self._idle.get_nowait()
        except queue.Empty:
            interpreter = self._load()
        try:
            yield interpreter
        finally:
            self._idle.put(interpreter)
