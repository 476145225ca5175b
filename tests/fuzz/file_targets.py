"""Files of arrays, tables and labels, as the pages and the commands take them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.pictures.array_forms import Form
from core.pictures.image_arrays import read_images
from core.pictures.picture_files import PictureError, read_picture
from core.pictures.picture_sources import find_sources, holds_pictures
from core.reading.errors import ReadingError
from core.reading.read import Source, read_files
from core.review.label_files import load_labels
from tests.core.reading import made_files as made
from tests.core.reading.one_shape import assert_one_shape
from tests.fuzz.shapes import BETWEEN, PACKINGS, chosen, packed, parted

NAMES = ("a.csv", "a.npy", "a.npz", "a.parquet", "a.arrow", "a.json", "a.jsonl", "a.gz", "a")
ARRAYS = ("probs.npy", "labels.npy", "ids.npy", "b.npy")
IMAGES = ("images.npy", "labels.npy", "x_test.npy", "y_test.npy")
LABELS = ("labels.npy", "usable.npy", "given_labels.npy")
ROLES = ("labels", "held_out", "class_names", "columns", "source", "labels")
FORMS = (
    Form(), Form(scale="1", invert=True), Form(scale="255", mirror=True),
    Form(scale="standardised", transpose=True),
)  # fmt: skip
GIVEN = np.array([0, 1, 2, 3, 3, 2])
_LONGEST = 2_000
"""Letters of a sentence that a person may be shown."""


def sentence(error: Exception) -> None:
    """What a refusal says is one line that a person can read."""
    said = str(error)
    assert said and "\n" not in said and len(said) < _LONGEST, repr(said[:200])


def predictions(folder: Path, data: bytes) -> None:
    """Files of predictions, with a second file in one of its roles where there is one."""
    head, content = parted(data)
    packing = chosen(head[0], PACKINGS)
    first, *more = content.split(BETWEEN, 1) if packing in PACKINGS[:3] else [content]
    name = chosen(head[1], NAMES)
    sources = [_source(folder, name, packed(first, packing, (name, *ARRAYS)[-4:]))]
    others: dict[str, Source] = {}
    if more:
        role, other = chosen(head[2], ROLES), _source(folder, f"b{Path(name).suffix}", more[0])
        if role == "source":
            sources.append(other)
        else:
            others[role] = other
    try:
        reading = read_files(sources, **others)
    except ReadingError as error:
        sentence(error)
    else:
        assert_one_shape(reading)


def _source(folder: Path, name: str, content: bytes) -> Source:
    # Another file each time: the last one may still be mapped into memory.
    path = folder / name
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    return Source(name, path)


def arrays(folder: Path, data: bytes) -> None:
    """Images for `score`: arrays in every form, and archives of pictures."""
    head, content = parted(data)
    packing = chosen(head[0], PACKINGS)
    names = ("7_a.png", "a.npy", "b/3.jpg") if packing == "zip" else IMAGES
    _, path = _source(folder, chosen(head[1], NAMES), packed(content, packing, names))
    try:
        if holds_pictures(path):
            for source in find_sources(path, list(map(str, range(10)))):
                read_picture(source.read(), source.name)
        else:
            found = read_images(path, None, FORMS[head[2] % len(FORMS)], made.NAMES.tolist())
            assert found.images.dtype == np.uint8 and found.images.ndim == 3
            assert found.labels is None or found.labels.shape == found.images.shape[:1]
    except (ValueError, PictureError) as error:
        sentence(error)


def labels(folder: Path, data: bytes) -> None:
    """Labels that somebody edited: CSV and NPZ."""
    head, content = parted(data)
    packing = chosen(head[0], PACKINGS)
    ending = ".npz" if packing in PACKINGS[2:] else chosen(head[1], (".csv", ".npz"))
    _, path = _source(folder, f"a{ending}", packed(content, packing, LABELS))
    try:
        found = load_labels(path, GIVEN, 4)
    except ValueError as error:
        sentence(error)
    else:
        assert found.labels.shape == found.usable.shape == GIVEN.shape
        assert ((found.labels >= 0) & (found.labels < 4)).all()
