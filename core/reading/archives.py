"""gzip and ZIP: sizes are checked before and while unpacking, names never become paths."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
from pathlib import Path, PurePath, PurePosixPath
from typing import IO

import numpy as np

from core.reading import numpy_files, scratch
from core.reading.errors import ReadingError
from core.reading.refused import refuse_archive

GZIP, ZIP, EMPTY_ZIP = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
NO_DATA = frozenset(
    {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic"}
    | {".md", ".rst", ".yaml", ".yml", ".py", ".ipynb", ".log", ".toml", ".cfg"}
)
"""Endings of pictures and notes that may lie beside predictions."""


def is_archive(start: bytes) -> bool:
    """Whether a file begins as gzip or ZIP do."""
    return start.startswith((GZIP, ZIP, EMPTY_ZIP))


def is_hidden(name: PurePath) -> bool:
    """Whether a file is one that systems leave behind."""
    return any(part.startswith((".", "__MACOSX")) for part in name.parts)


def npz_arrays(file: str, path: Path) -> dict[str, np.ndarray] | None:
    """The arrays of a ZIP that is an NPZ; None for every other archive.

    Raises:
        ReadingError: it is cut, damaged, hostile or refused.
    """
    with path.open("rb") as stream:
        if stream.read(2) == GZIP:
            return None
    try:
        with zipfile.ZipFile(path) as archive:
            infos = _checked(archive, file)
            if all(info.filename.endswith(".npy") for info in infos):
                return numpy_files.read_npz(path, archive, file)
    except numpy_files.DAMAGED as error:
        raise _damaged(file) from error
    return None


def _damaged(file: str) -> ReadingError:
    return ReadingError(f"{file} is a cut, damaged or encrypted archive; copy or pack it again.")


def _checked(archive: zipfile.ZipFile, file: str) -> list[zipfile.ZipInfo]:
    """The files of a ZIP, once its names and sizes were looked at."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    refuse_archive(file, archive.namelist())
    _check_room(sum(info.file_size for info in infos), file)
    if not infos:
        raise ReadingError(f"{file} is an empty archive; pack it anew.")
    return infos


def unpack(file: str, path: Path, folder: Path, others: list[str]) -> list[tuple[str, Path]]:
    """Unpack an archive into a folder of our own, under names of our own.

    Args:
        file: The archive's name.
        path: Where it lies.
        folder: Empty.
        others: Gains the names of pictures and notes, which stay packed.

    Returns:
        The name and the place of every file.

    Raises:
        ReadingError: it is cut, damaged, too large, or holds another archive.
    """
    try:
        if not zipfile.is_zipfile(path):
            return [(file, _gunzip(file, path, folder))]
        with zipfile.ZipFile(path) as archive:
            return _unzip(archive, file, folder, others)
    except numpy_files.DAMAGED as error:
        raise _damaged(file) from error


def _gunzip(file: str, path: Path, folder: Path) -> Path:
    place = folder / f"0{PurePosixPath(file.removesuffix('.gz')).suffix.lower()[:8]}"
    with gzip.open(path) as packed, place.open("wb") as unpacked:
        _copy(packed, unpacked, file)
    return place


def _unzip(
    archive: zipfile.ZipFile, file: str, folder: Path, others: list[str]
) -> list[tuple[str, Path]]:
    found = []
    for number, info in enumerate(_checked(archive, file)):
        name = PurePosixPath(info.filename)
        if is_hidden(name):
            continue
        if name.suffix.lower() in NO_DATA:
            others.append(info.filename)
            continue
        place = folder / f"{number}{name.suffix.lower()[:8]}"
        with archive.open(info) as packed, place.open("wb") as unpacked:
            _copy(packed, unpacked, file)
        _refuse_inner_archive(place, info.filename, file)
        found.append((info.filename, place))
    return found


def _refuse_inner_archive(place: Path, name: str, file: str) -> None:
    with place.open("rb") as stream:
        packed = stream.read(4) == ZIP
    if packed and not name.lower().endswith(".npz"):
        raise ReadingError(f"{file} holds another archive, {name!r}; unpack it first.")


def _copy(packed: IO[bytes] | gzip.GzipFile, unpacked: IO[bytes], file: str) -> None:
    written = 0
    while chunk := packed.read(2**20):
        written += len(chunk)
        _check_room(written, file)
        unpacked.write(chunk)


def _check_room(size: int, file: str) -> None:
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if size > scratch.MOST_BYTES or size > free:
        raise ReadingError(
            f"{file} unpacks to {size / 2**30:,.1f} GB or more, over the limit of "
            f"{min(scratch.MOST_BYTES, free) / 2**30:,.1f} GB; unpack it yourself or split it."
        )
