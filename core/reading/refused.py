"""Files that are refused for what they are, recognised by their first bytes."""

from __future__ import annotations

import re

from core.reading.errors import ReadingError

SAVE_PLAIN = "save plain arrays instead, for example np.savez(file, probs=probs, labels=labels)"
_PICKLE = re.compile(
    rb"\x80[\x02-\x05]|\((dp|lp|ip|cp)\d|c(numpy|pandas|torch|__builtin__|builtins|copy_reg|collections)"
    rb"[\w.]*\n\w+\n"
)
_SIGNATURES = (
    (b"version https://git-lfs", "a Git LFS pointer, not the data",
     "fetch the file itself with `git lfs pull`"),
    (b"version https://hawser", "a Git LFS pointer, not the data",
     "fetch the file itself with `git lfs pull`"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", "save the arrays as NPZ or Parquet"),
    (b"MATLAB 5.0 MAT-file", "a MATLAB file", "save the arrays as NPZ, CSV or Parquet"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV or Parquet"),
    (b"%PDF", "a PDF document", "save the predictions as CSV, NPZ or Parquet"),
    (b"\x89PNG\r\n", "a picture", "drop the file with the predictions"),
    (b"\xff\xd8\xff", "a picture", "drop the file with the predictions"),
    (b"BZh", "compressed with bzip2", "unpack it, or use gzip or ZIP"),
    (b"\xfd7zXZ", "compressed with xz", "unpack it, or use gzip or ZIP"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it, or use gzip or ZIP"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it, or use ZIP"),
    (b"Rar!", "a RAR archive", "unpack it, or use ZIP"),
    (b"ustar", "a TAR archive", "unpack it, or use ZIP"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook", "save the sheet as CSV"),
    (b"__label__", "a fastText file, in which every line orders the classes anew",
     "write a table with one column per class"),
)  # fmt: skip
# What is repeated begins with another byte each time: so a thousand blank lines are read once.
_ARFF = re.compile(rb"(?:\s|%[^\n]*\n)*@relation\s", re.IGNORECASE)
_HTML = re.compile(rb"\s*(<\?xml|<!doctype|<html|<head|<body|<!--)", re.IGNORECASE)


def refuse(file: str, what: str, cure: str) -> ReadingError:
    """The error for a file that is something else."""
    return ReadingError(f"{file} is {what}; {cure}.")


def refuse_by_content(file: str, start: bytes) -> None:
    """Raise for what Penumbra does not open.

    Args:
        file: The name to be shown.
        start: The first few kilobytes.

    Raises:
        ReadingError: names what the file is.
    """
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        what = "empty" if not start else "nothing but blanks"
        raise refuse(file, what, "export it again")
    if is_pickle(start):
        raise refuse(file, "a Python pickle, which can run code and is never opened", SAVE_PLAIN)
    if _HTML.match(start.removeprefix(b"\xef\xbb\xbf")):
        raise refuse(file, "a web page (HTML or XML) saved under a data name",
                     "download the file itself, by its raw link")  # fmt: skip
    if _ARFF.match(start):
        raise refuse(file, "an ARFF file", "save its table as CSV, with a header")
    for signature, what, cure in _SIGNATURES:
        if start.startswith(signature) or (signature == b"ustar" and start[257:262] == signature):
            raise refuse(file, what, cure)


def is_pickle(start: bytes) -> bool:
    """Whether bytes begin as a pickle of any protocol does."""
    return bool(_PICKLE.match(start))


def refuse_archive(file: str, names: list[str]) -> None:
    """Raise for a ZIP that is a torch file, a workbook or the like, or that names outside paths.

    Raises:
        ReadingError: names what the archive is, or the name it holds.
    """
    if any(name.endswith((".pkl", "/data.pkl")) for name in names):
        raise refuse(file, "a torch file or another archive of pickles, which can run code "
                           "and are never opened", SAVE_PLAIN)  # fmt: skip
    if "[Content_Types].xml" in names:
        raise refuse(file, "an Excel workbook or another office document",
                     "save the sheet as CSV")  # fmt: skip
    for name in names:
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]:
            raise ReadingError(
                f"{file} holds {name!r}, a name that leads outside the archive; pack it anew."
            )
