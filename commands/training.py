"""Train, compile and pack: the commands that make what ships."""

from __future__ import annotations

from pathlib import Path

import click

from commands.options import PATH, training_labels
from commands.terminal import one_line_errors, progress


def _packed() -> Path:
    from examples import PACKED

    return PACKED


@click.command()
@click.argument("folder", type=PATH)
@click.option("--out", type=PATH, default=_packed, show_default="where it ships")
def pack(folder: Path, out: Path) -> None:
    """Pack the four IDX files of the digits that ship, plain or gzip, into one archive."""
    from examples import pack_first

    with one_line_errors():
        pack_first(folder, out)


@click.command()
@click.argument("name")
@click.option("--folds", type=int, help="Ensemble: one network per fold, for the label audit.")
@training_labels
def train(name: str, folds: int | None, labels: Path | None) -> None:
    """Train a network, article, ensemble or bayesian, resuming from its latest checkpoint."""
    with one_line_errors():
        from models.training import train_classifier

        with progress("epochs") as advance:
            train_classifier(name, advance, folds, labels)


@click.command()
@click.argument("name")
@training_labels
def export(name: str, labels: Path | None) -> None:
    """Compile what was trained into models/artifacts and score the test images with it.

    NAME is uncertainty, article, ensemble, bayesian, atypicality or foreign.
    """
    with one_line_errors(), progress("steps") as advance:
        from models.export import export_named

        export_named(name, labels, advance)


@click.command()
def three_ways() -> None:
    """Judge every model that ships on test digits, damaged ones, letters and clothing: one table.

    Writes models/artifacts/three_ways.csv, which the Glossary shows.
    """
    from examples import compare_first

    with one_line_errors(), progress("sets") as advance:
        table = compare_first(advance)
    click.echo(table.to_string(index=False, float_format="%.4f"))
