"""The dashboard, started from the terminal."""

from __future__ import annotations

import os
import sys
import webbrowser

import click

from commands.terminal import one_line_errors

port_option = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="8501, or any free one where it is taken, if not given.",
)


@click.command()
@port_option
def serve(port: int | None) -> None:
    """Start the dashboard on this machine, until Ctrl+C."""
    with one_line_errors():
        serve_page("", port)


def serve_page(page: str, port: int | None) -> None:
    """Start the dashboard, say where a page of it is, and stay until it ends or Ctrl+C.

    Args:
        page: Its name and its link, empty for the first page.
        port: The port that was asked for.

    Raises:
        ServerError: the dashboard does not start, or it ended by itself.
    """
    from penumbra.server import USUAL_PORT, Server, ServerError, is_free

    server = Server(port or (USUAL_PORT if is_free(USUAL_PORT) else None))
    try:
        server.wait_until_ready()
        click.echo(f"{server.url}/{page}\nCtrl+C ends it.")
        if sys.stdout.isatty() and _has_screen():
            webbrowser.open(f"{server.url}/{page}")
        server.process.wait()
        raise ServerError("The dashboard has ended; start it again.")
    except KeyboardInterrupt:
        click.echo("")
    finally:
        server.end()


def _has_screen() -> bool:
    """Not over SSH and the like: a browser for the terminal would open in it."""
    return sys.platform != "linux" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ))
