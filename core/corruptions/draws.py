"""The chance in a corruption: of each image its own, or the same for all steps of a curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Seed = int | Sequence[int]


class Draws:
    """Random numbers for N images, from a seed.

    Every method gives an array whose first axis is N, or 1 where all images share their draws: then
    they are steps along one curve, whose only difference should be the amount.

    Args:
        seed: Equal seeds give equal draws.
        num_images: N.
        shared: Whether all images share them; what has a side then takes the first, and what has a
            place lies in the middle.
    """

    def __init__(self, seed: Seed, num_images: int, shared: bool = False) -> None:
        self._rng = np.random.default_rng(seed)
        self._num = 1 if shared else num_images
        self.shared = shared

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> np.ndarray:
        """Uniform between two ends, float64 (N, ...)."""
        return self._rng.uniform(low, high, (self._num, *shape))

    def normal(self, *shape: int) -> np.ndarray:
        """Standard normal, float32 (N, ...)."""
        return self._rng.standard_normal((self._num, *shape), np.float32)

    def integers(self, end: int, *shape: int, low: int = 0) -> np.ndarray:
        """Whole numbers from `low` to below `end`, int64 (N, ...)."""
        return self._rng.integers(low, end, (self._num, *shape))

    def poisson(self, means: np.ndarray) -> np.ndarray:
        """Counts with these means (N, ...); no two of them are ever shared."""
        return self._rng.poisson(means)

    def sides(self, *shape: int) -> np.ndarray:
        """-1 or 1, (N, ...)."""
        if self.shared:
            return np.ones((1, *shape))
        return self._rng.choice([-1.0, 1.0], (self._num, *shape))

    def places(self, *shape: int) -> np.ndarray:
        """Shares in [0, 1] of the way from one end to the other, (N, ...)."""
        return np.full((1, *shape), 0.5) if self.shared else self.uniform(*shape)

    def shuffled(self, arrays: np.ndarray) -> np.ndarray:
        """The same arrays in another order of their first axis."""
        return self._rng.permutation(arrays)

    def generator(self) -> np.random.Generator:
        """What else draws: for what is no array of N."""
        return self._rng
