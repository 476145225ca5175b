"""Open predictions of any classifier."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.network_options import read_network
from commands.open_run import open_run, run_among
from commands.options import PATH
from commands.serve import port_option, serve_page
from commands.studies import library
from commands.terminal import one_line_errors, progress

if TYPE_CHECKING:
    from core.networks.own_network import OwnNetwork
    from core.reading.reading import Reading
    from core.stored.opening import Opening

KINDS_OF_SCORES = "probabilities, logits, log-probabilities, votes or counts."
FURTHER_FILES = ("labels", "held_out", "class_names", "columns")


@click.command("open")
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--labels", type=PATH, help="A file with the true labels.")
@click.option("--images", type=PATH, help="Where names of pictures start.")
@click.option("--columns", type=PATH, help="A table of further columns: no scores, no labels.")
@click.option("--held-out", type=PATH, help="What thresholds are chosen on.")
@click.option("--class-names", type=PATH, help="The names in their order.")
@click.option("--id", "id", help="Of the items, or none.")
@click.option("--label", help="The column of the true label.")
@click.option("--as", "kind", help=KINDS_OF_SCORES)
@click.option("--positive", help="The class of one number per row.")
@click.option("--answer", multiple=True, metavar="QUESTION=ANSWER", help="To what is asked.")
@click.option("--name", "model", default="", help="Of the model, where there is one.")
@click.option("--title", default="", help="Of the study.")
@click.option("--noun", default="item", help="Of an item: image, leaf/leaves.")
@click.option("--out", "key", help="The study's key, for its link.")
@click.option("--add-to", metavar="STUDY", help="Make it a further model of that study, by id.")
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
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the study, or what is asked.")
def open_files(
    files: tuple[Path, ...],
    kind: str | None,
    positive: str | None,
    answer: tuple[str, ...],
    add_to: str | None,
    networks: tuple[Path, ...],
    show: bool | None,
    port: int | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Open predictions of any classifier: read them, say how, and make a study of them.

    FILES are CSV, Parquet, NPY, NPZ and the like; folders and ZIPs of these; or the folder of parts
    that score wrote, here or in an object store. Anything ambiguous is
    asked in a terminal; elsewhere the command ends with exit code 2 and names the option that
    answers the question.
    """
    answers = dict(pair.partition("=")[::2] for pair in answer)
    answers |= {k: v for k, v in (("as", kind), ("positive", positive)) if v is not None}
    said: list[str] = []
    with one_line_errors():
        shows = _shows(show, port)
        network = read_network(networks, None, {}, said.append) if networks else None
        ask = _ask_in_json if as_json else _ask
        key, items, report = _opened(files, answers, given, ask, add_to)
    if not as_json:
        click.echo("\n".join([*report, _where(key, add_to)]))
    with one_line_errors():
        said += _attached(key, network)
        if as_json:
            told = {"study": key, "items": items, "report": [*report, *said]}
            click.echo(json.dumps(told))
        elif said:
            click.echo("\n".join(said))
        if shows:
            serve_page(_page(key, add_to), port)


def _opened(
    files: tuple[Path, ...],
    answers: dict[str, str],
    given: dict[str, Any],
    ask: Callable[[Reading], dict[str, str]],
    add_to: str | None = None,
) -> tuple[str, int, list[str]]:
    """The study's key, its number of items, and how the files were read."""
    if add_to is None and (run := run_among(files)) is not None:
        return open_run(run, given["title"], given["noun"], given["key"])
    from core.stored.opening import read_until_final

    wanted, reading = read_until_final(_opening(files, answers, given), ask)
    with progress("rows") as advance:
        if add_to is None:
            key, lines = wanted.write(reading, library(), advance), []
        else:
            studies = library()
            joined = wanted.join(reading, studies, add_to)
            wanted.add(joined, studies, add_to, advance)
            key, lines = add_to, joined.lines
    return key, len(reading), [*reading.report.lines(), *lines]


def _where(key: str, add_to: str | None) -> str:
    """Where what was opened is to be seen."""
    return f"{'Opened as' if add_to is None else 'Added to'} {key}: /{_page(key, add_to)}"


def _page(key: str, add_to: str | None) -> str:
    return f"?study={key}" if add_to is None else f"compare?study={key}"


def _opening(files: tuple[Path, ...], answers: dict[str, str], given: dict[str, Any]) -> Opening:
    from core.reading.read import Source
    from core.stored.opening import Opening

    def source(path: Path) -> Source:
        return Source(path.name, path)

    further = {name: source(given[name]) for name in FURTHER_FILES if given[name] is not None}
    return Opening([source(path) for path in files], answers=answers, **(given | further))


def _attached(key: str, network: OwnNetwork | None) -> list[str]:
    """Give the study its network, if one came; says what was assumed and whether both agree."""
    if network is None:
        return []
    # Not before: predictions alone need not wait for LiteRT.
    from core.stored.attached_network import attach_network

    return attach_network(library(), key, network)


def _shows(show: bool | None, port: int | None) -> bool:
    """Whether the dashboard is wanted; a port that is taken is refused before the work."""
    from core.study.command_name import NAME

    shows = show or (show is None and click.get_current_context().find_root().info_name == NAME)
    if shows and port is not None:
        from penumbra.server import require_free

        require_free(port)
    return shows


def _ask_in_json(reading: Reading) -> dict[str, str]:
    """The first open question for a program, which may come again with an answer."""
    click.echo(json.dumps({"question": reading.questions[0].as_dict()}))
    raise click.exceptions.Exit(2)


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
    chosen = options.get(int(said)) if said.isdecimal() and len(said) < 4 else None
    return {question.key: chosen.value if chosen else said}
