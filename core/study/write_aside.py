"""Files and folders that appear whole or not at all: written aside, synced, then renamed."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_ENDING = ".partial"
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)
_STRAY_AFTER = 3600.0  # seconds without a write: longer than any writer is silent


@contextmanager
def folder_aside(root: Path) -> Iterator[Path]:
    """A new hidden folder in `root`, removed at the end unless it was renamed meanwhile."""
    aside = root / f".{secrets.token_hex(8)}{_ENDING}"
    aside.mkdir(parents=True)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file's new content aside, then rename it over the old."""
    with file_aside(path) as aside:
        aside.write_bytes(content)


@contextmanager
def file_aside(path: Path) -> Iterator[Path]:
    """A hidden name beside a file for its new content, at the end renamed over the old."""
    aside = path.with_name(f".{secrets.token_hex(8)}{_ENDING}")
    try:
        yield aside
        _sync(aside)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    _sync(path.parent)


def sync_folder(folder: Path) -> None:
    """Have everything below a folder on the disk, not only in memory."""
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def rename_folder(folder: Path, target: Path) -> bool:
    """Rename a folder unless something lies at `target`; says whether it did.

    Raises:
        OSError: for any other reason.
    """
    try:
        folder.rename(target)
    except OSError as error:
        # Another process may have removed it since.
        if error.errno in _TAKEN or os.path.lexists(target):
            return False
        raise
    _sync(target.parent)
    return True


def remove_folder(folder: Path) -> None:
    """Take a folder out of its place at once, then remove its files; a link goes alone."""
    aside = folder.with_name(f".{secrets.token_hex(8)}{_ENDING}")
    folder.rename(aside)
    if aside.is_symlink():
        aside.unlink()
    else:
        shutil.rmtree(aside, ignore_errors=True)


def sweep(root: Path) -> None:
    """Remove what killed writers left in `root`: what nobody has written to for an hour."""
    for stray in root.glob(f".*{_ENDING}"):
        if time.time() - _last_written(stray) > _STRAY_AFTER:
            shutil.rmtree(stray, ignore_errors=True)
            with suppress(OSError):
                stray.unlink(missing_ok=True)  # a file, not a folder


def _last_written(folder: Path) -> float:
    """The latest time below a folder: now, if anything goes while it is looked at."""
    try:
        times = [folder.lstat().st_mtime]
        for parent, folders, files in os.walk(folder):  # unlike rglob, passes over what has gone
            times += [Path(parent, name).lstat().st_mtime for name in (*folders, *files)]
    except FileNotFoundError:  # its writer has just renamed it
        return time.time()
    return max(times)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows does not open folders
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
