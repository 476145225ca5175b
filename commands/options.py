"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path

import click

PATH = click.Path(path_type=Path)
DEFAULT_MODEL = "ensemble"
a_model = click.option(
    "--model",
    default=DEFAULT_MODEL,
    show_default=True,
    help="article, ensemble or bayesian: a folder in models/artifacts.",
)
training_labels = click.option(
    "--labels", type=PATH, help="Corrected labels of the training images."
)


def _first_study() -> str:
    from examples import BUNDLED

    return next(iter(BUNDLED))


a_study = click.option(
    "--study",
    default=_first_study,
    show_default="the one that ships",
    help="A study's key, or a folder that score wrote.",
)
model_of_study = click.option(
    "--model", default=None, help="Of the study; its first one if not given."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
