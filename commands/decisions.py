"""What was decided on labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import PATH, a_study, json_option
from commands.studies import decision_engine, library
from commands.terminal import one_line_errors, require_place

if TYPE_CHECKING:
    import pandas as pd

    from core.study.dataset import Dataset


@click.command()
@a_study
@click.option("--out", type=PATH, help=".csv or .parquet")
@json_option
def decisions(study: str, out: Path | None, as_json: bool) -> None:
    """List the decisions of the audit that stand: item, label, decision, reviewer, time.

    Read from the database that PENUMBRA_DECISIONS names, or the usual one.
    """
    from core.measures.table import save_table

    with one_line_errors():
        if out:
            require_place(out, ".csv", ".parquet")
        found = _standing(library().load(study).dataset)
        if out:
            save_table(found, out)
    if as_json:
        click.echo(found.reset_index().to_json(orient="records", date_format="iso"))
    elif out:
        click.echo(f"{len(found)} decisions: {out}")
    else:
        click.echo(found.to_string() if len(found) else "Nothing is decided on it.")


def _standing(dataset: Dataset) -> pd.DataFrame:
    """Index `item`; labels by their names."""
    from core.review.database import StoreError
    from core.review.decision_schema import open_store
    from core.review.decisions import current_decisions

    columns = ("given_label", "decision", "new_label", "reviewer", "note", "time", "model")
    try:
        engine = decision_engine()
        open_store(engine)
        found = current_decisions(engine, dataset.fingerprint, columns=columns)
    except StoreError as error:
        raise ValueError(str(error)) from error
    engine.dispose()
    for column in ("given_label", "new_label"):
        found[column] = found[column].map(dict(enumerate(dataset.class_names)))
    return found
