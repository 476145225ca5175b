"""Is this a digit at all? How far an image lies from the digits that were trained on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from core.networks.fitted_arrays import load_fitted
from core.study.tight_arrays import save_tight

_CHUNK = 500  # images at once: their similarities to all neighbours take 20 MB
_SHAPES = {
    "whitening": "SPP", "centres": "SKP", "neighbours": "MD", "hidden": "IJ", "bias": "J",
    "output": "J", "middle": "4", "far": "4", "reference": "R",
}  # fmt: skip
"""A letter an axis: equal ones are equally long, and I is D + S P."""


@dataclass(frozen=True)
class Distances:
    """What the four distances are measured from.

    S members, P channel means, K classes, D features, J units.

    Attributes:
        whitening: float32 (S, P, P), makes the channel means of each class a unit normal.
        centres: float32 (S, K, P), the classes' whitened means.
        neighbours: float32 (M, D), features of training digits, of length 1 to 16 bits.
        hidden, bias, output: float32 (D + S P, J), (J,) and (J,): a network that was taught to tell
            training digits from outliers.
    """

    whitening: np.ndarray
    centres: np.ndarray
    neighbours: np.ndarray
    hidden: np.ndarray
    bias: np.ndarray
    output: np.ndarray


@dataclass(frozen=True)
class Atypicality(Distances):
    """What `models.atypicality` fitted: the distances, and their scale for held-out digits.

    Attributes:
        middle, far: (4,), median and 99 % point of each distance for held-out digits.
        reference: Combined distances of the held-out digits, ascending.
    """

    middle: np.ndarray
    far: np.ndarray
    reference: np.ndarray


def atypicality(
    fitted: Atypicality, pooled: np.ndarray, features: np.ndarray, logits: np.ndarray
) -> np.ndarray:
    """How unlike the training digits each image is: the share of held-out digits less unlike.

    0.99 means further out than 99 % of held-out training digits. It knows no label, and of the
    logits only how large the largest is, not how far ahead: a digit may be typical and ambiguous,
    or atypical and clear.

    Args:
        fitted: What the distances are measured with.
        pooled: float32 (N, S, P), each member's channel means.
        features: float32 (N, D).
        logits: float32 (N, S, K), before any temperature.

    Returns:
        float64 (N,) in (0, 1); beyond the furthest held-out digit it goes on rising towards 1,
        so that no two distances share a value.
    """
    raw = raw_distances(fitted, pooled, features, logits)
    return rank(combine(raw, fitted.middle, fitted.far), fitted.reference)


def raw_distances(
    fitted: Distances, pooled: np.ndarray, features: np.ndarray, logits: np.ndarray
) -> np.ndarray:
    """Four distances of each image, float64 (N, 4).

    The first, at least 0: Mahalanobis distance of the channel means from the nearest class, the
    mean over members (Lee et al., NeurIPS 2018, eq. 2). The second, 0 to 2: 1 - cosine of the
    angle to the nearest training digit's features (Sun et al., "Out-of-Distribution Detection
    with Deep Nearest Neighbors", ICML 2022, with one neighbour). The third, without bounds: minus
    the largest logit, the mean over members, for the features that no class finds its own
    (Hendrycks et al., "Scaling Out-of-Distribution Detection for Real-World Settings", ICML 2022,
    section 4). The fourth, without bounds: the log-odds, but for a constant, of an outlier rather
    than a training digit (Hendrycks, Mazeika and Dietterich, "Deep Anomaly Detection with Outlier
    Exposure", ICLR 2019, section 3, here beside the classifier and not in its training).
    """
    distances = np.empty((len(pooled), 4))
    distances[:, 2] = -logits.max(-1).mean(-1)
    for start in range(0, len(pooled), _CHUNK):
        rows = slice(start, start + _CHUNK)
        distances[rows, 0] = _mahalanobis(fitted, pooled[rows])
        nearest = (unit_rows(features[rows]) @ fitted.neighbours.T).max(1)
        distances[rows, 1] = np.maximum(1 - nearest, 0)
        seen = describe_whole(pooled[rows], features[rows])
        distances[rows, 3] = np.maximum(seen @ fitted.hidden + fitted.bias, 0) @ fitted.output
    return distances


def describe_whole(pooled: np.ndarray, features: np.ndarray) -> np.ndarray:
    """What the learnt distance reads: features and every member's channel means, (N, D + S P)."""
    return np.concatenate([features, pooled.reshape(len(pooled), -1)], axis=1)


def combine(raw: np.ndarray, middle: np.ndarray, far: np.ndarray) -> np.ndarray:
    """One distance (N,), from four (N, 4), each 0 at its `middle` and 1 `far` out, both (4,).

    The mean of the first three, so that two that are somewhat far add up, and the fourth on top
    where it is above its median: it knows shapes and nothing of light or texture, and may not
    calm where those are strange.
    """
    scaled = (raw - middle) / (far - middle)
    return scaled[:, :3].mean(1) + np.maximum(scaled[:, 3], 0)


def rank(distances: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """The share of `reference` (M,), ascending, below each distance; strictly rising.

    Linear between two reference points; outside them the rest, 1 / (M + 1), is never used up.
    """
    count = len(reference)
    inside = np.interp(distances, reference, np.arange(1, count + 1) / (count + 1))
    rest = 1 / (count + 1)
    above = np.maximum(distances - reference[-1], 0)
    below = np.maximum(reference[0] - distances, 0)
    return inside + rest * above / (1 + above) - rest * below / (1 + below)


def unit_rows(features: np.ndarray) -> np.ndarray:
    """Rows (N, D) divided by their length; a row of zeros stays one."""
    length = np.linalg.norm(features, axis=1, keepdims=True)
    return features / np.maximum(length, np.finfo(np.float32).tiny)


def load_atypicality(path: Path) -> Atypicality:
    """What was fitted, from an archive.

    Raises:
        FileNotFoundError: `path` is not there.
        ValueError: it is no such archive.
    """
    arrays = load_fitted(path, _SHAPES, "atypicality", _check)
    return Atypicality(**arrays | {"neighbours": arrays["neighbours"].astype(np.float32)})


def _check(arrays: dict[str, np.ndarray], sizes: dict[str, int]) -> None:
    if sizes["I"] != sizes["D"] + sizes["S"] * sizes["P"]:
        raise ValueError(f"hidden reads {sizes['I']} numbers, which fits no other's shape")
    if (arrays["far"] <= arrays["middle"]).any():
        raise ValueError("a distance's scale does not rise")


def save_atypicality(fitted: Atypicality, path: Path) -> None:
    """Write the archive aside, then rename it."""
    save_tight(path, **asdict(fitted) | {"neighbours": fitted.neighbours.astype(np.float16)})


def _mahalanobis(fitted: Distances, pooled: np.ndarray) -> np.ndarray:
    # |w - c|^2 = |w|^2 - 2 w c + |c|^2 takes half the time; about the classes' middle it costs
    # float32 nothing.
    middle = fitted.centres.mean(1, keepdims=True)
    white = pooled.transpose(1, 0, 2) @ fitted.whitening - middle
    centres = fitted.centres - middle
    lengths = np.einsum("skp,skp->sk", centres, centres)[:, None]
    nearest = (lengths - 2 * white @ centres.transpose(0, 2, 1)).min(-1)
    squares = np.einsum("snp,snp->sn", white, white) + nearest
    return np.sqrt(np.maximum(squares, 0)).mean(0)
