"""A Ray cluster of several nodes on this machine."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PORTS = (
    "metrics_agent_port", "dashboard_agent_listen_port", "runtime_env_agent_port",
    "metrics_export_port",
)  # fmt: skip
MEMORY = 80_000_000
TRIES = 2


class TooSlowError(RuntimeError):
    """A node did not start in the time that Ray gives it."""


@contextmanager
def ray_nodes(count: int) -> Iterator[Any]:
    """A head without processors and some nodes of one each; this process has joined it."""
    import ray  # noqa: PLC0415 - an extra
    from ray.cluster_utils import Cluster  # noqa: PLC0415

    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    cluster = Cluster()
    try:
        add_node(cluster, 0)
        for _ in range(count):
            add_node(cluster)
        cluster.wait_for_nodes()
        ray.init(cluster.address, log_to_driver=False, logging_level=logging.ERROR)
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()


def add_node(cluster: Any, num_cpus: int = 1) -> Any:
    """One more node.

    Raises:
        TooSlowError: Ray gave up on it each time: it gives a node's helpers 15 s to start, whatever
            else the machine has to do.
    """
    for _ in range(TRIES):
        before = _children()
        try:
            return cluster.add_node(
                num_cpus=num_cpus, object_store_memory=MEMORY, include_dashboard=False,
                include_log_monitor=False, **_free_ports(),
            )  # fmt: skip
        except Exception as error:
            _end(_children() - before)
            if "timed out during startup" not in str(error):
                raise
    raise TooSlowError(
        f"Ray gave up on a node {TRIES} times: this machine is too busy to start one"
    )


def _children() -> set[int]:
    """Processes that this one has started and that have not been waited for."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            parent = path.read_text().rpartition(") ")[2].split()[1]
            if int(parent) == os.getpid():
                found.add(int(path.parent.name))
    return found


def _end(processes: set[int]) -> None:
    """What a node that did not start has left behind."""
    for pid in processes:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _free_ports() -> dict[str, int]:
    """Ports that nobody uses; a node that finds them itself waits for its agent to say which."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = [server.getsockname()[1] for server in taken]
    for server in taken:
        server.close()
    return dict(zip(PORTS, ports, strict=True))
