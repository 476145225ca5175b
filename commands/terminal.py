"""What every command does at the terminal: errors in one line, refusals before the work, a bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

TRAINING = {"tensorflow", "tensorflow_probability", "keras", "tf_keras"}
"""What only training and compiling import."""


@contextmanager
def one_line_errors(source: Path | None = None) -> Iterator[None]:
    """What a person can mend is said in one line, with exit code 2.

    Args:
        source: The file that is read, where there is one.
    """
    try:
        yield
    except (ValueError, OSError, ImportError, MemoryError, OverflowError) as error:
        click.echo(f"penumbra: {' '.join(_said(error, source).split())}", err=True)
        raise click.exceptions.Exit(2) from error


def _said(error: Exception, source: Path | None) -> str:
    """The sentence for an error; libraries' own are replaced where they name no file or cure."""
    text = str(error)
    what = source or "It"
    if isinstance(error, MemoryError | OverflowError):
        return f"{what} asks for more memory than there is: {text or 'is it cut or damaged?'}"
    if any(words in text for words in ("allow_pickle=False", "load it unsafely")):
        return f"{what} holds Python objects, and those are never loaded: save it as plain numbers"
    missing = (error.name or "").split(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if missing in TRAINING:
        return "This needs TensorFlow. Install it with: pip install --requirement requirements.txt"
    if missing == "models":
        return "Networks are trained in Penumbra's repository: what is installed only runs them."
    return text


def require(path: Path) -> None:
    """Refuse what is not there."""
    if not path.exists():
        raise FileNotFoundError(f"No such file or folder: {path}")


def require_place(out: Path, *endings: str) -> None:
    """Refuse before the work what could not be written after it."""
    if out.suffix not in endings:
        raise ValueError(f"{out} must end in {' or '.join(endings)}")
    if not out.parent.is_dir():
        raise FileNotFoundError(f"No such folder: {out.parent}")


def require_one_of(option: str, given: str, known: Iterable[str]) -> None:
    """Refuse what is none of the known words."""
    if given not in known:
        raise ValueError(f"{option} must be one of {', '.join(known)}, not {given!r}")


@contextmanager
def progress(unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the error stream if that is a terminal; yields advance(done, total)."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    columns = (TextColumn(unit), BarColumn(), MofNCompleteColumn(), TimeLeft())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(unit, total=None, visible=False)  # until there is something to tell
        yield lambda done, total: bar.update(task, advance=done, total=total, visible=True)
