"""How a text table is written: encoding, delimiter, decimal sign, and whether it has a header."""

from __future__ import annotations

import csv
import io
import re
from itertools import count
from pathlib import Path
from typing import NamedTuple

from core.reading.errors import ReadingError
from core.reading.names import KNOWN, normal

_SAMPLE = 2**18
_LINES = 200
_MOST_DIGITS = 18
_POINT = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$")
_COMMA = re.compile(r"\s*[-+]?(\d+,\d+)([eE][-+]?\d+)?\s*$")
_WHOLE = re.compile(r"\s*[-+]?\d+\s*$")
_NO_NUMBER = {
    "",
    "na",
    "n/a",
    "nan",
    "null",
    "none",
    "inf",
    "-inf",
    "+inf",
    "infinity",
    "-infinity",
}


class Dialect(NamedTuple):
    """How a table is written.

    Attributes:
        encoding: Python's name of it.
        delimiter: One character.
        decimal: "." or ",".
        header: Whether the first line names the columns.
        names: The columns' names, unique; c0, c1 … without a header.
        floats: Columns whose first cells are numbers with a fraction.
        skipped: Comment lines before the table.
        quoted: Whether cells are quoted anywhere in the sample.
        renamed: What the header holds once more, and what it is called instead.
    """

    encoding: str
    delimiter: str
    decimal: str
    header: bool
    names: tuple[str, ...]
    floats: tuple[str, ...]
    skipped: int
    quoted: bool
    renamed: tuple[tuple[str, str], ...] = ()


def dialect_of(path: Path, file: str) -> Dialect:
    """How the text table at `path` is written, from its first lines.

    Raises:
        ReadingError: it is no text, or has no rows.
    """
    encoding = encoding_of(path, file)
    text = _sample(path, encoding)
    lines = text.splitlines()
    skipped = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    lines = [line for line in lines[skipped:] if line.strip()][:_LINES]
    if not lines:
        raise ReadingError(f"{file} has no rows; export it again.")
    delimiter = _delimiter(lines)
    rows = _cells(lines, delimiter)
    comma = delimiter != "," or '"' in text
    decimal = "," if comma and _has_decimal_commas(rows) else "."
    header = _has_header(rows, decimal)
    names = _unique(rows[0]) if header else tuple(f"c{i}" for i in range(len(rows[0])))
    body = rows[1:] if header else rows
    floats = tuple(name for i, name in enumerate(names) if _is_float(body, i, decimal))
    given = [name.strip() for name in rows[0]] if header else names
    renamed = tuple((old, new) for old, new in zip(given, names, strict=True) if old != new)
    return Dialect(
        encoding, delimiter, decimal, header, names, floats, skipped, '"' in text, renamed
    )


def encoding_of(path: Path, file: str) -> str:
    """UTF-8, UTF-16 or, where the bytes are neither, Latin-1 as Windows writes it.

    Raises:
        ReadingError: the file is no text.
    """
    with path.open("rb") as stream:
        start = stream.read(_SAMPLE)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if start.count(b"\0") > len(start) // 4:
        even = start[::2].count(b"\0")
        wide = "utf-16-be" if even > len(start) // 4 else "utf-16-le"
        if _decodes(start[: len(start) // 2 * 2], wide):
            return wide
    if b"\0" in start:
        raise ReadingError(
            f"{file} is of a format that Penumbra does not read; "
            "save the predictions as CSV, JSON lines, Parquet, Arrow, NPY or NPZ."
        )
    return "utf-8" if _is_utf8(path) else "cp1252" if _decodes(start, "cp1252") else "latin-1"


def _decodes(start: bytes, encoding: str) -> bool:
    try:
        return start.decode(encoding).isprintable() or "\n" in start.decode(encoding)
    except UnicodeDecodeError:
        return False


def _is_utf8(path: Path) -> bool:
    with path.open(encoding="utf-8", newline="") as stream:
        try:
            while stream.read(2**22):
                pass
        except UnicodeDecodeError:
            return False
    return True


def _sample(path: Path, encoding: str) -> str:
    with path.open("rb") as stream:
        start = stream.read(_SAMPLE)
        whole = not stream.read(1)
    text = start.decode(encoding, errors="ignore").removeprefix("\ufeff")
    return text if whole or "\n" not in text else text[: text.rindex("\n")]


def _cells(lines: list[str], delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))


def _delimiter(lines: list[str]) -> str:
    """The character that cuts all lines into the same number of cells, most of them numbers."""
    best, most = ",", (-1.0, 0)
    for delimiter in (",", ";", "\t", "|", " "):
        rows = _cells(lines, delimiter)
        body = rows[1:] or rows
        wide = len(body[0])
        cells = [cell for row in body for cell in row]
        numbers = sum(is_number(cell) for cell in cells) / max(1, len(cells))
        even = sum(len(row) == wide for row in rows) / len(rows)
        if wide < 2 or even < 0.9 or (delimiter == " " and numbers < 1):
            continue
        if (even + numbers, wide) > most:
            best, most = delimiter, (even + numbers, wide)
    return best


def is_number(cell: str) -> bool:
    """Whether a cell reads as a number, with a point or a comma."""
    return bool(_POINT.match(cell) or _COMMA.match(cell)) or cell.strip().lower() in _NO_NUMBER


def _has_decimal_commas(rows: list[list[str]]) -> bool:
    cells = [cell for row in rows[1:] or rows for cell in row]
    fractions = [cell for cell in cells if not _WHOLE.match(cell)]
    commas = sum(bool(_COMMA.match(cell)) for cell in fractions)
    points = sum(bool(_POINT.match(cell)) for cell in fractions)
    return commas > points


def _has_header(rows: list[list[str]], decimal: str) -> bool:
    first, body = rows[0], rows[1:]
    if any(normal(cell) in KNOWN for cell in first) or _names_no_index(first, body):
        return True
    if not body:
        return not any(is_number(cell) for cell in first if cell)
    filled = [cell for cell in first if cell.strip()]
    if not filled:
        return False
    if all(_WHOLE.match(cell) for cell in filled):
        return _counts_up(filled) and not all(
            _WHOLE.match(cell) for row in body for cell in row[-len(filled) :]
        )
    texts = [i for i, cell in enumerate(first) if cell.strip() and not is_number(cell)]
    if any(all(is_number(row[i]) for row in body if i < len(row)) for i in texts):
        return True
    repeated = any(first[i] in {row[i] for row in body if i < len(row)} for i in texts)
    return len(texts) == len(filled) and not repeated


def _names_no_index(first: list[str], body: list[list[str]]) -> bool:
    """Whether row numbers stand below a blank, as pandas and R write them."""
    if first[0].strip() or not any(cell.strip() for cell in first) or not body:
        return False
    cells = [row[0].strip() for row in body if row]
    return all(cell.isdecimal() for cell in cells) and _counts_up(cells)


def _counts_up(cells: list[str]) -> bool:
    plain = [cell.strip() for cell in cells]  # int() keeps the separators U+001C to U+001F
    if max(map(len, plain)) > _MOST_DIGITS:
        return False
    numbers = [int(cell) for cell in plain]
    return numbers[0] in {0, 1} and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_float(body: list[list[str]], column: int, decimal: str) -> bool:
    cells = [row[column] for row in body if column < len(row)]
    form = _COMMA if decimal == "," else _POINT
    numbers = all(is_number(cell) for cell in cells)
    return numbers and any(form.match(cell) and not _WHOLE.match(cell) for cell in cells)


def _unique(names: list[str]) -> tuple[str, ...]:
    """The first of a name keeps it; the others are numbered, past what is there already."""
    given = [name.strip() for name in names]
    taken = set(given)
    found: list[str] = []
    for name in given:
        new = name
        if name in found:
            numbered = (f"{name}.{number}" for number in count(1))
            new = next(other for other in numbered if other not in taken)
        taken.add(new)
        found.append(new)
    return tuple(found)
