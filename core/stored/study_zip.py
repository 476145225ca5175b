"""A study as one ZIP file, to take elsewhere; what comes from elsewhere is not trusted."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from core.stored import folder_layout as layout
from core.stored.folder import check_study, place_study
from core.stored.slugs import slug
from core.stored.study_card import NAME, card_bytes, read_card
from core.study.study_error import StudyError, unreadable, unwritable
from core.study.write_aside import file_aside, folder_aside, sweep

MOST_BYTES = 50_000_000_000
_SPARE_BYTES = 500_000_000  # left free on the disk
_PIECE = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def pack_study(folder: Path, out: Path | BinaryIO) -> None:
    """A study's folder as a ZIP, stored, not compressed: its values hardly shrink.

    Picture files that lie outside the folder stay where they are.

    Args:
        folder: Of the study.
        out: A path, where it appears whole or not at all, or a file open for writing.

    Raises:
        StudyError: the folder is no study, or a file cannot be read or written.
    """
    read_card(folder)
    try:
        if isinstance(out, Path):
            with file_aside(out) as aside:
                _pack(folder, aside)
        else:
            _pack(folder, out)
    except FileNotFoundError as error:
        raise unreadable(folder, error) from error
    except OSError as error:
        raise unwritable(out if isinstance(out, Path) else folder, error) from error


def _pack(folder: Path, out: Path | BinaryIO) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            if layout.belongs(parts) and not path.is_symlink():
                archive.write(path, "/".join((folder.name, *parts)))


def unpack_study(
    source: Path | BinaryIO,
    root: Path,
    images: Path | None = None,
    is_taken: Callable[[str], bool] = lambda key: False,
    key: str | None = None,
) -> Path:
    """Put the study of a ZIP below `root`, whole or not at all, and give its folder.

    Only the files of a study are taken. Where its pictures are files outside it, the folder that
    it names is not believed: it may be anyone's.

    Args:
        source: A path, or an open file.
        root: The folder of all studies.
        images: Where the study's picture files lie here, if they do.
        is_taken: Whether a key must not be used.
        key: The study's key here; made from its title, with a number if taken, if None.

    Raises:
        StudyError: it is no study in a ZIP, too large, or damaged, or cannot be stored here.
    """
    name = str(source) if isinstance(source, Path) else "The file"
    try:
        with zipfile.ZipFile(source) as archive:
            members = _members(name, archive)
            sweep(root)
            with folder_aside(root) as aside:
                _check_room(name, members, root)
                for parts, member in members.items():
                    _extract(name, archive, member, aside.joinpath(*parts))
                title = _settle(name, aside, images)
                wanted = slug(title, "study") if key is None else key
                return place_study(aside, root, wanted, key is None, is_taken)
    except _BROKEN as error:
        raise StudyError(f"{name} is no ZIP of a study, or is cut off or damaged.") from error
    except FileNotFoundError as error:
        raise unreadable(Path(name), error) from error
    except OSError as error:
        raise unwritable(root, error) from error


def _members(name: str, archive: zipfile.ZipFile) -> dict[tuple[str, ...], zipfile.ZipInfo]:
    """The files by their path in the study; all of them must be a study's."""
    files = [member for member in archive.infolist() if not member.is_dir()]
    paths = {member.filename: PurePosixPath(member.filename).parts for member in files}
    cards = [parts for parts in paths.values() if parts[-1:] == (NAME,)]
    above = min((parts[:-1] for parts in cards), key=len, default=())
    found: dict[tuple[str, ...], zipfile.ZipInfo] = {}
    for member in files:
        parts = paths[member.filename]
        inner, kind = parts[len(above) :], stat.S_IFMT(member.external_attr >> 16)
        plain = kind in {0, stat.S_IFREG} and not member.flag_bits & 1
        fits = len(above) < 2 and parts[: len(above)] == above and layout.belongs(inner)
        if not (plain and fits) or inner in found:
            raise StudyError(f"{name} holds {member.filename!r}, which is no file of a study.")
        found[inner] = member
    if (NAME,) not in found:
        raise StudyError(f"{name} holds no {NAME}, so it is no study.")
    return found


def _check_room(name: str, members: dict[tuple[str, ...], zipfile.ZipInfo], root: Path) -> None:
    needed = sum(member.file_size for member in members.values())
    room = min(MOST_BYTES, shutil.disk_usage(root).free - _SPARE_BYTES)
    if needed > room:
        raise StudyError(
            f"{name} unpacks to {needed / 1e9:.1f} GB; there is room for {max(0, room) / 1e9:.1f}."
        )


def _extract(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
    """One file; no more bytes than it said."""
    path.parent.mkdir(parents=True, exist_ok=True)
    left = member.file_size
    with archive.open(member) as packed, path.open("xb") as file:
        while piece := packed.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise StudyError(f"{name} holds more of {member.filename!r} than it says.")
            file.write(piece)
            os.utime(path.parent)


def _settle(name: str, aside: Path, images: Path | None) -> str:
    """Check the unpacked files, write the card anew, and give the title."""
    try:
        card = read_card(aside)
        check_study(aside)
    except StudyError as error:
        raise StudyError(f"{name} is damaged: {_without(str(error), aside)}") from error
    root = None if images is None or card.pictures != "files" else str(images.resolve())
    card = replace(card, picture_root=root, opened=(aside / NAME).stat().st_mtime)
    (aside / NAME).write_bytes(card_bytes(card))
    return card.title


def _without(sentence: str, folder: Path) -> str:
    """The sentence with paths as they are in the ZIP."""
    return sentence.replace(f"{folder.name}/", "").replace(str(folder), "it")
