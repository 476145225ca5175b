"""Many images in little memory: compressed a few at a time, and read like an array."""

from __future__ import annotations

import operator
import zlib
from collections.abc import Callable, Iterable, Sequence
from threading import Lock

import numpy as np

from core.study.thumbnails import on_squares

_TOGETHER = 16  # read in a twentieth of a millisecond; more together save no more
_LEVEL = 1  # 47 MB of small grey images take 11; level 6 saves 1 MB more


class PackedImages:
    """Images uint8 (N, H, W), read by row numbers: `packed[7]` (H, W), `packed[[3, 1]]` (2, H, W).

    They are read and packed when the first one is asked for.

    Args:
        read_parts: Gives the images one part after another, each (n, H, W); all but the last of a
            multiple of 16 images.

    Raises:
        ValueError: on first use: there is no part, or an earlier one is no multiple of 16.
        IndexError: a row number that is not 0 to N - 1.
    """

    def __init__(self, read_parts: Callable[[], Iterable[np.ndarray]]) -> None:
        self._read_parts, self._lock = read_parts, Lock()
        self._packed: tuple[list[bytes], tuple[int, ...]] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """N, H and W."""
        return self._content()[1]

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: int | Sequence[int] | np.ndarray) -> np.ndarray:
        """One image, or those of several row numbers in their order."""
        if np.ndim(rows) == 0:
            return self.image(operator.index(rows))  # type: ignore[arg-type]
        images = [self.image(int(row)) for row in np.asarray(rows, int)]
        return np.array(images, np.uint8).reshape(-1, *self.shape[1:])

    def image(self, row: int) -> np.ndarray:
        """One image, uint8 (H, W)."""
        parts, (num_images, *image_shape) = self._content()
        if not 0 <= row < num_images:
            raise IndexError(f"there is no image {row}, only 0 to {num_images - 1}")
        part = np.frombuffer(zlib.decompress(parts[row // _TOGETHER]), np.uint8)
        return part.reshape(-1, *image_shape)[row % _TOGETHER]

    def thumbnails(self, rows: Sequence[int] | np.ndarray, size: int) -> np.ndarray:
        """Some images on squares of `size` pixels, uint8 (n, size, size)."""
        return on_squares([self.image(int(row)) for row in rows], size)

    def _content(self) -> tuple[list[bytes], tuple[int, ...]]:
        with self._lock:  # of two visitors who come at once, one packs and the other waits
            if self._packed is None:
                self._packed = _pack(self._read_parts())
            return self._packed


def _pack(parts: Iterable[np.ndarray]) -> tuple[list[bytes], tuple[int, ...]]:
    """Compressed images, 16 together, and their shape (N, H, W)."""
    packed: list[bytes] = []
    count, image_shape = 0, None
    for part in parts:
        if count % _TOGETHER:
            raise ValueError(f"every part but the last must hold a multiple of {_TOGETHER}")
        for i in range(0, len(part), _TOGETHER):
            packed.append(zlib.compress(part[i : i + _TOGETHER].tobytes(), _LEVEL))
        count, image_shape = count + len(part), part.shape[1:]
    if image_shape is None:
        raise ValueError("there is no part")
    return packed, (count, *image_shape)
