"""A Ray cluster of several nodes on this machine, started once for all tests that need it."""

from __future__ import annotations

import os
import socket

import pytest

PORTS = (
    "metrics_agent_port", "dashboard_agent_listen_port", "runtime_env_agent_port",
    "metrics_export_port",
)  # fmt: skip
MEMORY = 80_000_000
TRIES = 4


def free_ports():
    """Ports that nobody uses; a node that finds them itself waits for its agent to say which."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = [server.getsockname()[1] for server in taken]
    for server in taken:
        server.close()
    return dict(zip(PORTS, ports, strict=True))


def add_node(cluster, num_cpus=1):
    """One more node; Ray gives up on one that a busy machine starts too slowly."""
    for left in reversed(range(TRIES)):
        try:
            return cluster.add_node(
                num_cpus=num_cpus, object_store_memory=MEMORY, include_dashboard=False,
                **free_ports(),
            )  # fmt: skip
        except Exception:
            if not left:
                raise
    raise AssertionError


@pytest.fixture(scope="session")
def ray_cluster():
    """A head without processors and two nodes of one each; this process has joined it."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    cluster = Cluster()
    add_node(cluster, 0)
    for _ in range(2):
        add_node(cluster)
    cluster.wait_for_nodes()
    ray.init(cluster.address, log_to_driver=False, logging_level="ERROR")
    yield cluster
    ray.shutdown()
    cluster.shutdown()
