"""What goes wrong with a file that ships with the project."""

from __future__ import annotations

from pathlib import Path

from core.study.command_name import COMMAND

ROOT = Path(__file__).resolve().parents[2]


class ArtifactError(ValueError):
    """A file that ships with the project is missing, truncated or foreign.

    The message names the file, from the project's folder on, and the command that remakes it.
    """

    def __init__(self, path: Path, cause: Exception, remake: str) -> None:
        problem = "is missing" if isinstance(cause, FileNotFoundError) else "cannot be read"
        shown = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        super().__init__(f"{shown} {problem}. Remake it with: {COMMAND} {remake}")
