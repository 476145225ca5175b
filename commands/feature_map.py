"""The map of a model's features."""

from __future__ import annotations

import click

from commands.options import model_of_study
from commands.studies import library
from commands.terminal import one_line_errors, progress


@click.command("map")
@click.option("--study", required=True, help="A study's key, of one that was opened.")
@model_of_study
def feature_map(study: str, model: str | None) -> None:
    """Lay out a model's features on a plane, for the map on Explore, and keep it in the study."""
    from core.study.watched import watched

    with one_line_errors():
        opened = library()
        name = model or next(iter(opened.load(study).models))
        with progress("steps") as advance:
            done = 0

            def tell_bar(share: float) -> None:
                nonlocal done
                now = round(1_000 * share)
                advance(now - done, 1_000)
                done = now

            with watched(tell_bar):
                method = opened.keep_map(study, name)
    click.echo(f"{name} is laid out by {method}: /?study={study}&model={name}&view=map")
