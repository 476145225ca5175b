"""Images that people bring in a file: .npz, .npy or IDX, checked once."""

from __future__ import annotations

import zlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from examples.mnist_data import load_idx


def load_images(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    """Images uint8 (N, H, W) and labels int64 (N,), or None where the file has none.

    `.npz` holds `images` and optionally `labels`; `.npy` the images; anything else is read as IDX,
    plain or gzip.

    Raises:
        FileNotFoundError: no such file.
        ValueError: another shape or type, no images, labels of another length, a broken file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} is no file")
    if path.suffix not in {".npz", ".npy"}:
        return _checked_images(load_idx(path), path), None
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return _checked_images(loaded, path), None
        with loaded as archive:
            if "images" not in archive:
                raise ValueError(f"{path} holds no array named images")
            images = _checked_images(archive["images"], path)
            labels = archive.get("labels")
    except (OSError, EOFError, SyntaxError, BadZipFile, zlib.error) as error:
        raise ValueError(f"{path} is broken: {error}") from error
    return images, _checked_labels(labels, len(images), path)


def _checked_images(images: np.ndarray, path: Path) -> np.ndarray:
    if images.dtype != np.uint8 or images.ndim != 3 or len(images) == 0:
        raise ValueError(
            f"{path} must hold images uint8 (N >= 1, height, width),"
            f" got {images.dtype} {images.shape}"
        )
    return images


def _checked_labels(labels: np.ndarray | None, num_images: int, path: Path) -> np.ndarray | None:
    if labels is None:
        return None
    if labels.shape != (num_images,) or labels.dtype.kind not in "iu":
        raise ValueError(
            f"{path} must hold labels as {num_images} integers, got {labels.dtype} {labels.shape}"
        )
    return labels.astype(np.int64)
