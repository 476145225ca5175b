"""The pictures of a folder, of a ZIP file or of one file, and the labels that their names state."""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from core.pictures.array_files import holds_arrays
from core.pictures.picture_files import (
    SUFFIXES,
    PictureError,
    looks_like_picture,
    shown_name,
)

NAMED = (*SUFFIXES, ".svg", ".pdf")
MOST_BYTES = 200_000_000
_LABEL_FIRST = re.compile(r"(.+?)(?:_.*|-\D.*)?$", re.DOTALL)
_LABEL_LAST = re.compile(r"(?:digit|label|class|number)[ _-]?(.+)$", re.IGNORECASE)


@dataclass(frozen=True)
class PictureSource:
    """One picture file.

    Attributes:
        name: Relative to what it was found in, with `/`.
        label: The position of the class that its name or folder states, or None.
        read: Gives its bytes.
    """

    name: str
    label: int | None
    read: Callable[[], bytes]


def find_sources(path: Path, class_names: Sequence[str] | None = None) -> list[PictureSource]:
    """The pictures of a folder or a ZIP file, sorted by path; of another file, that file.

    A file states a label by its sub-folder (`7/x.png`), by the beginning of its name (`7_x.png`,
    `8-x.png`), by its whole name (`7.png`, where its neighbours are not numbered on) or by the end
    of it (`digit_7.png`). Hidden files are left out, and links that lead out of the folder.

    Args:
        path: The folder or file.
        class_names: The names that give labels; None gives none.

    Raises:
        ValueError: a file that says it is a ZIP file and is broken.
    """
    files: dict[str, Callable[[], bytes]]
    if path.is_dir():
        files = {name: (path / name).read_bytes for name in _names_in(path)}
    elif zipfile.is_zipfile(path):
        files = _members(path, str(path))
    else:
        files = {path.name: path.read_bytes}
    return _sources(files, class_names)


def find_in_zip(
    raw: bytes, shown: str, class_names: Sequence[str] | None = None
) -> list[PictureSource]:
    """The pictures of a ZIP file's bytes; see `find_sources`.

    Args:
        raw: The bytes; nothing is written to disk.
        shown: The file's name, for messages.
        class_names: As there.

    Raises:
        ValueError: it is broken.
    """
    return _sources(_members(io.BytesIO(raw), shown), class_names)


def _sources(
    files: dict[str, Callable[[], bytes]], class_names: Sequence[str] | None
) -> list[PictureSource]:
    names = sorted(files, key=lambda name: PurePosixPath(name).parts)
    return [
        PictureSource(name, stated_label(name, names, class_names or ()), files[name])
        for name in names
    ]


def holds_pictures(path: Path) -> bool:
    """Whether a path is to be read by `find_sources`, and not as a file of arrays.

    True of a folder, of a ZIP file without arrays, and of a file that is a picture by its content
    or by its ending.
    """
    if path.is_dir() or path.suffix.lower() in NAMED:
        return True
    if not path.is_file():
        return False
    if zipfile.is_zipfile(path):
        return not holds_arrays(path)
    with path.open("rb") as file:
        return looks_like_picture(file.read(16))


def _names_in(folder: Path) -> list[str]:
    root = folder.resolve()
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if _is_picture(path.relative_to(folder).as_posix())
        and path.is_file()
        and path.resolve().is_relative_to(root)
    ]


def _is_picture(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return path.suffix.lower() in NAMED and not hidden


def _members(archive: Path | IO[bytes], shown: str) -> dict[str, Callable[[], bytes]]:
    """Raises ValueError if the file is no whole ZIP file."""
    try:
        with zipfile.ZipFile(archive) as opened:
            names = [info.filename for info in opened.infolist() if not info.is_dir()]
    except (OSError, zipfile.BadZipFile) as error:
        raise ValueError(f"{shown} is broken: {error}") from error
    return {name: partial(_member, archive, name) for name in names if _is_picture(name)}


def _member(path: Path | IO[bytes], name: str) -> bytes:
    """One member's bytes, never written to disk.

    Raises:
        PictureError: it is broken, locked, or larger than 200 MB.
    """
    shown = shown_name(name)
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            raw = file.read(MOST_BYTES + 1)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise PictureError(f"{shown} is damaged or locked in its ZIP file.") from error
    if len(raw) > MOST_BYTES:
        raise PictureError(f"{shown} is too large: at most {MOST_BYTES // 10**6} MB can be read.")
    return raw


def stated_label(name: str, names: Sequence[str], class_names: Sequence[str]) -> int | None:
    """The position of the class that a file's name or folder states; see `find_sources`.

    Args:
        name: Relative to what it was found in, with `/`.
        names: Of all files that came with it; numbers that run on are no labels.
        class_names: The names to state.
    """
    path = PurePosixPath(name)
    for stated in (path.parent.name, *_stated(path, names)):
        if stated in class_names:
            return list(class_names).index(stated)
    return None


def _stated(path: PurePosixPath, names: Sequence[str]) -> list[str]:
    """What a file's own name may state, the likeliest first."""
    if path.stem.isdecimal():
        numbers = [PurePosixPath(name) for name in names]
        beside = {p.stem for p in numbers if p.parent == path.parent and p.stem.isdecimal()}
        is_numbered = any(len(stem) > 1 for stem in beside)
        return [] if is_numbered else [path.stem]
    first, last = _LABEL_FIRST.match(path.stem), _LABEL_LAST.match(path.stem)
    return [found[1] for found in (first, last) if found]


def readable_name(name: str) -> str:
    """A name that is no UTF-8 is a text in Python but cannot be written as one: made so."""
    return os.fsencode(name).decode(errors="backslashreplace")
