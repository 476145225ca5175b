"""Options of scoring in parts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import click

_IN_PARTS = (".parquet", ".pq", ".tar")
_OPTIONS = (
    click.option(
        "--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True,
        help="Here, or on the Ray cluster of RAY_ADDRESS.",
    ),
    click.option("--workers", type=click.IntRange(min=1), help="On Ray; one a processor."),
    click.option(
        "--rows", type=click.IntRange(min=1), default=10_000, show_default=True, help="Of a part."
    ),
    click.option("--limit", type=click.IntRange(min=1), help="So many rows at most."),
    click.option("--resume", is_flag=True, help="Go on with a run of the same settings."),
    click.option("--dry-run", is_flag=True, help="Say what would be read, and how long it takes."),
    click.option("--open/--no-open", "opens", default=True, help="Open the parts as a study."),
    click.option(
        "--pictures/--no-pictures", default=None,
        help="Keep what the network read, for the study to show; up to 100,000 rows if not said.",
    ),
    click.option("--study", help="Score with the network of a study that was opened with one."),
    click.option("--image", help="The column of Parquet with pictures or paths."),
    click.option("--id", help="The column with ids."),
    click.option("--label", help="The column with labels."),
    click.option("--images", help="Where paths in Parquet start."),
    click.option(
        "--temperature", type=click.FloatRange(min=0, min_open=True), default=1.0,
        show_default=True, help="Divides the logits of your own network.",
    ),
)  # fmt: skip


def parts_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, in this order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def works_in_parts(
    source: str, out: str, networks: tuple[object, ...], more: dict[str, Any]
) -> bool:
    """Whether an input is to be scored in parts."""
    return (
        bool(networks)
        or more["study"] is not None
        or more["engine"] == "ray"
        or "://" in source
        or PurePosixPath(source).suffix.lower() in _IN_PARTS
        or not PurePosixPath(out).suffix  # a folder; another ending is refused
        or more["dry_run"]
    )
