"""Look at a network before trusting it with a million pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from commands.network_options import class_names_option, network_options, read_network
from commands.options import PATH
from commands.terminal import one_line_errors, require


@click.command("check-network")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=PATH)
@click.option("--images", type=PATH, required=True, help="A folder, ZIP file or picture.")
@click.option("--pictures", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--save", is_flag=True, help="Write what was settled into network.json beside FILE.")
@class_names_option
@network_options
def check_network(
    files: tuple[Path, ...],
    images: Path,
    pictures: int,
    save: bool,
    class_names: Path | None,
    **options: Any,
) -> None:
    """Run ten pictures through a network, and say what was assumed and what looks wrong.

    FILE is .tflite or .onnx; several are the members of an ensemble. What a file does not say
    stands in a network.json beside it, or is said by an option. Sub-folders named like the classes
    give labels: with eight or more, other ways to scale and to order colours are tried, and one
    that fits far better is named. Nothing is chosen for you.

    Exit code 1: something looks wrong. Exit code 2: the network or the pictures cannot be read.
    """
    from core.networks.check_network import check_network as check
    from core.networks.check_network import shown_rows
    from core.networks.network_card import NAME, card_bytes
    from core.study.write_aside import replace_file

    with one_line_errors():
        require(images)
        network = read_network(files, class_names, options, click.echo)
        checked = check(network, images, pictures)
        if save:
            replace_file(files[0].parent / NAME, card_bytes(checked.network.card))
    click.echo("\n".join([*checked.lines, "", *shown_rows(checked)]))
    for sign in checked.signs:
        click.echo(f"penumbra: {sign}", err=True)
    if checked.signs:
        raise click.exceptions.Exit(1)
