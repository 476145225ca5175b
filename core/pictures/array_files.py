"""Files of arrays, told by their content: NPY, NPZ, IDX and CSV, gzip or plain."""

from __future__ import annotations

import csv
import io
import math
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from tokenize import TokenError
from typing import IO

import numpy as np
import pandas as pd

from core.pictures.idx import MOST_BYTES, looks_like_idx, parse_idx, unzipped

TABLE, PLAIN = "pixels", "images"
KINDS = "NPZ, NPY, IDX, gzip of these, and CSV with a column per pixel"
_BROKEN = (
    *(OSError, EOFError, SyntaxError, TypeError, KeyError, AttributeError, OverflowError),
    *(zipfile.BadZipFile, zlib.error, RuntimeError, struct.error, TokenError),
)
"""What NumPy raises on a damaged header, which it parses as Python, and zipfile on its members."""
NPY, ZIP = b"\x93NUMPY", b"PK\x03\x04"
_HALVES = 0xD800 >> 11
"""What the codes of surrogates begin with."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LABEL_COLUMNS = ("label", "labels", "y", "target", "class", "digit")


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a file by name; one without names gives `images`, a CSV `pixels`, `labels`.

    Raises:
        FileNotFoundError: no such file.
        ValueError: the content is none of `KINDS`, is broken, or is larger than memory allows.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} is no file")
    return arrays_in(path.read_bytes(), str(path))


def arrays_in(raw: bytes, shown: str, most: int = MOST_BYTES) -> dict[str, np.ndarray]:
    """The arrays of a file's bytes; see `read_arrays`.

    Args:
        raw: The bytes.
        shown: The file's name, for messages.
        most: How many bytes they may take in memory, each.

    Raises:
        ValueError: as there.
    """
    raw = unzipped(raw, shown, most)
    try:
        if raw.startswith(NPY):
            return {PLAIN: _array(io.BytesIO(raw), min(len(raw), most), shown)}
        if raw.startswith(ZIP):
            return _members(raw, shown, most)
    except _BROKEN as error:
        raise ValueError(f"{shown} is broken: {' '.join(str(error).split())}") from error
    if looks_like_idx(raw):
        return {PLAIN: parse_idx(raw, shown)}
    return _table(raw, shown)


def holds_arrays(path: Path | IO[bytes]) -> bool:
    """Whether a ZIP file holds arrays rather than pictures."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.lower().endswith(".npy") for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def _members(raw: bytes, shown: str, most: int) -> dict[str, np.ndarray]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for info in archive.infolist():
            if info.filename.lower().endswith(".npy"):
                name = info.filename[:-4]
                with archive.open(info) as file:
                    found[name] = _array(file, min(info.file_size, most), f"{shown}: {name}")
    if not found:
        raise ValueError(f"{shown} is a ZIP file without arrays (.npy); pictures in it are scored")
    return found


def _array(file: IO[bytes], size: int, shown: str) -> np.ndarray:
    """One array in NumPy's form; what its header asks for is compared with what is there.

    Raises:
        ValueError: no array, Python objects in it, or a header that promises more than there is.
    """
    if file.read(6) != NPY:
        raise ValueError(f"{shown} is no array")
    major = (file.read(2) or b"\0")[0]
    read_header = {
        1: np.lib.format.read_array_header_1_0,
        2: np.lib.format.read_array_header_2_0,
    }.get(major)
    if read_header is None:
        raise ValueError(f"{shown} is an array of a version that is not read: {major}")
    try:
        shape, by_column, dtype = read_header(file)
    except ValueError as error:
        raise ValueError(f"{shown} is broken: {error}") from error
    if dtype.hasobject:
        raise ValueError(f"{shown} holds Python objects (a pickle), which are never opened")
    wanted = math.prod(shape) * dtype.itemsize
    if wanted > min(size, MOST_BYTES) or any(side < 0 for side in shape):
        raise ValueError(f"{shown} says it holds {shape} {dtype}, which is more than there is")
    raw = _whole(file, wanted, shown)
    if dtype.kind == "U" and not _are_characters(np.frombuffer(raw, f"{dtype.str[0]}u4")):
        raise ValueError(f"{shown} holds text that is not of characters")
    found = np.frombuffer(raw, dtype)
    return found.reshape(shape, order="F" if by_column else "C")


def _are_characters(codes: np.ndarray) -> bool:
    """Whether text (any shape, four bytes a letter) can be written down: no half of a pair, say."""
    return not ((codes > sys.maxunicode) | (codes >> 11 == _HALVES)).any()


def _whole(file: IO[bytes], wanted: int, shown: str) -> bytes:
    raw = file.read(wanted)
    if len(raw) < wanted:
        raise ValueError(f"{shown} is cut off: {len(raw)} of {wanted} bytes are there")
    file.read(1)  # the end of a member is where its checksum is looked at
    return raw


def _table(raw: bytes, shown: str) -> dict[str, np.ndarray]:
    """A CSV with a column per pixel, and the label's column first or named.

    Raises:
        ValueError: it is no such table.
    """
    text = _text(raw)
    if text is None:
        raise ValueError(f"{shown} is none of the files that are read: {KINDS}")
    first = text[: text.find("\n") if "\n" in text else None]
    try:
        separator = csv.Sniffer().sniff(first[:2_000], ",;\t ").delimiter
        names = not first.split(separator)[-1].strip().replace(".", "", 1).isdigit()
        table = pd.read_csv(io.StringIO(text), sep=separator, header=0 if names else None)
    except (csv.Error, pd.errors.ParserError, ValueError) as error:
        raise ValueError(f"{shown} is none of the files that are read: {KINDS}") from error
    return _columns(table, shown)


def _columns(table: pd.DataFrame, shown: str) -> dict[str, np.ndarray]:
    label = next((c for c in table if str(c).strip().lower() in _LABEL_COLUMNS), None)
    if label is None and not _is_square(table.shape[1]) and _is_square(table.shape[1] - 1):
        label = table.columns[0]
    pixels = table.drop(columns=[] if label is None else [label])
    if not _is_square(pixels.shape[1]) or pixels.shape[1] < 4 or not len(pixels):
        raise ValueError(
            f"{shown} is a table of {len(table)} rows and {table.shape[1]} columns; images need a"
            " column for each of their pixels, and one for the label"
        )
    values = pixels.apply(pd.to_numeric, errors="coerce").to_numpy()
    if not np.isfinite(values).all():
        row, column = (int(place[0]) for place in np.nonzero(~np.isfinite(values)))
        raise ValueError(
            f"{shown}, row {row + 1} after the heading, column {pixels.columns[column]}: "
            f"{pixels.iloc[row, column]!r} is no number"
        )
    found = {TABLE: values}
    return found if label is None else found | {"labels": table[label].to_numpy()}


def _text(raw: bytes) -> str | None:
    try:
        text = raw.decode("utf-16" if raw.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return text if text.strip() and "\0" not in text else None


def _is_square(number: int) -> bool:
    return number > 0 and math.isqrt(number) ** 2 == number
