"""Which labels look wrong."""

from __future__ import annotations

from pathlib import Path

import click

from commands.options import PATH, a_study, model_of_study
from commands.studies import named_study
from commands.terminal import one_line_errors, require_one_of, require_place

RANKINGS = (
    "member_log_odds, or cleanlab's self_confidence, normalized_margin or"
    " confidence_weighted_entropy."
)


@click.command()
@click.option("--out", type=PATH, required=True, help=".csv or .parquet")
@a_study
@model_of_study
@click.option(
    "--split", default="test", show_default=True, help="test, or a part of the study: train."
)
@click.option("--method", default="member_log_odds", show_default=True, help=RANKINGS)
def audit(out: Path, study: str, model: str | None, split: str, method: str) -> None:
    """Rank the labels, the most doubtful first, each with a suggestion and its quality."""
    from core.measures.table import save_table
    from core.review.audit import exported, load_audit, part_of
    from core.review.label_methods import METHODS

    with one_line_errors():
        require_place(out, ".csv", ".parquet")
        require_one_of("--method", method, METHODS)
        with named_study(study) as opened:
            part = part_of(opened, split)
            audit = load_audit(part, model or next(iter(part.models)), method)
            ranking = exported(audit)
            save_table(ranking, out)
    click.echo(f"{len(ranking)} labels ranked, {ranking['label_issue'].sum()} suspected: {out}")
