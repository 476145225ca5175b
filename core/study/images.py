"""The pictures of a data set, wherever they lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np


class Images(Protocol):
    """N pictures, read by row; they need not be of one size."""

    def __len__(self) -> int:
        """How many items, N."""

    def image(self, row: int) -> np.ndarray:
        """One picture as it is, uint8 (H, W) grey or (H, W, 3) RGB.

        Raises:
            ValueError: it is missing or no picture; the message names it in one sentence.
        """

    def thumbnails(self, rows: Sequence[int] | np.ndarray, size: int) -> np.ndarray:
        """Some pictures on squares of `size` pixels, uint8 (n, size, size) or (n, size, size, 3).

        Larger ones are reduced, smaller ones enlarged by whole numbers so that each pixel stays
        sharp; what remains is filled with the background. One that cannot be read is left blank.
        """
