"""Parts scored on a Ray cluster: each actor holds one network on one thread.

A part that was being scored on a node that is lost is scored anew on another; what is written
appears whole. Source: Ray Data, `map_batches` with an `ActorPoolStrategy`.
"""

from __future__ import annotations

import logging
import os
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import ray
import ray.data

from core.batch.plan import Part
from core.batch.score_part import PartScorer, Scored

_SECONDS = 5.0
IN_FLIGHT = 2
"""Parts that an actor has been given: the next one lies there when it is done with one."""


class ClusterError(ValueError):
    """A cluster that cannot be used; the message is one sentence with the cure."""


class _ScorePart:
    """What an actor holds."""

    def __init__(self, load: Callable[[], PartScorer]) -> None:
        self._scorer = load()

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, Any]:
        """Score one part and say what came of it."""
        (text,) = batch["item"]
        scored = self._scorer.score(Part.from_json(str(text)))._asdict()
        return {name: [value] for name, value in scored.items()}


def score_on_ray(
    load: Callable[[], PartScorer], parts: Sequence[Part], workers: int | None = None
) -> Iterator[Scored]:
    """Score parts on the cluster of `RAY_ADDRESS`, or on one that is started here.

    Args:
        load: Gives what scores them, on a worker.
        parts: Those that are left.
        workers: Actors; one a processor of the cluster if None.

    Yields:
        What came of each part, in any order.

    Raises:
        ClusterError: no cluster answers, or a worker lacks what it needs.
        PlaceError: an output cannot be written.
        NetworkError: the network cannot be run.
    """
    started = _connect()
    try:
        yield from _scored(load, parts, workers or _processors(len(parts)))
    except ray.exceptions.RayError as error:
        raise _plain(error) from error
    finally:
        if started:
            ray.shutdown()


def _scored(
    load: Callable[[], PartScorer], parts: Sequence[Part], workers: int
) -> Iterator[Scored]:
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    found = ray.data.from_items(
        [part.as_json() for part in parts], override_num_blocks=len(parts)
    ).map_batches(
        _ScorePart,
        fn_constructor_args=(load,),
        batch_size=1,
        num_cpus=1,
        compute=ray.data.ActorPoolStrategy(
            size=min(workers, len(parts)), max_tasks_in_flight_per_actor=IN_FLIGHT
        ),
    )  # fmt: skip
    for row in found.iter_rows():
        yield Scored(int(row["number"]), int(row["rows"]), int(row["problems"]), str(row["said"]))


def _connect() -> bool:
    """Join a cluster; says whether this process did, and so has to leave it."""
    if ray.is_initialized():
        return False
    # Ray reports its use to its makers unless it is told not to.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    address = os.environ.get("RAY_ADDRESS", "")
    if address and address not in {"auto", "local"}:
        _knock(address)
    with ThreadPoolExecutor(1) as apart:  # a node that starts too slowly raises a bare Exception
        fault = apart.submit(
            ray.init, address=address or "local", log_to_driver=False, logging_level=logging.ERROR
        ).exception()
    if fault is not None:
        where = f"at {address}" if address else "on this machine"
        raise ClusterError(f"No Ray cluster starts or answers {where}: {fault}") from fault
    return True


def _knock(address: str) -> None:
    """Ray would wait for minutes where nobody listens."""
    host, _, port = (
        address.partition("://")[2].partition("/")[0].rpartition(":")
        if ("://" in address)
        else address.rpartition(":")
    )
    try:
        with socket.create_connection((host, int(port)), _SECONDS):
            pass
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"No Ray cluster answers at {address}: start one with `ray start --head`, or unset"
            " RAY_ADDRESS to use this machine."
        ) from error


def _processors(most: int) -> int:
    return max(1, min(most, int(ray.cluster_resources().get("CPU", 1))))


def _plain(error: Exception) -> Exception:
    """What a worker raised, in its own words; it came wrapped in the trace of its process."""
    if missing := re.search("ModuleNotFoundError: No module named '([^']*)'", str(error)):
        return ClusterError(
            f"A worker of the cluster lacks {missing[1]!r}: install Penumbra with its extras, in"
            " this version, on each node."
        )
    cause = getattr(error, "cause", None)
    while cause is not None:
        if isinstance(cause, ValueError | OSError):
            return cause
        cause = getattr(cause, "cause", None) or cause.__cause__
    return ClusterError(f"The cluster failed: {str(error).strip().splitlines()[-1]}")
