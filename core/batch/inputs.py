"""An input of any kind -> the plan of its parts: only names, sizes and schemas are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.batch.places import Place, PlaceError
from core.batch.plan import ROWS, Part, Plan, Reading, in_ranges, in_slices
from core.pictures.array_forms import Form
from core.pictures.image_arrays import read_images
from core.pictures.picture_files import SUFFIXES
from core.study.broken_arrays import BROKEN

_PARQUET, _TARS = (".parquet", ".pq"), (".tar",)
_IMAGES = ("image", "img", "picture", "images", "jpg", "jpeg", "png", "webp", "bytes", "content")
_PATHS = ("path", "image_path", "img_path", "file_path", "filepath", "file_name", "filename",
          "file", "url")  # fmt: skip
_IDS = ("id", "image_id", "item_id", "key", "__key__", "uid", "uuid", "name")
_LABELS = ("label", "labels", "y", "target", "class", "cls", "fine_label")


def plan_of(
    source: str,
    *,
    rows: int = ROWS,
    columns: dict[str, str | None] | None = None,
    root: str | None = None,
    key: str | None = None,
    form: Form = Form(),  # noqa: B008 - it is frozen
    use_labels: bool = True,
) -> Plan:
    """What there is to be scored.

    Args:
        source: A folder of pictures, of Parquet or of tar files; one such file; or arrays. A local
            path or an address.
        rows: Of a part; a row group, a shard is never cut.
        columns: Names of Parquet's columns: `image`, `id`, `label`; found by name if not given.
        root: Where paths in Parquet start; the file's own folder if None.
        key: The images' array, where a file holds several.
        form: How an array's values are to be read.
        use_labels: Whether the input's labels are taken.

    Raises:
        PlaceError: it does not exist, may not be read, or holds nothing that can be scored.
        ValueError: an array cannot be read as images.
    """
    place = Place(source)
    if place.is_folder():
        names = list(place.listed())
        kind, found = _commonest(place, names)
    elif not place.exists():
        raise PlaceError(f"{place} does not exist: check its name.")
    else:
        kind, found = _kind(place.name), [place.name]
        place = Place(source[: -len(place.name)].rstrip("/") or ("/" if source[:1] == "/" else "."))
    if kind == "pictures":
        line = f"{source}: {len(found):,} pictures; sub-folders named like classes are their labels"
        reading = Reading("pictures", use_labels=use_labels)
        return Plan(reading, in_slices(str(place), found, rows), line)
    if kind == "tar":
        parts = tuple(Part(n, str(place / name)) for n, name in enumerate(found))
        reading = Reading("tar", shards=len(found) > 1, use_labels=use_labels)
        return Plan(reading, parts, f"{source}: {len(found):,} tar files of WebDataset")
    if kind == "parquet":
        wanted = columns or {}
        return _of_parquet(source, place, found, rows, wanted, root, use_labels)
    return _of_array(Place(source), rows, key, form, use_labels)


def _kind(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in SUFFIXES:
        return "pictures"
    return "parquet" if suffix in _PARQUET else "tar" if suffix in _TARS else "array"


def _commonest(place: Place, names: Sequence[str]) -> tuple[str, list[str]]:
    """The kind of a folder's files, and those of that kind; arrays are named one by one."""
    kinds = [_kind(name) for name in names]
    counts = Counter(kind for kind in kinds if kind != "array")
    if not counts:
        raise PlaceError(f"{place} holds no pictures, no Parquet and no tar files.")
    if len(counts) > 1 and {"parquet", "tar"} <= counts.keys():
        raise PlaceError(f"{place} holds both Parquet and tar files: name a folder of one kind.")
    kind = next((each for each in ("parquet", "tar") if each in counts), "pictures")
    return kind, [name for name, each in zip(names, kinds, strict=True) if each == kind]


def _of_parquet(
    source: str, place: Place, names: list[str], rows: int, wanted: dict[str, str | None],
    root: str | None, use_labels: bool,
) -> Plan:  # fmt: skip
    """Whole row groups, as many as make a part."""
    parts: list[Part] = []
    reading = None
    for name in names:
        with (place / name).open() as file:
            try:
                parquet = pq.ParquetFile(file)
            except (pa.ArrowException, OSError) as error:
                raise PlaceError(f"{place / name} is no Parquet file, or cut off.") from error
            sizes = [
                parquet.metadata.row_group(group).num_rows
                for group in range(parquet.metadata.num_row_groups)
            ]
            if reading is None:
                reading = _columns(str(place / name), parquet.schema_arrow, wanted)
        for first, last in _groups(sizes, rows):
            count = sum(sizes[first:last])
            parts.append(Part(len(parts), str(place / name), (), first, last, count))
    if reading is None or not parts:
        raise PlaceError(f"{source} holds no row.")
    start = root or str(place)
    reading = replace(reading, root=start, shards=len(names) > 1, use_labels=use_labels)
    line = (
        f"{source}: {len(names):,} Parquet files; pictures in {reading.image}"
        f"{' by path' if reading.holds_paths else ''},"
        f" ids {'in ' + reading.id if reading.id else 'by row'},"
        f" {'labels in ' + reading.label if reading.label else 'no labels'}"
    )
    return Plan(reading, tuple(parts), line)


def _groups(sizes: Sequence[int], rows: int) -> list[tuple[int, int]]:
    """Neighbouring row groups that hold about so many rows together."""
    ends, first, held = [], 0, 0
    for group, size in enumerate(sizes):
        held += size
        if held >= rows:
            ends.append((first, group + 1))
            first, held = group + 1, 0
    return [*ends, (first, len(sizes))] if held else ends


def _columns(file: str, schema: pa.Schema, wanted: dict[str, str | None]) -> Reading:
    """The columns with pictures, ids and labels."""
    for name in wanted.values():
        if name is not None and name not in schema.names:
            raise PlaceError(f"{file} has no column {name!r}; there is {', '.join(schema.names)}.")
    image = wanted.get("image") or _first(schema, _IMAGES, _is_picture)
    image = image or _first(schema, _PATHS + _IMAGES, _is_text)
    if image is None:
        raise PlaceError(
            f"{file} has no column of pictures or paths known by name; there is"
            f" {', '.join(schema.names)}: say which with --image."
        )
    kind = schema.field(image).type
    if not (_is_picture(kind) or _is_text(kind)):
        raise PlaceError(f"{file}: the column {image} holds {kind}, not bytes or paths.")
    return Reading(
        "parquet",
        image,
        wanted.get("id") or _first(schema, _IDS, lambda kind: _is_text(kind) or _is_whole(kind)),
        wanted.get("label") or _first(schema, _LABELS, lambda kind: True),
        holds_paths=_is_text(kind),
    )


def _first(schema: pa.Schema, names: Sequence[str], fits: Any) -> str | None:
    known = {name.lower(): name for name in schema.names}
    able = [known[name] for name in names if name in known and fits(schema.field(known[name]).type)]
    return able[0] if able else None


def _is_picture(kind: pa.DataType) -> bool:
    """Bytes, or the structure in which Hugging Face keeps bytes with a path."""
    if pa.types.is_struct(kind):
        fields = [kind.field(place) for place in range(kind.num_fields)]
        return any(field.name == "bytes" and _is_picture(field.type) for field in fields)
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind)


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _is_whole(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind)


def _of_array(place: Place, rows: int, key: str | None, form: Form, use_labels: bool) -> Plan:
    """Rows of a file of arrays, which must lie here."""
    if place.is_remote:
        raise PlaceError(f"{place} is read only as pictures, Parquet or tar files; copy it here.")
    path = Path(place.address)
    mapped = mapped_images(path)
    if mapped is not None and form == Form() and key is None:
        number, line = len(mapped), f"{len(mapped):,} images, memory-mapped"
    else:
        found = read_images(path, key, form)
        number, line = len(found.images), found.line
    reading = Reading("array", key=key, form=vars(form), use_labels=use_labels)
    return Plan(reading, in_ranges(str(path), number, rows), f"{path}: {line}")


def mapped_images(path: Path) -> np.ndarray | None:
    """A plain array uint8 (N, H, W) or (N, H, W, 3) in an NPY file; None if it is anything else."""
    with path.open("rb") as file:
        if file.read(6) != b"\x93NUMPY":
            return None
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except BROKEN:
        return None  # read_images says what is wrong
    colour = array.ndim == 4 and array.shape[3] == 3
    small = array.ndim == 3 and array.shape[0] > 0 and array[:1000].max() > 1
    return array if array.dtype == np.uint8 and (small or colour) else None
