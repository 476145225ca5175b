"""Options that say of a network what its file does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.options import PATH

if TYPE_CHECKING:
    from core.networks.own_network import OwnNetwork

NAMES = (
    "size", "colour", "layout", "scaling", "mean", "deviation", "fit", "outputs", "scores",
    "features", "reads",
)  # fmt: skip


def _sides(context: click.Context, option: click.Parameter, given: str | None) -> Any:
    """224, or 200x300 as height and width."""
    if given is None:
        return None
    parts = given.lower().replace("×", "x").split("x")
    if not all(re.fullmatch(r"\s*[0-9]{1,6}\s*", part) for part in parts) or len(parts) > 2:
        raise click.BadParameter("write a side in pixels, or height x width: 200x300")
    sides = [int(part) for part in parts]
    return sides if len(sides) == 2 else sides[0]


def _numbers(context: click.Context, option: click.Parameter, given: str | None) -> Any:
    """0.5, or 0.485,0.456,0.406."""
    if given is None:
        return None
    try:
        return [float(part) for part in given.split(",")]
    except ValueError as error:
        raise click.BadParameter("write one number, or three with commas between") from error


_OPTIONS = (
    click.option("--size", callback=_sides, help="Of its input: 224, or 200x300."),
    click.option("--colour", help="Of its input: grey, rgb or bgr."),
    click.option("--layout", help="Of its input: NHWC, NCHW, NHW or flat."),
    click.option("--scaling", help="Of pixels: 0-255, 0-1 or -1-1."),
    click.option("--mean", callback=_numbers, help="Subtracted after scaling."),
    click.option("--deviation", callback=_numbers, help="Divided by after that."),
    click.option("--fit", help="Of pictures of another shape: stretch or crop."),
    click.option("--outputs", help="logits, probabilities or log-probabilities."),
    click.option("--scores", help="The output with the class scores."),
    click.option("--features", help="The output with the features."),
    click.option("--reads", help="pictures as a whole, or ink on paper."),
)


def network_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, in this order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def class_names_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option for a file with the class names."""
    return click.option("--class-names", type=PATH, help="The names in their order.")(command)


def read_network(
    files: Sequence[Path], class_names: Path | None, options: dict[str, Any],
    say: Callable[[str], None],
) -> OwnNetwork:  # fmt: skip
    """The network of some files with what the options say.

    Raises:
        NetworkError: a file cannot be used, or leaves open what only a person knows.
        ReadingError: the file of class names cannot be read.
    """
    from core.networks.own_network import own_network
    from core.reading.classes import read_class_names
    from core.reading.containers import Source

    names = (
        {}
        if class_names is None
        else {"class_names": read_class_names(Source(class_names.name, class_names))}
    )
    return own_network(files, options | names, say)
