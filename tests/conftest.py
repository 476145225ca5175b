"""Tests spread over processes by file; those that import TensorFlow stay in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgresql import (  # noqa: F401  fixtures
    engine,
    postgresql_server,
    postgresql_url,
    sqlite_url,
    url,
)

MODELS = Path(__file__).parent / "models"


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        together = "models" if MODELS in item.path.parents else str(item.path)
        item.add_marker(pytest.mark.xdist_group(together))
