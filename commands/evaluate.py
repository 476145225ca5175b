"""The metrics of a model's predictions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.options import PATH, a_study, model_of_study
from commands.studies import named_study
from commands.terminal import one_line_errors, require, require_place

if TYPE_CHECKING:
    import numpy as np

    from core.study.study import Study


@click.command()
@a_study
@model_of_study
@click.option("--labels", type=PATH, help="Corrected labels, .csv or .npz.")
@click.option("--json", "as_json", is_flag=True, help="Everything, with intervals.")
@click.option("--report", type=PATH, help="One page with figures, .html.")
def evaluate(
    study: str, model: str | None, labels: Path | None, as_json: bool, report: Path | None
) -> None:
    """Accuracy, NLL, Brier score, ECE and AURC on labelled items; calibration and more as JSON."""
    from core.review.label_files import load_codes
    from core.trust.evaluation import evaluate_predictions

    with one_line_errors():
        if labels:
            require(labels)
        if report:
            require_place(report, ".html")
        with named_study(study) as opened:
            name = model or next(iter(opened.models))
            codes = load_codes(labels, opened.dataset) if labels else None
            found = evaluate_predictions(opened.model(name), codes)
            more = _trust(opened, name, codes, report) if as_json or report else {}
    lines = (f"{name:>12}  {value:.6g}" for name, value in found.items())
    click.echo(json.dumps({"model": name} | more | found) if as_json else "\n".join(lines))


def _trust(
    study: Study, name: str, codes: np.ndarray | None, report: Path | None
) -> dict[str, Any]:
    """Calibration, declining and prediction sets in numbers; as a page, too, if asked for."""
    from core.figures.report import save_report
    from core.trust.answers_as_numbers import numbers
    from core.trust.examined import examine

    found = examine(study, name, codes)
    if report:
        save_report(found, report)
        click.echo(f"The report is in {report}", err=True)
    return numbers(found)
