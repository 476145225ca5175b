"""Is this server well, and what is to be done if not?"""

from __future__ import annotations

import json

import click

from commands.options import json_option
from commands.studies import decision_engine, library
from commands.terminal import one_line_errors


@click.command()
@click.option("--port", default=8501, show_default=True, help="Of the dashboard.")
@json_option
def doctor(port: int, as_json: bool) -> None:
    """Look at versions, disk, studies, decisions, port and speed, and say what to do.

    Exit code 1: something is amiss.
    """
    from core.upkeep.health import examine

    with one_line_errors():
        findings = []
        for finding in examine(library(), decision_engine(), port):
            findings.append(finding)
            if not as_json:
                sign = "✓" if finding.well else "✗"
                click.echo(f"{sign} {finding.name}: {finding.said}")
                if finding.cure:
                    click.echo(f"  → {finding.cure}")
    if as_json:
        click.echo(json.dumps([finding._asdict() for finding in findings]))
    if not all(finding.well for finding in findings):
        raise click.exceptions.Exit(1)
