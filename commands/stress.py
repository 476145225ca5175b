"""How a network does as its images get worse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.options import PATH, a_study, json_option, model_of_study
from commands.studies import library
from commands.terminal import one_line_errors, progress, require_place

if TYPE_CHECKING:
    import pandas as pd

    from core.stress.subject import Subject


@click.command()
@a_study
@model_of_study
@click.option("--out", type=PATH, help="The whole table, all severities, .parquet.")
@click.option("--items", type=click.IntRange(min=2), help="So many, drawn at random; else all.")
@click.option("--threads", type=click.IntRange(min=1), help="All cores if not given.")
@json_option
def stress(
    study: str,
    model: str | None,
    out: Path | None,
    items: int | None,
    threads: int | None,
    as_json: bool,
) -> None:
    """Damage the images in fifteen published ways and see what becomes of the answers.

    Without --out: error, confidence and ECE at the published severities. With it: a table of every
    kind at five severities, with intervals. That takes a while; whoever interrupts it and runs the
    same command again loses one cell at most.
    """
    from core.stress.subject import subject_of
    from core.stress.table import make_table

    with one_line_errors():
        if out:
            require_place(out, ".parquet")
        opened = library().load(study)
        name = model or next(iter(opened.models))
        subject = subject_of(opened, name, items, threads)
        with progress("images") as advance:
            if out:
                found, lines = _table(make_table(subject, out, advance))
            else:
                found, lines = _published(subject, advance)
    click.echo(json.dumps({"model": name} | found) if as_json else "\n".join(lines))


def _table(table: pd.DataFrame) -> tuple[dict[str, Any], list[str]]:
    """The mean error of each kind over its severities."""
    from core.stress.summary import corruption_errors, mean_corruption_error

    errors, mean = corruption_errors(table), mean_corruption_error(table)
    lines = [f"{kind:>14}  mean error {error:.4f}" for kind, error in errors.items()]
    lines.append(f"{'mean':>14}  corruption error {mean:.4f}")
    return {"errors": errors, "mean_corruption_error": mean}, lines


def _published(subject: Subject, advance: Any) -> tuple[dict[str, Any], list[str]]:
    """Each of the published kinds at its own severity."""
    from core.corruptions.kinds import BENCHMARK, KINDS
    from core.stress.cells import cell
    from core.stress.summary import at_published

    total = len(subject.rows) * len(BENCHMARK)
    rows = [
        cell(subject, kind, KINDS[kind].published or 0, lambda items: advance(items, total))
        for kind in BENCHMARK
    ]
    found = at_published(rows)
    lines = [
        f"{name:>14}  error {row['error']:.4f}  confidence {row['confidence']:.4f}"
        f"  ece {row['ece']:.4f}  {row['counterpart'] or 'never trained on'}"
        for name, row in found["kinds"].items()
    ]
    lines.append(f"{'mean':>14}  error {found['mean_error']:.4f}")
    return found, lines
