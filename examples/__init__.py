"""The studies that ship: one file each builds one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # who only asks which there are need not wait for NumPy
    from core.study.study import Study


def _mnist() -> Study:
    from examples.mnist import load_study  # noqa: PLC0415 - a command on another study needs none

    return load_study()


BUNDLED = {"mnist": ("MNIST", _mnist)}
"""Key -> title and what loads it; the first one opens by itself."""
