"""Two models of a study compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import PATH, a_study, json_option
from commands.studies import library
from commands.terminal import one_line_errors, require_place

if TYPE_CHECKING:
    from core.trust.comparison import Comparison

WORSE = 1
"""The exit code where the second model is worse than was allowed."""


@click.command()
@a_study
@click.option(
    "--models",
    nargs=2,
    metavar="BASELINE CANDIDATE",
    help="Of the study; its first two if not given, the less accurate one as the baseline.",
)
@json_option
@click.option("--report", type=PATH, help="One page with figures, .html.")
@click.option(
    "--fail-if-worse",
    type=click.FloatRange(min=0),
    metavar="POINTS",
    help="Exit code 1 if the candidate's accuracy is lower by more points than this.",
)
def compare(
    study: str,
    models: tuple[str, str] | None,
    as_json: bool,
    report: Path | None,
    fail_if_worse: float | None,
) -> None:
    """What one model fixes and breaks of another's, and whether that is more than chance.

    Differences in accuracy, NLL, Brier score, ECE and AURC with paired 95 % intervals, McNemar's
    exact test, and label by label; with --json also the ids of the items that differ.
    """
    from core.figures.two_models_report import save_report
    from core.figures.two_models_text import as_json_values, as_lines
    from core.trust.comparison import compare as compare_models
    from core.trust.comparison import default_pair

    with one_line_errors():
        if report:
            require_place(report, ".html")
        opened = library().load(study)
        pair = models or default_pair(opened)
        found = compare_models(opened, *pair)
        titles = opened.model(pair[0]).title, opened.model(pair[1]).title
        dataset = opened.dataset
        if report:
            save_report(found, titles, dataset.class_names, dataset.noun, report)
        lines = as_lines(found, titles, dataset.class_names, dataset.noun)
        values = as_json_values(found, pair, dataset) if as_json else {}
    click.echo(json.dumps(values) if as_json else "\n".join(lines))
    _fail_if_worse(found, fail_if_worse)


def _fail_if_worse(found: Comparison, points: float | None) -> None:
    if points is None:
        return
    lost = -100 * found.accuracy.value
    if round(lost, 9) > points:
        click.echo(
            f"penumbra: accuracy fell by {lost:.3f} points, more than the {points:g} allowed.",
            err=True,
        )
        raise click.exceptions.Exit(WORSE)
