"""How a network does as its images get worse."""

from __future__ import annotations

import json

import click

from commands.options import a_model, json_option
from commands.terminal import one_line_errors, progress


@click.command()
@a_model
@json_option
def stress(model: str, as_json: bool) -> None:
    """Error, confidence and ECE on the test images under fifteen kinds of damage (MNIST-C's)."""
    from core.networks.stress import stress_classifier
    from examples.mnist import load_study

    with one_line_errors(), progress("kinds") as advance:
        found = stress_classifier(load_study(), model, advance)
    lines = [
        f"{name:>14}  error {row['error']:.4f}  confidence {row['confidence']:.4f}"
        f"  ece {row['ece']:.4f}  {row['counterpart'] or 'never trained on'}"
        for name, row in found["families"].items()
    ]
    lines.append(f"{'mean':>14}  error {found['mean_error']:.4f}")
    click.echo(json.dumps({"model": model} | found) if as_json else "\n".join(lines))
