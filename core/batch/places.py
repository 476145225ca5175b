"""Files here and in object stores alike: `/data/x`, `s3://bucket/x`, `gs://bucket/x`."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, Any

from core.study.write_aside import file_aside, sweep

_EXTRAS = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs"}


class PlaceError(ValueError):
    """An address that cannot be read or written; the message is one sentence with the cure."""


@dataclass(frozen=True)
class Place:
    """A file or a folder, which need not be there.

    Attributes:
        address: A local path, or an address with a protocol.
    """

    address: str

    @property
    def is_remote(self) -> bool:
        """Whether it lies in an object store, or behind another protocol."""
        return "://" in self.address

    @property
    def name(self) -> str:
        """Its last part."""
        return PurePosixPath(self._path).name

    def __truediv__(self, name: str) -> Place:
        return Place(f"{self.address.rstrip('/')}/{name}")

    def __str__(self) -> str:
        return self.address

    def exists(self) -> bool:
        """Whether there is a file or a folder."""
        with self._faults():
            if not self.is_remote:
                return Path(self.address).exists()
            self.store.invalidate_cache()
            return bool(self.store.exists(self._path))

    def is_folder(self) -> bool:
        """Whether there is a folder."""
        with self._faults():
            if not self.is_remote:
                return Path(self.address).is_dir()
            return bool(self.store.isdir(self._path))

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its content, to be read.

        Raises:
            PlaceError: it is not there, or may not be read.
        """
        with self._faults():
            here = Path(self.address)
            opened: Any = here.open("rb") if not self.is_remote else self._opened_there()
        with opened as file:
            yield file

    def read(self) -> bytes:
        """Its content whole."""
        with self._faults(), self.open() as file:
            return file.read()

    def write_new(self, content: bytes) -> bool:
        """Write a file that is not there yet, whole or not at all; says whether it did.

        In an object store it is put if absent: of two who write it, one does. Here it is written
        aside and renamed, which two with the same content may both do.

        Raises:
            PlaceError: it cannot be written.
        """
        if not self.is_remote:
            with self._faults(), file_aside(Path(self.address)) as aside:
                aside.write_bytes(content)
            return True
        try:
            with self._faults():
                self.store.pipe_file(self._path, content, mode="create")
        except PlaceError:
            if self.exists():
                return False
            raise
        return True

    def make_folder(self) -> None:
        """Make a folder where one is needed: an object store needs none but its bucket.

        Raises:
            PlaceError: it cannot be made; the bucket does not exist.
        """
        with self._faults():
            if not self.is_remote:
                Path(self.address).mkdir(parents=True, exist_ok=True)
                sweep(Path(self.address))
                return
            bucket = PurePosixPath(self._path).parts[0]
            if not self.store.exists(bucket):
                raise FileNotFoundError(bucket)

    def listed(self) -> dict[str, int]:
        """Every file below a folder: its path relative to it, with `/`, and its bytes; sorted.

        Hidden files are left out, and local links that lead out of the folder.

        Raises:
            PlaceError: the folder is not there or may not be read.
        """
        with self._faults():
            found = self._listed_there() if self.is_remote else self._listed_here()
        hidden = {name for name in found if any(p.startswith(".") for p in name.split("/"))}
        return {name: found[name] for name in sorted(found.keys() - hidden)}

    def _listed_here(self) -> dict[str, int]:
        root = Path(self.address)
        if not root.is_dir():
            raise FileNotFoundError(root)
        real = root.resolve()
        return {
            path.relative_to(root).as_posix(): path.stat().st_size
            for path in root.rglob("*")
            if path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(real))
        }

    def _listed_there(self) -> dict[str, int]:
        self.store.invalidate_cache()
        found = self.store.find(self._path, detail=True)
        if not found and not self.store.exists(self._path):
            raise FileNotFoundError(self._path)
        start = self._path.rstrip("/") + "/"
        return {
            path.removeprefix(start): int(each.get("size") or 0) for path, each in found.items()
        }

    def _opened_there(self) -> Any:
        return self.store.open(self._path, "rb")

    @property
    def _path(self) -> str:
        return self._there[1] if self.is_remote else self.address

    @property
    def store(self) -> Any:
        """The file system of an address, as fsspec has it."""
        return self._there[0]

    @property
    def store_path(self) -> str:
        """The path of an address in its file system."""
        return self._there[1]

    @cached_property
    def _there(self) -> tuple[Any, str]:
        """The file system and the path in it."""
        protocol = self.address.partition("://")[0]
        try:
            # An extra, which local files do without.
            import fsspec  # noqa: PLC0415

            store, path = fsspec.core.url_to_fs(self.address)
        except ImportError as error:
            need = f"fsspec {_EXTRAS.get(protocol, '')}".strip()
            raise PlaceError(f"{self} needs a package: pip install {need}.") from error
        except ValueError as error:
            raise PlaceError(f"{self} has a protocol that is not known: {error}.") from error
        if not path.strip("/"):
            raise PlaceError(f"{self} names no bucket: write {protocol}://BUCKET/FOLDER.")
        return store, path

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Make one sentence of whatever a disk or a store refuses."""
        try:
            yield
        except _faults_of_stores() as error:
            raise PlaceError(self._said(error)) from error

    def _said(self, error: Exception) -> str:
        if isinstance(error, FileNotFoundError):
            return f"{self} does not exist: check its name{_bucket(self)}."
        if isinstance(error, PermissionError) or "redential" in str(error):
            where = (
                "set the credentials of the store" if self.is_remote else "change its permissions"
            )
            return f"{self} may not be reached: {where}."
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return f"There is no space left for {self}."
        return f"{self} cannot be reached: {' '.join(str(error).split()) or type(error).__name__}"


def _bucket(place: Place) -> str:
    return " and its bucket" if place.is_remote else ""


def _faults_of_stores() -> tuple[type[Exception], ...]:
    """What disks raise, and the client of S3 where it is loaded: its errors are no OSErrors."""
    botocore = sys.modules.get("botocore.exceptions")
    return (OSError,) if botocore is None else (OSError, botocore.BotoCoreError)
