"""How bytes become an input: a head of three bytes chooses, the rest is content."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

HEAD = 3
BETWEEN = b"\xff8<\xff"
"""Stands between the parts of a content of several."""
PACKINGS = ("plain", "gzip", "zip", "stored", "deflated")
_PNG = b"\x89PNG\r\n\x1a\n"


def parted(data: bytes) -> tuple[bytes, bytes]:
    """Head (3,) and content of an input."""
    return data[:HEAD].ljust(HEAD, b"\0"), data[HEAD:]


def chosen(byte: int, options: Sequence[str]) -> str:
    """One of some options."""
    return options[byte % len(options)]


def packed(content: bytes, packing: str, names: Sequence[str]) -> bytes:
    """A content as it is, or in an archive whose checksums are right.

    A mutation inside an archive would nearly always end at its checksum: these happen before.
    """
    if packing == "plain":
        return content
    if packing == "gzip":
        return gzip.compress(content, 1, mtime=0)
    buffer = io.BytesIO()
    how = zipfile.ZIP_STORED if packing == "stored" else zipfile.ZIP_DEFLATED
    parts = [content] if packing == "zip" else content.split(BETWEEN)
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for number, part in enumerate(parts[: len(names)]):
            archive.writestr(zipfile.ZipInfo(names[number]), part, how)
    return buffer.getvalue()


def with_right_sums(png: bytes) -> bytes:
    """A PNG with the checksum that each of its chunks should have; other bytes as they are."""
    if not png.startswith(_PNG):
        return png
    found, at = [_PNG], len(_PNG)
    while at + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, at)
        body = png[at + 4 : at + 8 + length]
        found += [png[at : at + 4], body, struct.pack(">I", zlib.crc32(body))]
        at += 12 + length
    return b"".join(found)
