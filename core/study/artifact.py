"""What goes wrong with a file that ships with the project."""

from __future__ import annotations

from pathlib import Path


class ArtifactError(ValueError):
    """A file that ships with the project is missing, truncated or foreign.

    The message names the file and the command that remakes it.
    """

    def __init__(self, path: Path, cause: Exception, remake: str) -> None:
        problem = "is missing" if isinstance(cause, FileNotFoundError) else "cannot be read"
        super().__init__(f"{path} {problem}. Remake it with: python cli.py {remake}")
