"""Penumbra in the terminal: train, export, score, evaluate."""

from __future__ import annotations

import os

import click

from commands.audit import audit
from commands.backup import backup, restore
from commands.check_network import check_network
from commands.compare import compare
from commands.decisions import decisions
from commands.doctor import doctor
from commands.evaluate import evaluate
from commands.feature_map import feature_map
from commands.open_files import open_files
from commands.score import score
from commands.serve import serve
from commands.stress import stress
from commands.training import export, pack, three_ways, train

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@click.group(no_args_is_help=True, help=__doc__)
def app() -> None:
    """The commands."""


for command in (
    serve,
    open_files,
    check_network,
    score,
    evaluate,
    audit,
    compare,
    feature_map,
    decisions,
    stress,
    train,
    export,
    three_ways,
    pack,
    doctor,
    backup,
    restore,
):
    app.add_command(command)

if __name__ == "__main__":
    app()
