"""Images that people bring as arrays: which of a file's arrays they are, and their labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.pictures.array_files import TABLE, read_arrays
from core.pictures.array_forms import ArrayQuestion, Form, to_images

_CODE = re.compile("[0-9]{1,9}")
LABELS_OF = {
    "images": ("labels", "label", "targets", "y"),
    "x_test": ("y_test",),
    "x_train": ("y_train",),
    "X_test": ("y_test", "Y_test"),
    "X_train": ("y_train", "Y_train"),
    "test_images": ("test_labels",),
    "train_images": ("train_labels",),
    "X": ("y", "Y", "labels"),
    "x": ("y", "labels"),
    "data": ("target", "labels", "label", "y"),
    "arr_0": ("arr_1",),
    TABLE: ("labels",),
}
"""The names that images go by, each with those of its labels."""


@dataclass(frozen=True)
class ImageSet:
    """Images of a file, and how they were read.

    Attributes:
        images: uint8 (N, H, W), 0 paper and 255 ink.
        labels: int64 (N,), or None where there are none.
        notes: What is to be said about the reading, a few words each.
    """

    images: np.ndarray
    labels: np.ndarray | None
    notes: tuple[str, ...]

    @property
    def line(self) -> str:
        """How they were read, in one line."""
        count, height, width = self.images.shape
        labels = "no labels" if self.labels is None else "labels"
        return "; ".join([f"{count} images of {height} x {width}, {labels}", *self.notes])


def read_images(
    path: Path,
    key: str | None = None,
    form: Form = Form(),  # noqa: B008 - it is frozen
    class_names: Sequence[str] | None = None,
) -> ImageSet:
    """The images of an NPZ, NPY, IDX or CSV file, gzip or plain, told by its content.

    Args:
        path: The file.
        key: The name of the images' array; needed where a file holds several.
        form: How values and axes are to be read, where it is not left to the array.
        class_names: What labels as text are looked up in; None takes whole numbers only.

    Raises:
        FileNotFoundError: no such file.
        ValueError: one sentence with the file's name: what is there, and what to do.
    """
    return images_among(read_arrays(path), str(path), key, form, class_names)


def images_among(
    arrays: dict[str, np.ndarray],
    shown: str,
    key: str | None = None,
    form: Form = Form(),  # noqa: B008 - it is frozen
    class_names: Sequence[str] | None = None,
) -> ImageSet:
    """The images among a file's arrays, with their labels; see `read_images`.

    Args:
        arrays: By name.
        shown: The file's name, for messages.
        key: As there.
        form: As there.
        class_names: As there.

    Raises:
        ArrayQuestion: only a person can say which array it is, or what full ink is.
        ValueError: one sentence with the file's name: what is there, and what to do.
    """
    name = key if key is not None else _only_images(arrays, shown)
    if name not in arrays:
        raise ValueError(f"{shown} holds no array named {name}; it holds {_listed(arrays)}")
    of_file = shown if len(arrays) == 1 else f"{shown}: {name}"
    images, notes = to_images(arrays[name], form, of_file)
    found = next((each for each in LABELS_OF.get(name, ()) if each in arrays), None)
    if len(arrays) > 1 and (name, found) != ("images", "labels"):
        said = f"images from {name}" + (f", labels from {found}" if found else "")
        notes = (said, *notes)
    if found is None:
        return ImageSet(images, None, notes)
    labels = to_labels(arrays[found], len(images), f"{shown}: {found}", class_names)
    return ImageSet(images, labels, notes)


def _only_images(arrays: dict[str, np.ndarray], shown: str) -> str:
    """The name of the one array of images.

    Raises:
        ArrayQuestion: there is none that goes by a usual name, or more than one.
    """
    named = [name for name in LABELS_OF if name in arrays]
    if len(named) == 1:
        return named[0]
    if named:
        choices = ", ".join(f"{name} ({len(arrays[name])})" for name in named)
        raise ArrayQuestion(
            f"{shown} holds several: {choices}; choose by --key {named[0]}", "key", tuple(named)
        )
    raise ArrayQuestion(
        f"{shown} holds {_listed(arrays)}, no array named images; name one by --key"
        f" {next(iter(arrays))}",
        "key",
        tuple(arrays),
    )


def _listed(arrays: dict[str, np.ndarray]) -> str:
    return ", ".join(f"{name} {array.dtype} {array.shape}" for name, array in arrays.items())


def to_labels(
    values: np.ndarray, num_images: int, shown: str, class_names: Sequence[str] | None = None
) -> np.ndarray:
    """Labels int64 (N,) of whole numbers of any type, one-hot rows, a column, or text.

    Raises:
        ValueError: another count than the images', or a value that is no label, with its place.
    """
    flat = values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values
    if flat.ndim == 2 and ((flat == 0) | (flat == 1)).all() and (flat.sum(1) == 1).all():
        flat = flat.argmax(1)
    if flat.shape != (num_images,):
        raise ValueError(f"{shown} must hold {num_images} labels, got {values.dtype} {flat.shape}")
    if flat.dtype.kind in "USO":
        flat = _codes([str(each).strip() for each in flat], shown, class_names)
    wrong = np.flatnonzero(flat != np.rint(flat)) if flat.dtype.kind in "fiub" else [0]
    if len(wrong):
        raise ValueError(f"{shown}[{wrong[0]}] is {flat[wrong[0]]}: labels are whole numbers")
    return flat.astype(np.int64)


def _codes(texts: list[str], shown: str, class_names: Sequence[str] | None) -> np.ndarray:
    names = {name: code for code, name in enumerate(class_names or ())}
    codes = [names.get(text, int(text) if _CODE.fullmatch(text) else -1) for text in texts]
    if min(codes, default=0) < 0:
        place = int(np.argmin(codes))
        known = f"; the classes are {', '.join(class_names)}" if class_names else ""
        raise ValueError(f"{shown}[{place}] is {texts[place]!r}, which is no class{known}")
    return np.array(codes)
