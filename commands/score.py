"""Score images with a network that ships."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.options import PATH, a_model
from commands.parts_options import parts_options, works_in_parts
from commands.parts_wanted import Wanted
from commands.score_parts import score_in_parts
from commands.terminal import one_line_errors, progress, require, require_place

if TYPE_CHECKING:
    from core.networks.scoring import Advance


@click.command()
@click.argument("source", metavar="INPUT")
@click.option("--out", required=True, help=".parquet or .csv, or a folder of parts.")
@a_model
@click.option(
    "--network", "networks", multiple=True, type=PATH, help="Your own: see check-network."
)
@click.option("--threads", type=click.IntRange(min=1), help="All cores if not given.")
@parts_options
@click.option(
    "--labels",
    type=click.Choice(["given", "none"]),
    default="given",
    show_default=True,
    help="As stated by the input, for pictures by name; or none.",
)
@click.option("--key", help="The images' array, where a file holds several.")
@click.option(
    "--scale",
    type=click.Choice(["1", "255", "standardised"]),
    help="What full ink is, where values do not tell.",
)
@click.option("--invert", is_flag=True, help="Dark ink on light ground, turned round.")
@click.option("--transpose", is_flag=True, help="Exchange rows and columns, as for EMNIST.")
@click.option("--mirror", is_flag=True, help="Exchange left and right.")
def score(
    source: str,
    out: str,
    model: str,
    networks: tuple[Path, ...],
    threads: int | None,
    labels: str,
    key: str | None,
    **more: Any,
) -> None:
    """Score images: one row each with the prediction and every measure.

    INPUT is a file of arrays (.npz, .npy, IDX, a CSV with a column per pixel, gzip or plain), or
    pictures: a folder, a ZIP file, or one photograph, scan or drawing with one or several digits.
    It is told by its content; a line says how it was read. The names 7.png, 7_anything.png and
    digit_7.png and a sub-folder 7 state the label.

    With --network, --engine ray or a folder as --out it works in parts, and reads more: folders of
    any number of pictures, each read as a whole, Parquet with pictures or their paths, tar files of
    WebDataset, and addresses such as s3://bucket/folder. A part that is there is never scored
    again: --resume goes on where a run was ended. What comes of it opens as a study.

    Exit code 1: some pictures gave no digit or have too many marks, a line each says why, and the
    others are scored. Exit code 2: nothing could be scored, and nothing is written.
    """
    form = {name: more.pop(name) for name in ("scale", "invert", "transpose", "mirror")}
    if works_in_parts(source, out, networks, more):
        columns = {name: more.pop(name) for name in ("image", "id", "label")}
        temperature = more.pop("temperature")
        wanted = Wanted(
            source=source, out=out, networks=networks, model=model, threads=threads, key=key,
            use_labels=labels == "given", columns=columns, form=form, temperature=temperature,
            **more,
        )  # fmt: skip
        score_in_parts(wanted)
        return
    _score_at_once(Path(source), Path(out), model, threads, labels, key, form)


def _score_at_once(
    source: Path, out: Path, model: str, threads: int | None, labels: str, key: str | None,
    form: dict[str, Any],
) -> None:  # fmt: skip
    """One file of arrays, or pictures with handwriting on them, into one table."""
    from core.pictures.picture_sources import holds_pictures

    with one_line_errors(source):
        require(source)
        require_place(out, ".parquet", ".csv")
        pictures = holds_pictures(source)
        if pictures:
            _refuse_array_options(source, {"key": key} | form)
    said: list[str] = []
    with one_line_errors(source), progress("pictures" if pictures else "images") as advance:
        read = _score_pictures if pictures else partial(_score_arrays, key=key, form=form)
        count, refused = read(source, out, model, threads, advance, labels == "given", said.append)
    for line in [*said, *refused]:
        click.echo(f"penumbra: {line}", err=True)
    click.echo(f"{count} images scored: {out}" if count else "nothing scored")
    if refused:
        raise click.exceptions.Exit(1 if count else 2)


def _refuse_array_options(source: Path, options: dict[str, Any]) -> None:
    given = [f"--{name}" for name, value in options.items() if value]
    if given:
        raise ValueError(f"{source} holds pictures: {', '.join(given)} is for a file of arrays")


def _score_pictures(
    source: Path, out: Path, model: str, threads: int | None, advance: Advance, use_labels: bool,
    say: Callable[[str], None],
) -> tuple[int, list[str]]:  # fmt: skip
    from core.networks.picture_folder import score_folder
    from core.networks.scoring import scorer_of
    from examples import load_first

    scorer = scorer_of(load_first(), model)
    return score_folder(source, out, scorer, threads, advance, use_labels, say)


def _score_arrays(
    source: Path, out: Path, model: str, threads: int | None, advance: Advance, use_labels: bool,
    say: Callable[[str], None], key: str | None, form: dict[str, Any],
) -> tuple[int, list[str]]:  # fmt: skip
    from core.networks.scoring import score_file, scorer_of
    from core.pictures.array_forms import Form
    from examples import load_first

    scorer = scorer_of(load_first(), model)
    count = score_file(
        source, out, scorer, threads, advance, use_labels, key, Form(**form), say
    )  # fmt: skip
    return count, []
