"""CSV, TSV and their kin as Arrow tables: numbers as they were written, ids with their zeros."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from core.reading.dialect import Dialect, dialect_of
from core.reading.errors import ReadingError
from core.reading.report import Report
from core.reading.scratch import IN_MEMORY, spooled

_NULLS = ["", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "#N/A", "-nan"]
_MANY = 0.9
_SAID = 5
_PER_CENT = r"^[-+]?(\d+[.,]?\d*|[.,]\d+)([eE][-+]?\d+)? ?%$"


def read_text_table(path: Path, file: str, report: Report) -> tuple[pa.Table, bool]:
    """A delimited text as a table, and whether its first line named the columns.

    Raises:
        ReadingError: a line has more or fewer cells, or a column of numbers holds something else.
    """
    dialect = dialect_of(path, file)
    _report(dialect, file, report)
    try:
        table = _read(path, dialect, dialect.floats)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        if "conversion error" not in str(error):
            raise _unreadable(file, dialect, error) from error
        table = _read(path, dialect, ())
    if not table.num_rows:
        raise ReadingError(f"{file} has a header and no rows; export it again.")
    columns = [_settled(table[name], file, name, dialect.decimal) for name in table.column_names]
    return pa.table(columns, names=table.column_names), dialect.header


def _report(dialect: Dialect, file: str, report: Report) -> None:
    sign = {"\t": "tab", " ": "blank"}.get(dialect.delimiter, dialect.delimiter)
    unusual = []
    if dialect.delimiter != "," and len(dialect.names) > 1:
        unusual.append(f"cells parted by {sign!r}")
    if dialect.encoding != "utf-8":
        unusual.append(f"encoding {dialect.encoding.upper()}")
    if dialect.decimal != ".":
        unusual.append("decimal commas")
    if not dialect.header:
        unusual.append("no header: columns are called c0, c1 …")
    if unusual:
        report.add("read", file, "; ".join(unusual))
    if renamed := dialect.renamed:
        shown = tuple(f"{new!r} for another {old!r}" for old, new in renamed[:_SAID])
        times = "one column has" if len(renamed) == 1 else f"{len(renamed):,} columns have"
        report.add(
            "corrected", file, f"{times} the name of an earlier one and got another", examples=shown
        )


def _read(path: Path, dialect: Dialect, floats: tuple[str, ...]) -> pa.Table:
    types = {name: pa.float64() if name in floats else pa.string() for name in dialect.names}
    options: dict[str, Any] = {
        "read_options": csv.ReadOptions(
            column_names=list(dialect.names), encoding=dialect.encoding,
            skip_rows=dialect.skipped + dialect.header, block_size=2**23,
        ),
        "parse_options": csv.ParseOptions(
            delimiter=dialect.delimiter, newlines_in_values=dialect.quoted
        ),
        "convert_options": csv.ConvertOptions(
            column_types=types, decimal_point=dialect.decimal, null_values=_NULLS
        ),
    }  # fmt: skip
    with pa.OSFile(str(path)) as text:  # a path would be unpacked if it ended in .gz
        if path.stat().st_size <= IN_MEMORY:
            return csv.read_csv(text, **options)
        with csv.open_csv(text, **options) as stream:
            return spooled(stream.schema, stream)


def _unreadable(file: str, dialect: Dialect, error: Exception) -> ReadingError:
    if isinstance(error, UnicodeDecodeError):
        return ReadingError(
            f"{file} holds bytes that are no {dialect.encoding.upper()}; it may be cut: "
            "save it again as UTF-8."
        )
    message = str(error)
    cells = re.search(r"Expected (\d+) columns, got (\d+)", message)
    if not cells:
        return ReadingError(f"{file} cannot be read as a table; save it anew as CSV.")
    row = re.search(r"Row #(\d+)", message)
    text = message.rsplit(": ", 1)[-1][:60]
    where = f"line {int(row[1])}" if row else f"the line {text!r}"
    return ReadingError(
        f"{file}, {where} has {cells[2]} cells where the first has {cells[1]}; "
        "the file may be cut: mend the line or export it again."
    )


def _settled(column: pa.ChunkedArray, file: str, name: str, decimal: str) -> pa.ChunkedArray:
    """Text that is numbers throughout becomes numbers; "007" stays text."""
    if column.type != pa.string():
        return column
    column = pc.utf8_trim_whitespace(column)
    known = pc.if_else(pc.is_in(column, value_set=pa.array(_NULLS)), None, column)
    if known.null_count == len(known):
        return column
    if pc.all(pc.match_substring_regex(known, _PER_CENT)).as_py():
        known = pc.utf8_rtrim(known, "% ")
    for kind in (pa.int64(), pa.float64()):
        numbers = _cast(known, kind, decimal)
        if numbers is not None:
            return numbers if kind == pa.float64() or _plain(numbers, known) else column
    return _refused_where_one_is_no_number(known, column, file, name, decimal)


def _cast(known: pa.ChunkedArray, kind: pa.DataType, decimal: str) -> pa.ChunkedArray | None:
    if decimal == "," and kind == pa.float64():
        known = pc.replace_substring(known, ",", ".")
    try:
        return known.cast(kind)
    except pa.ArrowInvalid:
        return None


def _plain(numbers: pa.ChunkedArray, known: pa.ChunkedArray) -> bool:
    return bool(pc.all(pc.equal(numbers.cast(pa.string()), known)).as_py())


def _refused_where_one_is_no_number(
    known: pa.ChunkedArray, column: pa.ChunkedArray, file: str, name: str, decimal: str
) -> pa.ChunkedArray:
    pattern = r"^[-+]?(\d+[.,]?\d*|[.,]\d+)([eE][-+]?\d+)?$|^[-+]?(inf|Inf|infinity|nan)$"
    fits = pc.match_substring_regex(known, pattern).fill_null(True).to_numpy()
    fractions = pc.match_substring_regex(known, r"[.,]\d").fill_null(False).to_numpy()
    if _MANY < fits.mean() < 1 and (fits & fractions).mean() > _MANY / 2:
        row = int(np.flatnonzero(~fits)[0])
        raise ReadingError(
            f"{file}, row {row:,}: column {name!r} holds {known[row].as_py()!r} where the others "
            "hold numbers; mend it or leave the cell empty."
        )
    return column
