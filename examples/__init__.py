"""The studies that ship: one file each builds one, or holds what becomes one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.stored.example import Example

if TYPE_CHECKING:  # who only asks which there are need not wait for NumPy
    import pandas as pd

    from core.study.study import Study


def _mnist() -> Study:
    from examples.mnist import load_study  # noqa: PLC0415 - a command on another study needs none

    return load_study()


BUNDLED = {"mnist": ("MNIST", _mnist)}
"""Key -> title and what loads it; the first one opens by itself."""


def load_first() -> Study:
    """The study that opens by itself."""
    return next(load for _, load in BUNDLED.values())()


PACKED = Path("data/mnist.npz")
"""Where the images of the first one are packed, in the repository."""


def pack_first(folder: Path, out: Path) -> None:
    """Pack the four IDX files of its images into one archive; raises as `save_mnist` does."""
    from examples.mnist_data import save_mnist  # noqa: PLC0415 - only this needs it

    save_mnist(folder, out)


def compare_first(advance: Callable[[int, int], None]) -> pd.DataFrame:
    """The table of `compare_three_ways`, written where the Glossary looks for it."""
    from examples.mnist_three_ways import compare_three_ways  # noqa: PLC0415 - only this needs it

    return compare_three_ways(advance)


WITH_PEOPLE = Example(
    key="words",
    file=Path(__file__).with_name("words.npz"),
    title="Words and ten people",
    noun="word",
    model="The letter reader",
    said="7,209 words that ten people each called negative, neutral or positive, and a model"
    " that reads their letters alone",
)
"""Predictions beside the labels of several people, see `examples.words`."""
