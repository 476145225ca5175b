"""Predictions that ship as a file and become a study once somebody wants to see them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Example(NamedTuple):
    """A file of predictions that ships.

    Attributes:
        key: Of the study that it becomes.
        file: What is read.
        title, noun, model: As in `core.stored.opening.Opening`.
        said: What is in it, as a noun phrase.
    """

    key: str
    file: Path
    title: str
    noun: str
    model: str
    said: str
