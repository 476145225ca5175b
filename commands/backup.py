"""Decisions and studies, kept elsewhere and brought back."""

from __future__ import annotations

from pathlib import Path

import click

from commands.options import PATH
from commands.studies import decision_engine, library
from commands.terminal import one_line_errors, progress, require, require_place


@click.command()
@click.option("--out", type=PATH, required=True, help=".zip")
def backup(out: Path) -> None:
    """Write all decisions and studies to one file, while the dashboard runs or not.

    Picture files that a study only refers to stay where they are.
    """
    from core.upkeep.backup import save_backup

    with one_line_errors(), progress("studies") as advance:
        require_place(out, ".zip")
        decisions, studies = save_backup(decision_engine(), library().root, out, advance)
    click.echo(f"{decisions:,} decisions and {studies:,} studies: {out}")


@click.command()
@click.argument("source", metavar="FILE", type=PATH)
def restore(source: Path) -> None:
    """Bring back what a backup holds and this server lacks; nothing here changes."""
    from core.upkeep.backup import restore_backup

    with one_line_errors(source), progress("studies") as advance:
        require(source)
        found = restore_backup(source, decision_engine(), library().root, advance)
    click.echo(
        f"{found.added:,} of {found.decisions:,} decisions and {len(found.studies):,} studies"
        " brought back"
    )
    if found.kept:
        click.echo(f"here already, and left as they are: {', '.join(found.kept)}")
