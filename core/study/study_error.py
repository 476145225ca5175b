"""What goes wrong with a study on disk."""

from __future__ import annotations

from pathlib import Path


class StudyError(ValueError):
    """A study that cannot be read, written or found; the message is one sentence with the cure."""


CARD = "study.json"
"""The file that every study's folder holds."""


def place_of(path: Path) -> str:
    """A study's file as anybody may read it: from the folder on that the study is called after.

    Where that folder lies on this machine is nobody's business but its owner's.
    """
    for folder in path.parents:
        if path.name == CARD or (folder / CARD).exists():
            return path.relative_to(folder.parent).as_posix()
    return "/".join(path.parts[-2:])


def unreadable(path: Path, cause: OSError) -> StudyError:
    """The sentence for a file that the system does not give."""
    if isinstance(cause, FileNotFoundError | NotADirectoryError):
        return StudyError(
            f"{place_of(path)} is missing: the study was moved, deleted or written only in part;"
            " open its files anew."
        )
    if isinstance(cause, PermissionError):
        return StudyError(f"{place_of(path)} may not be read: change its permissions.")
    return StudyError(f"{place_of(path)} cannot be read: {cause.strerror or cause}.")


def unwritable(path: Path, cause: OSError) -> StudyError:
    """The sentence for a file or folder that the system does not let be written."""
    if isinstance(cause, PermissionError):
        return StudyError(
            f"{place_of(path)} may not be written: change its permissions, or keep studies"
            " elsewhere with PENUMBRA_STUDIES."
        )
    return StudyError(f"{place_of(path)} cannot be written: {cause.strerror or cause}.")
