"""Files, folders and archives of other people as named arrays and tables, told by content."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

import numpy as np
import pyarrow as pa

from core.reading import numpy_files, scratch
from core.reading.errors import ReadingError, counted
from core.reading.refused import refuse_archive, refuse_by_content
from core.reading.report import Report

_START = 2**16
_MOST_FILES = 10_000
_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic"}
_WORDS = {".md", ".rst", ".yaml", ".yml", ".py", ".ipynb", ".log", ".toml", ".cfg"}


class Source(NamedTuple):
    """A file or folder: the name that a person knows it by, and where it lies."""

    name: str
    path: Path


@dataclass
class Contents:
    """What one file holds.

    Attributes:
        file: Its name.
        arrays: By name; the file's own stem for an NPY.
        table: Its rows, for everything that is a table.
        has_header: Whether the table's columns were named in the file.
        stem: The name without folders and endings, unless another was given.
    """

    file: str
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    table: pa.Table | None = None
    has_header: bool = True
    stem: str = ""

    def __post_init__(self) -> None:
        if not self.stem:
            name = PurePosixPath(self.file).name
            self.stem = name.removesuffix(".gz").rpartition(".")[0] or name


def open_source(source: Source, report: Report) -> list[Contents]:
    """Everything in a file, folder or archive.

    Raises:
        ReadingError: it is missing, cut, hostile, or of a kind that is not opened.
    """
    if not source.path.exists():
        raise ReadingError(f"{source.name} does not exist; check the path.")
    if source.path.is_dir():
        return [part for file in _in_folder(source, report) for part in open_source(file, report)]
    with source.path.open("rb") as stream:
        start = stream.read(_START)
    if start.startswith(b"\x1f\x8b"):
        return _gunzipped(source, report)
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return _unzipped(source, report)
    refuse_by_content(source.name, start)
    return [_opened(source, start, report)]


def _opened(source: Source, start: bytes, report: Report) -> Contents:
    name, path = source
    contents = Contents(name)
    if start.startswith(numpy_files.MAGIC):
        contents.arrays[contents.stem] = numpy_files.read_npy(path, name)
    else:
        _open_table(contents, path, start, report)
    return contents


def _open_table(contents: Contents, path: Path, start: bytes, report: Report) -> None:
    # Arrays need not wait for the half of Arrow that reads tables.
    from core.reading import arrow_files, text_tables  # noqa: PLC0415

    name, text = contents.file, start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"PAR1"):
        contents.table = arrow_files.read_parquet(path, name)
    elif start.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        contents.table = arrow_files.read_arrow(path, name)
    elif start.startswith(b"FEA1"):
        raise ReadingError(f"{name} is Feather of version 1; save it as version 2 or Parquet.")
    elif path.suffix.lower() in {".npy", ".npz"} or Path(name).suffix.lower() in {".npy", ".npz"}:
        raise ReadingError(f"{name} is not the NumPy file that its name promises; save it again.")
    elif text.startswith((b"{", b"[")):
        _open_json(contents, path, text)
    else:
        contents.table, contents.has_header = text_tables.read_text_table(path, name, report)
    if contents.table is not None:
        arrow_files.refuse_nested(contents.table.schema, name)


def _open_json(contents: Contents, path: Path, text: bytes) -> None:
    from core.reading import json_files  # noqa: PLC0415 - as above

    line, _, more = text.partition(b"\n")
    if text.startswith(b"{") and line.rstrip().endswith(b"}") and more.strip():
        contents.table = json_files.read_json_lines(path, contents.file)
        return
    found = json_files.read_json(path, contents.file)
    if isinstance(found, pa.Table):
        contents.table = found
    else:
        contents.arrays = found


def _in_folder(source: Source, report: Report) -> Iterator[Source]:
    root = source.path.resolve()
    others = []
    files = sorted(path for path in root.rglob("*") if path.is_file())
    if len(files) > _MOST_FILES:
        raise ReadingError(
            f"{source.name} holds {len(files):,} files; name those with the predictions."
        )
    for path in files:
        inner = path.relative_to(root)
        if any(part.startswith((".", "__MACOSX")) for part in inner.parts):
            continue
        if not path.resolve().is_relative_to(root) or path.suffix.lower() in _PICTURES | _WORDS:
            others.append(inner.as_posix())
        else:
            yield Source(inner.as_posix(), path)
    _report_others(source.name, others, report)


def _report_others(name: str, others: list[str], report: Report) -> None:
    if others:
        report.add(
            "set aside", name, f"{counted(len(others), 'file')} not read (pictures, notes, links)",
            examples=tuple(others[:3]),
        )  # fmt: skip


def _gunzipped(source: Source, report: Report) -> list[Contents]:
    with tempfile.TemporaryDirectory(prefix="penumbra-") as folder:
        path = Path(folder) / Path(source.name.removesuffix(".gz")).name
        try:
            with gzip.open(source.path) as packed, path.open("wb") as unpacked:
                _copy(packed, unpacked, source.name)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ReadingError(f"{source.name} is a cut or damaged gzip file.") from error
        return open_source(Source(source.name, path), report)


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


def _unzipped(source: Source, report: Report) -> list[Contents]:
    try:
        with zipfile.ZipFile(source.path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            refuse_archive(source.name, archive.namelist())
            _check_room(sum(info.file_size for info in infos), source.name)
            if not infos:
                raise ReadingError(f"{source.name} is an empty archive; pack it anew.")
            if all(info.filename.endswith(".npy") for info in infos):
                return [
                    Contents(source.name, numpy_files.read_npz(source.path, archive, source.name))
                ]
            return _members(archive, infos, source.name, report)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise ReadingError(
            f"{source.name} is a cut, damaged or encrypted ZIP; copy or pack it again."
        ) from error


def _members(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], file: str, report: Report
) -> list[Contents]:
    found, others = [], []
    with tempfile.TemporaryDirectory(prefix="penumbra-") as folder:
        for number, info in enumerate(infos):
            name = PurePosixPath(info.filename)
            if any(part.startswith((".", "__MACOSX")) for part in name.parts):
                continue
            if name.suffix.lower() in _PICTURES | _WORDS:
                others.append(info.filename)
                continue
            path = Path(folder) / f"{number}{name.suffix.lower()[:8]}"
            with archive.open(info) as packed, path.open("wb") as unpacked:
                _copy(packed, unpacked, file)
            _refuse_inner_archive(path, info.filename, file)
            found += open_source(Source(info.filename, path), report)
    _report_others(file, others, report)
    return found


def _refuse_inner_archive(path: Path, name: str, file: str) -> None:
    with path.open("rb") as stream:
        packed = stream.read(4) == b"PK\x03\x04"
    if packed and not name.lower().endswith(".npz"):
        raise ReadingError(f"{file} holds another archive, {name!r}; unpack it first.")
