"""A folder or a ZIP file of pictures, or one picture -> the score table of its digits."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from core.measures.table import save_table
from core.networks.scoring import Advance, Scorer, check_out, score_images
from core.networks.touching import part_touching
from core.pictures.ink import find_ink
from core.pictures.picture_files import READABLE, PictureError, read_picture, shown_name
from core.pictures.picture_sources import PictureSource, find_sources, readable_name
from core.pictures.segments import Box, Digit, find_marks


@dataclass(frozen=True)
class PictureFile:
    """What one picture file gave.

    Attributes:
        source: The file's name relative to its folder.
        label: The class that the name or the sub-folder states, or None.
        digits: In reading order.
        refusal: Why there is none, in one sentence; empty where there are some.
        left_out: Boxes of marks that were taken for no digits.
        uncounted: How many marks were not looked at, the smallest of very many.
    """

    source: str
    label: int | None
    digits: tuple[Digit, ...] = ()
    refusal: str = ""
    left_out: tuple[Box, ...] = ()
    uncounted: int = 0


def score_folder(
    folder: Path,
    out: Path,
    classifier: Scorer,
    threads: int | None = None,
    advance: Advance = lambda done, total: None,
    use_labels: bool = True,
    say: Callable[[str], None] = lambda line: None,
) -> tuple[int, list[str]]:
    """Score the digits on some pictures into `out`, which is not written if there is none.

    Args:
        folder: Searched with its sub-folders; or a ZIP file, or one picture.
        out: `.parquet` or `.csv`.
        classifier: What scores them.
        threads: That read pictures at a time; one a core if None.
        advance: Called as pictures are read, from any thread.
        use_labels: Whether names and sub-folders give labels; see `find_sources`.
        say: Told in a line which labels names state, and in one how many marks were left out.

    Returns:
        How many digits there were, and one line for each file that gave none or was not read whole.

    Raises:
        ValueError: no picture in the folder, or a name for `out` that is no table's.
        OSError: `folder` is none, or `out` cannot be written.
    """
    check_out(out)
    files = read_folder(folder, classifier, threads, advance, use_labels)
    refused = [f"{readable(file.source)}: {file.refusal}" for file in files if file.refusal]
    refused += [
        f"{readable(file.source)}: there are too many marks; the {file.uncounted} smallest were"
        " not read."
        for file in files
        if file.uncounted
    ]
    read = [file for file in files if file.digits]
    if read:
        for line in _lines(read, classifier.class_names):
            say(line)
        save_table(score_files(classifier, read, threads), out)
    return sum(len(file.digits) for file in read), refused


def _lines(files: list[PictureFile], class_names: tuple[str, ...]) -> list[str]:
    """What is to be said of pictures that were read: their labels, and marks that are no digits."""
    lines = []
    stated = [file for file in files if file.label is not None]
    if stated and (label := stated[0].label) is not None:
        example = f"{readable(stated[0].source)} states {class_names[label]}"
        lines.append(
            f"labels by name or folder for {len(stated)} of {len(files)} pictures ({example});"
            " --labels none leaves them out."
        )
    marks = sum(len(file.left_out) for file in files)
    if marks:
        what = "1 mark was" if marks == 1 else f"{marks} marks were"
        lines.append(f"{what} taken for no digits; the column left_out holds their boxes.")
    return lines


def read_folder(
    folder: Path,
    classifier: Scorer,
    threads: int | None = None,
    advance: Advance = lambda done, total: None,
    use_labels: bool = True,
) -> list[PictureFile]:
    """Every picture of a folder, sorted by path, with its digits made like the training images.

    Raises:
        ValueError: there is no picture in it.
    """
    found = find_sources(folder, classifier.class_names if use_labels else None)
    if not found:
        raise ValueError(f"{folder} holds no pictures; {READABLE}")
    files = []
    with _pool(threads) as pool:
        for file in pool.map(partial(_read_file, classifier=classifier), found):
            files.append(file)
            advance(1, len(found))
    return files


def score_files(
    classifier: Scorer, files: list[PictureFile], threads: int | None = None
) -> pd.DataFrame:
    """The score table of all digits of files that hold some, and where each of them is.

    `source` is the file relative to the folder, with `/`; `box` is `left,top,right,bottom` in
    pixels of the picture as it was read; `row` counts from 1, and so does `cell`, missing where
    there is no grid; `doubt` says why it may be no single digit; `left_out`, with the first digit
    of a picture, holds the boxes of marks that were taken for none, parted by spaces. Without a
    label, `label` and `correct` are missing.
    """
    rows = [(file, digit) for file in files for digit in file.digits]
    images = np.stack([digit.image for _, digit in rows])
    labels = np.array([-1 if file.label is None else file.label for file, _ in rows])
    table = _score_labelled(classifier, images, labels, threads)
    table["source"] = [file.source for file, _ in rows]
    digits = [digit for _, digit in rows]
    table["box"] = [str(digit.box) for digit in digits]
    table["row"] = pd.array([digit.row for digit in digits], dtype="Int16")
    table["cell"] = pd.array([digit.cell or None for digit in digits], dtype="Int16")
    table["doubt"] = [digit.doubt for digit in digits]
    table["left_out"] = [
        " ".join(map(str, file.left_out)) if digit is file.digits[0] else "" for file, digit in rows
    ]
    return table


def _score_labelled(
    classifier: Scorer, images: np.ndarray, labels: np.ndarray, threads: int | None
) -> pd.DataFrame:
    """The score table of images, of which those without a label have -1 for one."""
    parts = []
    for rows, given in ((labels >= 0, labels[labels >= 0]), (labels < 0, None)):
        if rows.any():
            part = score_images(classifier, images[rows], given, threads)
            parts.append(part.set_index(pd.Index(np.flatnonzero(rows), name="index")))
    return pd.concat(parts).sort_index()


def _read_file(source: PictureSource, classifier: Scorer) -> PictureFile:
    file, shown = PictureFile(readable_name(source.name), source.label), shown_name(source.name)
    try:
        found = find_marks(find_ink(read_picture(source.read(), shown)), classifier.image_shape)
    except PictureError as error:
        return replace(file, refusal=str(error))
    except OSError:
        return replace(file, refusal=f"{shown} cannot be opened.")
    if not found.digits:
        return replace(file, refusal=f"{shown} shows no ink that could be a digit.")
    digits = part_touching(classifier.predict, found.digits)
    # The ink of a photograph is larger than its digits' images by thousands.
    small = tuple(replace(digit, ink=np.zeros((0, 0), np.float32)) for digit in digits)
    return replace(file, digits=small, left_out=found.left_out, uncounted=found.uncounted)


@contextmanager
def _pool(threads: int | None) -> Iterator[ThreadPoolExecutor]:
    """Threads that, where reading is interrupted, begin no further picture."""
    pool = ThreadPoolExecutor(threads or os.cpu_count() or 1)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def readable(source: str) -> str:
    """A relative path fit to be shown: no control characters, one line."""
    return "".join(c if unicodedata.category(c)[0] != "C" else " " for c in source)
