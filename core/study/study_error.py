"""What goes wrong with a study on disk."""

from __future__ import annotations

from pathlib import Path


class StudyError(ValueError):
    """A study that cannot be read, written or found; the message is one sentence with the cure."""


def unreadable(path: Path, cause: OSError) -> StudyError:
    """The sentence for a file that the system does not give."""
    if isinstance(cause, FileNotFoundError | NotADirectoryError):
        return StudyError(
            f"{path} is missing: the study was moved, deleted or written only in part;"
            " open its files anew."
        )
    if isinstance(cause, PermissionError):
        return StudyError(f"{path} may not be read: change its permissions.")
    return StudyError(f"{path} cannot be read: {cause.strerror or cause}.")


def unwritable(path: Path, cause: OSError) -> StudyError:
    """The sentence for a file or folder that the system does not let be written."""
    if isinstance(cause, PermissionError):
        return StudyError(
            f"{path} may not be written: change its permissions, or keep studies elsewhere with"
            " PENUMBRA_STUDIES."
        )
    return StudyError(f"{path} cannot be written: {cause.strerror or cause}.")
