"""Which column leads to the items' pictures; no path leads out of the folder that was given."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pyarrow as pa

from core.reading.arrow_files import is_picture
from core.reading.errors import ReadingError
from core.reading.names import PICTURES, TEXTS, normal
from core.reading.report import Report

_ENDINGS = re.compile(r"\.(png|jpe?g|webp|gif|bmp|tiff?|heic)$", re.IGNORECASE)
_SUFFIXES = (".jpg", ".png", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".JPG", ".JPEG",
             ".PNG")  # fmt: skip
_LONG = 40


class Pictures(NamedTuple):
    """The items' pictures as paths or as bytes, and the columns that are left."""

    paths: pa.StringArray | None
    bytes: pa.ChunkedArray | None
    columns: pa.Table | None


def find_pictures(
    columns: pa.Table | None, ids: pa.StringArray | None, folder: Path | None, report: Report
) -> Pictures:
    """Bytes in a column, else names of files in a column or in the ids.

    Raises:
        ReadingError: a path leads out of the folder, or the folder is none.
    """
    if folder is not None and not folder.is_dir():
        raise ReadingError(f"{folder} is no folder; name the folder of the pictures with --images.")
    name, found = _bytes(columns)
    if name is not None and columns is not None:
        refuse_no_pictures(found, name)
        report.add("read", "", f"pictures in {name!r}", len(found) - found.null_count, len(found))
        rest = columns.drop_columns([name])
        return Pictures(None, found, rest if rest.num_columns else None)
    name, values = _paths(columns, ids, folder)
    if values is None:
        return Pictures(None, None, columns)
    if folder is None:
        report.add(
            "noted",
            "",
            f"{name} names pictures; to see them, open the file by command with --images FOLDER",
        )
        return Pictures(None, None, columns)
    paths = _resolved(values, folder, name, report)
    return Pictures(paths, None, columns)


def _bytes(columns: pa.Table | None) -> tuple[str | None, pa.ChunkedArray]:
    for field in columns.schema if columns is not None else ():
        column = columns[field.name]  # type: ignore[index]
        if is_picture(field.type):
            return field.name, column.flatten()[field.type.get_field_index("bytes")]
        if pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            return field.name, column.cast(pa.binary())
    return None, pa.chunked_array([], pa.binary())


def _paths(
    columns: pa.Table | None, ids: pa.StringArray | None, folder: Path | None
) -> tuple[str, pa.Array | None]:
    """A column of names of pictures; with a folder the ids will do without an ending."""
    texts: dict[str, pa.ChunkedArray] = {}
    if columns is not None:
        names = columns.column_names
        texts = {name: columns[name] for name in names if pa.types.is_string(columns[name].type)}
    for name in sorted(texts, key=lambda name: normal(name) not in PICTURES):
        if _name_pictures(texts[name]):
            return f"column {name!r}", texts[name]
    if ids is not None and (folder is not None or _name_pictures(ids)):
        return "the id", ids
    return "", None


def _name_pictures(texts: pa.Array | pa.ChunkedArray) -> bool:
    """Whether the first texts there are all end as names of pictures do."""
    known = [text for text in texts.slice(0, 200).to_pylist() if text is not None]
    return bool(known) and all(_ENDINGS.search(text) for text in known)


def _resolved(values: pa.Array, folder: Path, name: str, report: Report) -> pa.StringArray:
    """Paths below the folder, null where there is no such file."""
    root = folder.resolve()
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    by_name = {PurePosixPath(path).name: path for path in sorted(there, reverse=True)}
    found = [_below(text, row, root, there, by_name, name)
             for row, text in enumerate(values.to_pylist())]  # fmt: skip
    num_found = len(found) - found.count(None)
    if not num_found:
        raise ReadingError(
            f"{folder} holds none of the pictures that {name} names "
            f"({values[0].as_py()!r} first); give the folder that the names start in."
        )
    report.add("read", "", f"pictures named by {name}", num_found, len(found))
    return pa.array(found, pa.string())


def _below(
    text: str | None, row: int, root: Path, there: set[str], by_name: dict[str, str], name: str
) -> str | None:
    if not text:
        return None
    path = PurePosixPath(text.replace("\\", "/"))
    inside = path.as_posix()
    if inside.startswith(f"{root.as_posix()}/"):
        inside = inside.removeprefix(f"{root.as_posix()}/")
    elif path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise ReadingError(
            f"row {row:,}: {name} holds {text!r}, a path outside the pictures' folder; "
            "write paths that start in that folder."
        )
    for form in (inside, *(inside + suffix for suffix in _SUFFIXES)):
        if form in there or (form := by_name.get(PurePosixPath(form).name, "")):
            return _checked(form, root, row)
    return None


def _checked(form: str, root: Path, row: int) -> str:
    if not (root / form).resolve().is_relative_to(root):
        raise ReadingError(
            f"row {row:,}: {form!r} is a link out of the pictures' folder; copy it in."
        )
    return form


def text_column(columns: pa.Table | None) -> str | None:
    """The column that holds the items' text, by its name or its length."""
    if columns is None:
        return None
    texts = [n for n in columns.column_names if pa.types.is_string(columns[n].type)]
    for known in TEXTS:
        for name in texts:
            if normal(name) == known:
                return name
    lengths = {name: _mean_length(columns[name].slice(0, 1000).to_pylist()) for name in texts}
    longest = max(lengths, key=lambda name: lengths[name], default=None)
    return longest if longest is not None and lengths[longest] > _LONG else None


def _mean_length(texts: list[str | None]) -> float:
    lengths = [len(text) for text in texts if text is not None]
    return sum(lengths) / len(lengths) if lengths else 0.0


def first_bytes_are_picture(data: bytes) -> bool:
    """Whether bytes begin as PNG, JPEG, WebP, GIF, BMP, TIFF or HEIC do."""
    return (
        data.startswith(
            (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0")
        )
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or data[4:8] == b"ftyp"
    )


def refuse_no_pictures(found: pa.ChunkedArray, name: str) -> None:
    """Raise where the first rows with bytes hold no picture.

    Raises:
        ReadingError: names the row.
    """
    for row, value in enumerate(found.slice(0, 20).to_pylist()):
        if value is not None and not first_bytes_are_picture(value[:16]):
            raise ReadingError(
                f"row {row:,}: the bytes in {name!r} are no picture; save PNG or JPEG bytes, or "
                "leave the column out."
            )
