"""Many images in little memory: compressed a few at a time, and read like an array."""

from __future__ import annotations

import operator
import zlib
from collections.abc import Iterable, Sequence

import numpy as np

_TOGETHER = 16  # read in a twentieth of a millisecond; more together save no more
_LEVEL = 1  # MNIST's training images: 11 MB in place of 47 in half a second; level 6 saves 1 more


class PackedImages:
    """Images uint8 (N, H, W), read by row numbers: `packed[7]` (H, W), `packed[[3, 1]]` (2, H, W).

    Args:
        parts: The images one part after another, each (n, H, W); all but the last of a multiple
            of 16 images.

    Raises:
        ValueError: there is no part, or an earlier one is no multiple of 16.
        IndexError: a row number that is not 0 to N - 1.
    """

    def __init__(self, parts: Iterable[np.ndarray]) -> None:
        self._parts: list[bytes] = []
        count, image_shape = 0, None
        for part in parts:
            if count % _TOGETHER:
                raise ValueError(f"every part but the last must hold a multiple of {_TOGETHER}")
            for i in range(0, len(part), _TOGETHER):
                self._parts.append(zlib.compress(part[i : i + _TOGETHER].tobytes(), _LEVEL))
            count, image_shape = count + len(part), part.shape[1:]
        if image_shape is None:
            raise ValueError("there is no part")
        self.shape = (count, *image_shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: int | Sequence[int] | np.ndarray) -> np.ndarray:
        """One image, or those of several row numbers in their order."""
        if np.ndim(rows) == 0:
            return self._image(operator.index(rows))  # type: ignore[arg-type]
        images = [self._image(int(row)) for row in np.asarray(rows, int)]
        return np.array(images, np.uint8).reshape(-1, *self.shape[1:])

    def _image(self, row: int) -> np.ndarray:
        if not 0 <= row < len(self):
            raise IndexError(f"there is no image {row}, only 0 to {len(self) - 1}")
        part = np.frombuffer(zlib.decompress(self._parts[row // _TOGETHER]), np.uint8)
        return part.reshape(-1, *self.shape[1:])[row % _TOGETHER]
