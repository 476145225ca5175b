"""The samples of WebDataset's tar files."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any, cast

from core.batch.item import Item, code_of, decoded
from core.batch.places import Place, PlaceError
from core.batch.plan import Part, Reading
from core.pictures.picture_files import SUFFIXES

_LABEL_MEMBERS = ("cls", "label", "txt")
_MOST_LABEL_BYTES = 1_000


def read_tar(part: Part, reading: Reading, codes: dict[str, int]) -> Iterator[Item]:
    """The rows of a shard: neighbouring members whose names begin alike are one sample.

    Raises:
        PlaceError: it is no tar file, or cut off.
    """
    shard = f"{PurePosixPath(part.address).stem}/" if reading.shards else ""
    try:
        with Place(part.address).open() as file:
            watched = _Watched(file)
            with tarfile.open(fileobj=cast(IO[bytes], watched), mode="r|") as tar:
                for key, sample in _samples(tar):
                    yield _sample(f"{shard}{key}", sample, codes)
            if watched.end.strip(b"\0"):
                raise tarfile.ReadError("its end is missing")
    except (tarfile.TarError, EOFError) as error:
        raise PlaceError(f"{part.address} is no tar file, or cut off: {error}") from error


class _Watched:
    """A file that remembers its last block: tarfile takes a cut between two members for the end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.end = file, b"cut"

    def read(self, size: int = -1) -> bytes:
        """As the file."""
        content = self._file.read(size)
        self.end = content[-tarfile.BLOCKSIZE :] or self.end
        return content


def _samples(tar: tarfile.TarFile) -> Iterator[tuple[str, dict[str, bytes]]]:
    key, sample = "", dict[str, bytes]()
    for member in tar:
        folder, _, name = member.name.rpartition("/")
        first, _, ending = name.partition(".")
        if not member.isfile() or not first or not ending:
            continue
        here = f"{folder}/{first}" if folder else first
        if here != key:
            if sample:
                yield key, sample
            key, sample = here, {}
        ending = ending.lower()
        wanted = f".{ending.rpartition('.')[2]}" in SUFFIXES or ending in (*_LABEL_MEMBERS, "json")
        opened = tar.extractfile(member) if wanted else None
        if opened is not None:
            sample[ending] = opened.read()
    if sample:
        yield key, sample


def _sample(id: str, sample: dict[str, bytes], codes: dict[str, int]) -> Item:
    label = -1
    for ending in _LABEL_MEMBERS:
        if label < 0 and len(sample.get(ending, b"")) <= _MOST_LABEL_BYTES:
            label = code_of(sample.get(ending, b"").decode(errors="replace"), codes)
    if label < 0 and "json" in sample:
        label = code_of(_label_in(sample["json"]), codes)
    pictures = [e for e in sample if f".{e.rpartition('.')[2]}" in SUFFIXES]
    if not pictures:
        return Item(id, None, label, f"{id} holds no picture.")
    return decoded(id, sample[pictures[0]], label)


def _label_in(content: bytes) -> Any:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found.get("label", found.get("cls")) if isinstance(found, dict) else None
