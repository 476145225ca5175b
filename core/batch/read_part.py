"""One part of the input -> its pictures, a few at a time, each with its id and label."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.batch.inputs import mapped_images
from core.batch.places import Place, PlaceError
from core.batch.plan import Part, Reading
from core.pictures.array_forms import Form
from core.pictures.decoded_pictures import decode_picture
from core.pictures.image_arrays import read_images
from core.pictures.picture_files import SUFFIXES
from core.pictures.picture_sources import readable_name
from core.study.mapped_pages import release_pages

_AT_ONCE = 256  # rows of Parquet whose pictures are in memory together
_RELEASED = 2_000  # rows of a mapped array between two releases of its pages
_LABEL_MEMBERS = ("cls", "label", "txt")
_MOST_LABEL_BYTES = 1_000


class Item(NamedTuple):
    """One row of the input.

    Attributes:
        id: Unique in the input.
        picture: uint8 (H, W) or (H, W, 3); None where it cannot be read.
        label: A class code, -1 where it is not known.
        problem: Why it cannot be read, in a sentence; empty if it can.
        path: Relative to the input's folder, of a picture that is a file of its own.
    """

    id: str
    picture: np.ndarray | None
    label: int
    problem: str = ""
    path: str = ""


def read_part(part: Part, reading: Reading, class_names: Sequence[str]) -> Iterator[Item]:
    """The rows of a part in their order.

    Raises:
        PlaceError: the part as a whole cannot be read.
    """
    codes = {name: code for code, name in enumerate(class_names)} if reading.use_labels else {}
    kinds = {"pictures": _pictures, "parquet": _parquet, "tar": _tar, "array": _array}
    yield from kinds[reading.source](part, reading, codes)


def _pictures(part: Part, reading: Reading, codes: dict[str, int]) -> Iterator[Item]:
    folder = Place(part.address)
    for name in part.names:
        label = codes.get(PurePosixPath(name).parent.name, -1)
        try:
            content = (folder / name).read()
        except PlaceError as error:
            yield Item(readable_name(name), None, label, str(error), name)
            continue
        yield _decoded(readable_name(name), content, label, name)


def _decoded(id: str, content: Any, label: int, path: str = "") -> Item:
    if not isinstance(content, bytes):
        return Item(id, None, label, f"{id} holds no picture.", path)
    try:
        return Item(id, decode_picture(content, id), label, "", path)
    except ValueError as error:
        return Item(id, None, label, str(error), path)


def _parquet(part: Part, reading: Reading, codes: dict[str, int]) -> Iterator[Item]:
    names = [each for each in (reading.image, reading.id, reading.label) if each is not None]
    shard = f"{PurePosixPath(part.address).stem}:" if reading.shards else ""
    with Place(part.address).open() as file:
        try:
            parquet = pq.ParquetFile(file)
            groups = range(parquet.metadata.num_row_groups)
            row = sum(parquet.metadata.row_group(group).num_rows for group in groups[: part.first])
            batches = parquet.iter_batches(
                _AT_ONCE, list(range(part.first, part.last)), list(dict.fromkeys(names))
            )
            for batch in batches:
                for place, cells in enumerate(batch.to_pylist()):
                    yield _row(cells, row + place, shard, reading, codes)
                row += len(batch)
        except (pa.ArrowException, OSError) as error:
            raise PlaceError(f"{part.address} is damaged or cut off: {error}") from error


def _row(
    cells: dict[str, Any], row: int, shard: str, reading: Reading, codes: dict[str, int]
) -> Item:
    id = f"{shard}{row}" if reading.id is None else str(cells[reading.id])
    label = _code(None if reading.label is None else cells[reading.label], codes)
    cell = cells[reading.image or ""]
    if not reading.holds_paths:
        return _decoded(id, cell.get("bytes") if isinstance(cell, dict) else cell, label)
    try:
        inside = _inside(cell)
        content = (Place(reading.root or ".") / inside).read()
    except PlaceError as error:
        return Item(id, None, label, str(error))
    return _decoded(id, content, label, inside)


def _inside(cell: Any) -> str:
    """A path below the root: one that leads elsewhere is not followed."""
    path = PurePosixPath(cell) if isinstance(cell, str) and cell else None
    if path is None or path.is_absolute() or ".." in path.parts or "://" in str(cell):
        raise PlaceError(f"{cell!r} is no path below the folder of the pictures.")
    return str(path)


def _code(cell: Any, codes: dict[str, int]) -> int:
    """A label as a class code: a name, or a number in range; -1 for anything else."""
    text = str(cell).strip() if cell is not None else ""
    if text in codes:
        return codes[text]
    whole = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
    return whole if whole < len(codes) else -1


def _tar(part: Part, reading: Reading, codes: dict[str, int]) -> Iterator[Item]:
    """The samples of a WebDataset shard: neighbouring members whose names begin alike."""
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
            label = _code(sample.get(ending, b"").decode(errors="replace"), codes)
    if label < 0 and "json" in sample:
        label = _code(_label_in(sample["json"]), codes)
    pictures = [e for e in sample if f".{e.rpartition('.')[2]}" in SUFFIXES]
    if not pictures:
        return Item(id, None, label, f"{id} holds no picture.")
    return _decoded(id, sample[pictures[0]], label)


def _label_in(content: bytes) -> Any:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found.get("label", found.get("cls")) if isinstance(found, dict) else None


def _array(part: Part, reading: Reading, codes: dict[str, int]) -> Iterator[Item]:
    form = Form(**dict(reading.form or {}))
    images, labels = _arrays(Path(part.address), reading.key, form, tuple(codes))
    for row in range(part.first, part.last):
        label = -1 if labels is None or not codes else int(labels[row])
        yield Item(str(row), images[row], label if label < len(codes) else -1)
        if row % _RELEASED == 0:  # else a worker would come to hold the whole file
            release_pages(images)


@lru_cache(maxsize=1)
def _arrays(
    path: Path, key: str | None, form: Form, class_names: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray | None]:
    """A file of arrays, mapped where it can be; else read once by each worker."""
    mapped = mapped_images(path) if form == Form() and key is None else None
    if mapped is not None:
        return mapped, None
    found = read_images(path, key, form, class_names or None)
    return found.images, found.labels
