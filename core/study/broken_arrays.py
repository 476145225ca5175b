"""What NumPy raises for a file of arrays that is cut, foreign or made to do harm."""

from __future__ import annotations

import lzma
import struct
import zlib
from tokenize import TokenError
from zipfile import BadZipFile

BROKEN = (
    ValueError, TypeError, KeyError, IndexError, EOFError, OSError, SyntaxError, TokenError,
    RuntimeError, MemoryError, OverflowError, AttributeError, BadZipFile, zlib.error,
    lzma.LZMAError, struct.error,
)  # fmt: skip
"""A header is read as Python's own syntax; one of a huge shape asks for as much memory; an archive
may be locked by a password or packed in a way that is not known here."""
