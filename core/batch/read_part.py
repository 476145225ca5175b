"""One part of the input -> its pictures, a few at a time, each with its id and label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.batch.inputs import mapped_images
from core.batch.item import Item, code_of, decoded
from core.batch.places import Place, PlaceError
from core.batch.plan import Part, Reading
from core.batch.read_tar import read_tar
from core.pictures.array_forms import Form
from core.pictures.image_arrays import read_images
from core.pictures.picture_sources import readable_name
from core.study.mapped_pages import release_pages

_AT_ONCE = 256  # rows of Parquet whose pictures are in memory together
_RELEASED = 2_000  # rows of a mapped array between two releases of its pages


def read_part(part: Part, reading: Reading, class_names: Sequence[str]) -> Iterator[Item]:
    """The rows of a part in their order.

    Raises:
        PlaceError: the part as a whole cannot be read.
    """
    codes = {name: code for code, name in enumerate(class_names)} if reading.use_labels else {}
    kinds = {"pictures": _pictures, "parquet": _parquet, "tar": read_tar, "array": _array}
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
        yield decoded(readable_name(name), content, label, name)


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
    label = code_of(None if reading.label is None else cells[reading.label], codes)
    cell = cells[reading.image or ""]
    if not reading.holds_paths:
        return decoded(id, cell.get("bytes") if isinstance(cell, dict) else cell, label)
    try:
        inside = _inside(cell)
        content = (Place(reading.root or ".") / inside).read()
    except PlaceError as error:
        return Item(id, None, label, str(error))
    return decoded(id, content, label, inside)


def _inside(cell: Any) -> str:
    """A path below the root: one that leads elsewhere is not followed."""
    path = PurePosixPath(cell) if isinstance(cell, str) and cell else None
    if path is None or path.is_absolute() or ".." in path.parts or "://" in str(cell):
        raise PlaceError(f"{cell!r} is no path below the folder of the pictures.")
    return str(path)


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
