"""NPY and NPZ: sizes are checked before anything is allocated, and nothing is ever executed."""

from __future__ import annotations

import ast
import lzma
import math
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, Literal, NamedTuple

import numpy as np

from core.reading.errors import ReadingError, counted, cut
from core.reading.refused import SAVE_PLAIN, is_pickle, refuse
from core.reading.scratch import allocate
from core.study.broken_arrays import BROKEN

DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError,
    NotImplementedError, UnicodeDecodeError,
)  # fmt: skip
"""What reading a cut, damaged or encrypted archive raises."""
MAGIC = b"\x93NUMPY"
_CHUNK = 2**22
_LAST_CHARACTER, _SURROGATES = 0x10FFFF, 0xD800 >> 11


class Header(NamedTuple):
    """What the head of an NPY says.

    Attributes:
        shape: Of the array.
        fortran: Whether the first axis runs fastest.
        dtype: Of its values.
        length: Bytes before the first value.
    """

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype
    length: int

    @property
    def size(self) -> int:
        """Bytes of the values, as an exact integer however large the shape claims to be."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_header(stream: IO[bytes], file: str) -> Header:
    """The head of an NPY; the stream is left at the first value.

    Raises:
        ReadingError: it is no NPY, or holds objects.
    """
    start = stream.read(12)
    if not start.startswith(MAGIC):
        if is_pickle(start):
            raise refuse(file, "a Python pickle under an array's name, which can run code "
                               "and is never opened", SAVE_PLAIN)  # fmt: skip
        raise ReadingError(f"{file} is not the NumPy array that its name promises; save it again.")
    if len(start) < 12:
        raise ReadingError(f"{file} is cut in its header; copy or save it again.")
    wide = start[6] >= 2
    length = struct.unpack_from("<I" if wide else "<H", start, 8)[0]
    before = 12 if wide else 10
    if length > 10_000:
        raise ReadingError(f"{file} has a header of {length:,} bytes; save plain arrays instead.")
    text = start[before:] + stream.read(max(0, before + length - 12))
    return _parsed(text, before + length, file)


def _parsed(text: bytes, length: int, file: str) -> Header:
    try:
        said = ast.literal_eval(text.decode("utf-8"))
        shape, fortran = said["shape"], bool(said["fortran_order"])
        dtype = np.dtype([tuple(part) for part in said["descr"]]
                         if isinstance(said["descr"], list) else said["descr"])  # fmt: skip
        whole = all(type(side) is int and side >= 0 for side in shape)
    except BROKEN as error:
        raise ReadingError(f"{file} is cut or damaged in its header; save it again.") from error
    if not whole:
        raise ReadingError(f"{file} claims the shape {cut(str(shape))}; save it again.")
    if dtype.hasobject:
        raise refuse(file, "an object array, which only a pickle gives back and which is never "
                           "opened", "save plain numbers or text, for example "
                           "np.save(file, np.array(values.tolist()))")  # fmt: skip
    if dtype.kind not in "biufUS" and dtype.names is None:
        raise refuse(file, f"an array of {dtype}", "save it as float32, integers or text")
    return Header(tuple(shape), fortran, dtype, length)


def read_npy(path: Path, file: str) -> np.ndarray:
    """An NPY, memory-mapped.

    Raises:
        ReadingError: it is cut, longer than its header says, or refused.
    """
    with path.open("rb") as stream:
        header = read_header(stream, file)
    _check_size(header, path.stat().st_size, file)
    return _of_characters(_mapped(path, header, 0), file)


def _check_size(header: Header, size: int, file: str) -> None:
    wanted = header.length + header.size
    if size < wanted:
        raise ReadingError(
            f"{file} is cut: its header promises {wanted:,} bytes and there are {size:,}; "
            "copy or save it again."
        )
    if size > wanted:
        raise ReadingError(
            f"{file} goes on for {counted(size - wanted, 'byte')} after its array; "
            "save one array a file, or an NPZ."
        )


def _mapped(path: Path, header: Header, offset: int) -> np.ndarray:
    if not header.size:
        return np.empty(header.shape, header.dtype)
    order: Literal["F", "C"] = "F" if header.fortran else "C"
    start = offset + header.length
    return np.memmap(path, header.dtype, "r", start, header.shape, order)


def _of_characters(values: np.ndarray, file: str) -> np.ndarray:
    """The values, unless they are text with a number in it that is no character's.

    Python takes such a text from NumPy, and only fails where it is written as UTF-8.
    """
    if values.dtype.kind != "U" or not values.nbytes:
        return values
    codes = np.ascontiguousarray(values).view(np.dtype("u4").newbyteorder(values.dtype.byteorder))
    if ((codes > _LAST_CHARACTER) | (codes >> 11 == _SURROGATES)).any():
        raise ReadingError(f"{file} holds text that is not of characters; save it again.")
    return values


def read_npz(path: Path, archive: zipfile.ZipFile, file: str) -> dict[str, np.ndarray]:
    """The arrays of an NPZ by their names: memory-mapped where stored, unpacked where deflated.

    Raises:
        ReadingError: a member is cut, damaged or refused.
    """
    arrays = {}
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        arrays[name] = _member(path, archive, info, f"{file}, array `{name}`,")
    return arrays


def read_member(path: Path, name: str) -> np.ndarray:
    """One array of an NPZ, as `read_npz` reads it.

    Raises:
        OSError: the file cannot be opened.
        ReadingError: it is no NPZ, lacks the array, or the array is cut, damaged or refused.
    """
    file = f"{path}, array `{name}`,"
    try:
        with zipfile.ZipFile(path) as archive:
            return _member(path, archive, archive.getinfo(f"{name}.npy"), file)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ReadingError(f"{file} cannot be read; save it again.") from error


def _member(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> np.ndarray:
    try:
        with archive.open(info) as stream:
            header = read_header(stream, file)
            _check_size(header, info.file_size, file)
            if info.compress_type != zipfile.ZIP_STORED:
                return _of_characters(_unpacked(stream, header, file), file)
        return _of_characters(_stored(path, header, info, file), file)
    except DAMAGED as error:
        raise ReadingError(f"{file} is cut, damaged or encrypted; save it again.") from error


def _stored(path: Path, header: Header, info: zipfile.ZipInfo, file: str) -> np.ndarray:
    with path.open("rb") as stream:
        stream.seek(info.header_offset + 26)
        begins = info.header_offset + 30 + sum(struct.unpack("<HH", stream.read(4)))
        if begins + info.file_size > path.stat().st_size:
            raise ReadingError(f"{file} is cut; copy or save it again.")
        _check_sum(stream, begins, info, file)
    return _mapped(path, header, begins)


def _check_sum(stream: IO[bytes], begins: int, info: zipfile.ZipInfo, file: str) -> None:
    stream.seek(begins)
    found, left = 0, info.file_size
    room = memoryview(bytearray(min(_CHUNK, max(1, left))))
    while left:
        got = stream.readinto(room[: min(left, len(room))])  # type: ignore[attr-defined]
        found, left = zlib.crc32(room[:got], found), left - got
    if found != info.CRC:
        raise ReadingError(f"{file} is damaged: its checksum differs; copy or save it again.")


def _unpacked(stream: IO[bytes], header: Header, file: str) -> np.ndarray:
    flat = allocate((header.size,), np.dtype(np.uint8), file)
    room, done = flat.data, 0
    while done < header.size:
        got = stream.readinto(room[done : done + _CHUNK])  # type: ignore[attr-defined]
        if not got:
            raise ReadingError(f"{file} is cut; copy or save it again.")
        done += got
    stream.read(1)
    values = flat.view(header.dtype) if header.size else np.empty(0, header.dtype)
    return values.reshape(header.shape, order="F" if header.fortran else "C")
