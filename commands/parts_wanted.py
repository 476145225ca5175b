"""What somebody wants scored in parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

TABLES = (".parquet", ".csv")


@dataclass(frozen=True)
class Wanted:
    """What somebody wants scored in parts; each attribute as the option of its name says."""

    source: str
    out: str
    networks: tuple[Path, ...]
    model: str
    engine: str
    threads: int | None
    workers: int | None
    rows: int
    limit: int | None
    resume: bool
    dry_run: bool
    opens: bool
    pictures: bool | None
    study: str | None
    use_labels: bool
    temperature: float
    columns: dict[str, str | None]
    images: str | None
    key: str | None
    form: dict[str, Any]

    @property
    def is_table(self) -> bool:
        """Whether the output is one file, and no folder of parts."""
        return self.out.endswith(TABLES)


def say(line: str) -> None:
    """A line about the work, beside what it gives."""
    click.echo(f"penumbra: {line}", err=True)
