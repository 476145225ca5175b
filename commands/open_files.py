"""Open predictions of any classifier."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.network_options import read_network
from commands.options import PATH
from commands.serve import NAME, port_option, serve_page
from commands.studies import library
from commands.terminal import one_line_errors, progress

if TYPE_CHECKING:
    from core.networks.own_network import OwnNetwork
    from core.reading.reading import Reading
    from core.stored.opening import Source

KINDS_OF_SCORES = "probabilities, logits, log-probabilities, votes or counts."


@click.command("open")
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--labels", type=PATH, help="A file with the true labels.")
@click.option("--images", type=PATH, help="Where names of pictures start.")
@click.option("--held-out", type=PATH, help="What thresholds are chosen on.")
@click.option("--class-names", type=PATH, help="The names in their order.")
@click.option("--id", "id_column", help="Of the items, or none.")
@click.option("--label", help="The column of the true label.")
@click.option("--as", "kind", help=KINDS_OF_SCORES)
@click.option("--positive", help="The class of one number a row.")
@click.option("--answer", multiple=True, metavar="QUESTION=ANSWER", help="To what is asked.")
@click.option("--name", default="", help="Of the model, where there is one.")
@click.option("--title", default="", help="Of the study.")
@click.option("--noun", default="item", help="Of an item: image, leaf/leaves.")
@click.option("--out", help="The study's key, for its link.")
@click.option(
    "--network",
    "networks",
    multiple=True,
    type=PATH,
    help="That made them, .tflite or .onnx: see check-network.",
)
@click.option(
    "--show/--no-show",
    default=None,
    help="Then start the dashboard on it; `penumbra open` does, if not told.",
)
@port_option
def open_files(
    files: tuple[Path, ...],
    labels: Path | None,
    images: Path | None,
    held_out: Path | None,
    class_names: Path | None,
    id_column: str | None,
    label: str | None,
    kind: str | None,
    positive: str | None,
    answer: tuple[str, ...],
    name: str,
    title: str,
    noun: str,
    out: str | None,
    networks: tuple[Path, ...],
    show: bool | None,
    port: int | None,
) -> None:
    """Open predictions of any classifier: read them, say how, and make a study of them.

    FILES are CSV, Parquet, NPY, NPZ and the like; folders and ZIPs of these. Anything ambiguous is
    asked in a terminal; elsewhere the command ends with exit code 2 and names the option that
    answers the question.
    """
    from core.stored.opening import Opening, Source, read_until_final

    answers = dict(pair.partition("=")[::2] for pair in answer)
    answers |= {k: v for k, v in (("as", kind), ("positive", positive)) if v is not None}
    wanted = Opening(
        [Source(path.name, path) for path in files], _source(labels), _source(held_out),
        _source(class_names), images, id_column, label, answers, name, title, noun, out,
    )  # fmt: skip
    said: list[str] = []
    with one_line_errors():
        shows = _shows(show, port)
        network = read_network(networks, None, {}, said.append) if networks else None
        wanted, reading = read_until_final(wanted, _ask)
        with progress("rows") as advance:
            key = wanted.write(reading, library(), advance)
    click.echo("\n".join([*reading.report.lines(), f"Opened as {key}: /?study={key}"]))
    with one_line_errors():
        _attach(key, network, said)
        if shows:
            serve_page(f"?study={key}", port)


def _source(path: Path | None) -> Source | None:
    """A file under the name that the person knows it by."""
    from core.stored.opening import Source

    return None if path is None else Source(path.name, path)


def _attach(key: str, network: OwnNetwork | None, said: list[str]) -> None:
    """Give the study its network, if one came, and say what was assumed and whether both agree."""
    if network is None:
        return
    # Not before: predictions alone need not wait for LiteRT.
    from core.stored.attached_network import attach_network

    said += attach_network(library(), key, network)
    click.echo("\n".join(said))


def _shows(show: bool | None, port: int | None) -> bool:
    """Whether the dashboard is wanted; a port that is taken is refused before the work."""
    shows = show or (show is None and click.get_current_context().find_root().info_name == NAME)
    if shows and port is not None:
        from penumbra.server import require_free

        require_free(port)
    return shows


def _ask(reading: Reading) -> dict[str, str]:
    """The first open question, answered in the terminal; elsewhere it ends the command."""
    from core.stored.opening import how_to_answer

    if not sys.stdin.isatty():
        raise ValueError(how_to_answer(reading))
    question = reading.questions[0]
    options = dict(enumerate(question.options, 1))
    lines = [f"  {number}. {option.value}: {option.label}" for number, option in options.items()]
    click.echo("\n".join([question.text, *question.evidence, *lines]), err=True)
    said = click.prompt("Answer", default=question.suggested, err=True)
    chosen = options.get(int(said)) if said.isdecimal() else None
    return {question.key: chosen.value if chosen else said}
