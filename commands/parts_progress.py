"""How far a run in parts has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.batch.plan import Plan

Advances = tuple[Callable[[int], None], Callable[[], None]]


@contextmanager
def parts_progress(
    plan: Plan, parts: int
) -> Iterator[tuple[Callable[[int], None], Callable[[], None]]]:
    """Rows, parts, rate and time left, if the error stream is a terminal."""
    if not sys.stderr.isatty():
        yield lambda rows: None, lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.completed:,.0f} rows"), BarColumn(), TextColumn("{task.fields[parts]}"),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
    )  # fmt: skip
    whole = len(plan.parts)
    left = None if plan.rows is None else plan.rows * parts // max(1, whole)
    started, ended = time.perf_counter(), 0
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=left, parts=f"0 of {parts:,} parts", rate="")

        def advance(rows: int) -> None:
            bar.advance(task, rows)
            rate = bar.tasks[0].completed / (time.perf_counter() - started)
            bar.update(task, rate=f"{rate:,.0f} rows/s")

        def done() -> None:
            nonlocal ended
            ended += 1
            bar.update(task, parts=f"{ended:,} of {parts:,} parts")

        yield advance, done


def duration(seconds: float) -> str:
    """`2 h 5 min`, `1 min 20 s`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
