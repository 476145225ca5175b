"""Does an image look like something else that people draw: a letter, a thing, a scribble?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from core.networks.atypicality import describe_whole, rank
from core.networks.fitted_arrays import load_fitted
from core.study.tight_arrays import save_tight

_CHUNK = 500  # images at once, as in `core.networks.atypicality`
_AXES = {"hidden": "IJ", "bias": "J", "output": "J", "reference": "M"}


@dataclass(frozen=True)
class Foreign:
    """A network of one hidden layer that `models.foreign` taught; I inputs, J units.

    Attributes:
        hidden, bias, output: float32 (I, J), (J,) and (J,).
        reference: (M,), the log-odds of held-out digits, ascending.
    """

    hidden: np.ndarray
    bias: np.ndarray
    output: np.ndarray
    reference: np.ndarray


def foreignness(fitted: Foreign, pooled: np.ndarray, features: np.ndarray) -> np.ndarray:
    """How much each image looks like something else: the share of held-out digits that do less.

    Hendrycks, Mazeika and Dietterich, "Deep Anomaly Detection with Outlier Exposure", ICLR 2019,
    section 3, beside the classifier and not in its training.

    Args:
        fitted: The network.
        pooled: float32 (N, S, P), each member's channel means.
        features: float32 (N, D); I is D + S P.

    Returns:
        float64 (N,) in (0, 1); 0.98 means that 98 % of held-out digits look less foreign.
    """
    parts = [slice(start, start + _CHUNK) for start in range(0, len(pooled), _CHUNK)]
    odds = [log_odds(fitted, describe_whole(pooled[part], features[part])) for part in parts]
    return rank(np.concatenate(odds), fitted.reference)


def log_odds(fitted: Foreign, seen: np.ndarray) -> np.ndarray:
    """Of a foreign picture rather than an item, but for a constant, of what is seen (N, I)."""
    found: np.ndarray = np.maximum(seen @ fitted.hidden + fitted.bias, 0) @ fitted.output
    return found


def load_foreign(path: Path) -> Foreign:
    """What was taught, from an archive.

    Raises:
        FileNotFoundError: `path` is not there.
        ValueError: it is no such archive.
    """
    arrays = load_fitted(path, _AXES, "foreign pictures")
    return Foreign(**{name: array.astype(np.float32) for name, array in arrays.items()})


def save_foreign(fitted: Foreign, path: Path) -> None:
    """Write the archive aside, then rename it; the first layer's weights are of 16 bits."""
    save_tight(path, **asdict(fitted) | {"hidden": fitted.hidden.astype(np.float16)})
