"""A Ray cluster of several nodes on this machine, started once for a file of tests."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from bench.ray_nodes import TooSlowError, ray_nodes


@pytest.fixture(scope="module")  # its nodes would keep a processor busy until the end
def ray_cluster():
    """A head without processors and two nodes of one each; this process has joined it."""
    pytest.importorskip("ray")
    with ExitStack() as started:
        try:
            cluster = started.enter_context(ray_nodes(2))
        except TooSlowError as error:
            pytest.skip(str(error))
        yield cluster
