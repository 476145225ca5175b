"""Files, folders and archives of other people as named arrays and tables, told by content."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from core.reading import archives, numpy_files
from core.reading.errors import ReadingError, counted
from core.reading.refused import refuse_by_content
from core.reading.report import Report

_START = 2**16
_MOST_FILES = 10_000


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
    if archives.is_archive(start):
        return _packed(source, report)
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
        if not contents.table.num_rows:
            raise ReadingError(f"{name} has columns and no rows; export it again.")
        arrow_files.refuse_nested(contents.table.schema, name)


def _open_json(contents: Contents, path: Path, text: bytes) -> None:
    from core.reading import json_files, json_scores  # noqa: PLC0415 - as above

    line, _, more = text.partition(b"\n")
    if text.startswith(b"{") and line.rstrip().endswith(b"}") and more.strip():
        found: pa.Table | dict[str, Any] = json_files.read_json_lines(path, contents.file)
    else:
        found = json_files.read_json(path, contents.file)
    if isinstance(found, pa.Table):
        contents.table = json_scores.flat(found, contents.file)
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
        if archives.is_hidden(inner):
            continue
        if not path.resolve().is_relative_to(root) or path.suffix.lower() in archives.NO_DATA:
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


def _packed(source: Source, report: Report) -> list[Contents]:
    arrays = archives.npz_arrays(source.name, source.path)
    if arrays is not None:
        return [Contents(source.name, arrays)]
    with tempfile.TemporaryDirectory(prefix="penumbra-") as folder:
        others: list[str] = []
        files = archives.unpack(source.name, source.path, Path(folder), others)
        _report_others(source.name, others, report)
        return [part for file in files for part in open_source(Source(*file), report)]
