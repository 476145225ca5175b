"""A file of arrays of one's own -> its images, as many as a page shows."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import PurePath

import numpy as np

from core.networks.array_doubts import Doubt, doubt_about
from core.networks.own_pictures import OwnPicture, encoded
from core.pictures.array_files import NPY, ZIP, arrays_in, holds_arrays
from core.pictures.array_forms import Form
from core.pictures.fitting import fitted
from core.pictures.idx import GZIP, looks_like_idx
from core.pictures.image_arrays import images_among
from core.pictures.picture_files import looks_like_picture, shown_name
from core.pictures.segments import Box
from core.study.study import Network

MOST_SHOWN = 1_000
MOST_BYTES = 400_000_000
"""Of a file's array in the memory of a server that others use too."""
ENDINGS = (".csv", ".tsv", ".npy", ".npz", ".gz")


def is_array_file(name: str, raw: bytes) -> bool:
    """Whether a file is to be read as arrays: by its content, or a table by its ending."""
    if raw.startswith(ZIP):
        return holds_arrays(io.BytesIO(raw))
    if raw.startswith((NPY, GZIP)) or PurePath(name).suffix.lower() in ENDINGS:
        return True
    return looks_like_idx(raw) and not looks_like_picture(raw)


def read_array_file(
    name: str,
    raw: bytes,
    network: Network,
    class_names: Sequence[str],
    key: str | None = None,
    form: Form = Form(),  # noqa: B008 - it is frozen
) -> tuple[OwnPicture, Doubt | None]:
    """The images of a file, the first 1,000 of them, and what looks wrong about all of them.

    Args:
        name: The file's, as it came.
        raw: Its bytes; nothing is written to disk.
        network: What is to read them.
        class_names: What labels as text are looked up in.
        key: The name of the images' array, where the file holds several.
        form: How values and axes are to be read, where it is not left to the array.

    Raises:
        ArrayQuestion: only a person can say which array it is, or what full ink is.
        ValueError: one sentence with the file's name: it holds no images.
    """
    shown = shown_name(name)
    found = images_among(arrays_in(raw, shown, MOST_BYTES), shown, key, form, class_names)
    doubt = doubt_about(network.predict, fitted(_sample(found.images), network.image_shape)[0])
    images, note = fitted(found.images[:MOST_SHOWN], network.image_shape)
    said = [found.line, *([note] if note else [])]
    if len(found.images) > MOST_SHOWN:
        said.append(f"the first {MOST_SHOWN:,} are read here, all by the command score")
    labels = () if found.labels is None else tuple(found.labels[:MOST_SHOWN].tolist())
    return _laid_out(shown, images, f"{'; '.join(said)}.", labels), doubt


def _sample(images: np.ndarray, most: int = 200) -> np.ndarray:
    """Some of all images: as many as are looked at for what may be wrong."""
    rows = np.unique(np.linspace(0, len(images) - 1, min(most, len(images))).astype(int))
    return images[rows]


def _laid_out(name: str, images: np.ndarray, note: str, labels: tuple[int, ...]) -> OwnPicture:
    """Images uint8 (N, H, W) as one sheet, row by row."""
    count, height, width = images.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    sheet = np.zeros((rows * columns, height, width), np.uint8)
    sheet[:count] = images
    sheet = sheet.reshape(rows, columns, height, width).swapaxes(1, 2)
    preview = encoded(sheet.reshape(rows * height, columns * width), "PNG")
    places = [divmod(i, columns) for i in range(count)]
    return OwnPicture(
        name=name,
        preview=preview,
        ink=preview,
        size=(columns * width, rows * height),
        boxes=tuple(
            Box(x * width, y * height, (x + 1) * width, (y + 1) * height) for y, x in places
        ),
        images=images,
        places=tuple((y + 1, 0) for y, _ in places),
        doubts=("",) * count,
        notes=(note,),
        labels=labels,
    )
