"""Tests spread over processes by file; those of some folders stay in one."""

from __future__ import annotations

import atexit
import functools
import gc
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from ai_edge_litert.interpreter import OpResolverType
from hypothesis import HealthCheck, settings

from core.measures import runtime
from tests.postgresql import (  # noqa: F401  fixtures
    engine,
    postgresql_server,
    postgresql_url,
    sqlite_url,
    url,
)
from tests.ray_cluster import ray_cluster  # noqa: F401  a fixture

# Pages look for studies where this says when they are imported: none of this machine's take part.
os.environ["PENUMBRA_STUDIES"] = tempfile.mkdtemp(prefix="penumbra-studies-")
atexit.register(shutil.rmtree, os.environ["PENUMBRA_STUDIES"], ignore_errors=True)
PLAIN_KERNELS = "PENUMBRA_PLAIN_KERNELS"
"""Set by `make test-hard`: networks run without XNNPACK, so that their sums round differently."""
if os.environ.get(PLAIN_KERNELS):
    runtime.Interpreter = functools.partial(
        runtime.Interpreter,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
HERE = Path(__file__).parent
ENGINE = "PENUMBRA_ENGINE"
"""Set by `make test-image`, whose tests need an image."""
collect_ignore = [] if os.environ.get(ENGINE) else ["image"]
TOGETHER = ("models", "installed")
"""Folders whose tests share what is dear: TensorFlow's memory, an environment."""
SLOW_FIRST = (
    "models", "browser", "installed", "penumbra", "faults", "core/batch", "core/networks",
    "core/pictures",
)  # fmt: skip
"""Folders whose tests take seconds each: they start first, and many quick files fill up the end."""
# Generated cases are few enough for a busy machine, and none of them fails for being slow.
settings.register_profile(
    "patient", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    folders = {item.path: _folder(item.path) for item in items}
    for item in items:
        folder = folders[item.path]
        together = folder if folder in TOGETHER else str(item.path)
        item.add_marker(pytest.mark.xdist_group(together))
    if hasattr(config, "workerinput"):  # one of several processes, which take groups in turn
        sizes = Counter(item.path for item in items)
        turns = {folder: turn for turn, folder in enumerate(SLOW_FIRST)}
        items.sort(
            key=lambda item: (
                turns.get(folders[item.path], len(turns)), -sizes[item.path], item.path,
            )
        )  # fmt: skip


def _folder(path: Path) -> str:
    """A test's folder as seen from here, "core/batch" for one."""
    return path.parent.relative_to(HERE).as_posix() if path.is_relative_to(HERE) else ""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(ids: list[str]) -> None:
    """Tests that share what is dear must not be spread: all would pass, and take twice as long."""
    if not all("@" in each for each in ids):
        raise pytest.UsageError(
            "The tests of a file share what is dear, and pytest-xdist would spread them: "
            "run them with --dist loadgroup, and with the pytest of requirements-dev.txt"
        )


@pytest.fixture(scope="module", autouse=True)
def _what_stands_is_not_collected() -> None:
    """Spare each run of a page a second of collecting garbage.

    Streamlit clears Keras's session after every script where Keras is imported, as `tests/models`
    does, and Keras then looks through all that the process holds.
    """
    gc.freeze()
