"""What breaks the model? Fifteen kinds of damage, made like MNIST-C's at its severities.

Families and severities: N. Mu and J. Gilmer (2019), "MNIST-C: A Robustness Benchmark for
Computer Vision", arXiv:1906.02337, section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from core.pictures.warp import affine
from core.trust.metrics import ece

Rng = np.random.Generator


@dataclass(frozen=True)
class Family:
    """One kind of damage."""

    name: str
    title: str
    damage: Callable[[np.ndarray, Rng], np.ndarray]
    """Ink (N, H, W) in 0 to 1 -> the same, damaged; values beyond 0 to 1 are clipped after."""
    counterpart: str | None
    """The operator of `models.augment` that does something like it, None if nothing does."""


def corrupt(images: np.ndarray, family: str, seed: int = 0) -> np.ndarray:
    """The images with one kind of damage.

    Args:
        images: uint8 (N, H, W), 0 paper and 255 ink.
        family: A name in `FAMILIES`.
        seed: For the random part; equal seeds give equal images.

    Returns:
        uint8 (N, H, W).

    Raises:
        ValueError: `family` is no family's name.
    """
    if family not in FAMILIES:
        raise ValueError(f"family must be one of {', '.join(FAMILIES)}, got {family!r}")
    ink = images.astype(np.float32) / 255
    damaged = FAMILIES[family].damage(ink, np.random.default_rng(seed))
    return np.rint(255 * damaged.clip(0, 1)).astype(np.uint8)


def evaluate_corruptions(
    predict_probs: Callable[[np.ndarray], np.ndarray],
    images: np.ndarray,
    labels: np.ndarray,
    seed: int = 0,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, dict[str, float]]:
    """How a classifier holds on every family of damage.

    Args:
        predict_probs: Images uint8 (N, H, W) -> mean probabilities (N, K).
        images: uint8 (N, H, W), undamaged.
        labels: (N,).
        seed: For the damage.
        advance: Told of each family done, and how many there are.

    Returns:
        By family, `error` (share of images, lower is better), `confidence` (its mean) and `ece`
        of 15 bins (lower is better).
    """
    results = {}
    for family in FAMILIES:
        probs = predict_probs(corrupt(images, family, seed))
        confidence, correct = probs.max(1), probs.argmax(1) == labels
        results[family] = {
            "error": float(1 - correct.mean()),
            "confidence": float(confidence.mean()),
            "ece": ece(confidence, correct),
        }
        advance(1, len(FAMILIES))
    return results


def _shot_noise(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Photon counts: Poisson with 3 photons at full ink."""
    return rng.poisson(3 * x) / 3


def _impulse_noise(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Salt and pepper on 17 % of the pixels."""
    struck = rng.random(x.shape) < 0.17
    return np.where(struck, rng.integers(2, size=x.shape), x)


def _glass_blur(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Blur 0.7, twice every pixel swapped or not with a near one, blur 0.7."""
    x = _blur(x, 0.7)
    height, width = x.shape[1:]
    image = np.arange(len(x))
    for _ in range(2):
        # Swaps run in order, each on the outcome of the one before: only images run together.
        for row in range(height - 1, 1, -1):
            for column in range(width - 1, 1, -1):
                up, left = rng.integers(2, size=(2, len(x))) * rng.integers(2, size=len(x))
                near = (image, row - up, column - left)
                here = x[:, row, column].copy()
                x[:, row, column] = x[near]
                x[near] = here
    return _blur(x, 0.7)


def _motion_blur(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Ahead along a line within 45 degrees of level, Gaussian weights of 3 pixels."""
    angle = rng.uniform(-np.pi / 4, np.pi / 4, len(x))[:, None, None]
    height, width = x.shape[1:]
    rows, columns = np.arange(height)[:, None], np.arange(width)[None]
    image = np.arange(len(x))[:, None, None]
    weights = np.exp(-(np.arange(11) ** 2) / (2 * 3**2))
    total = np.zeros_like(x)
    for step, weight in enumerate(weights / weights.sum()):
        down = np.rint(step * np.sin(angle)).astype(int)
        right = np.rint(step * np.cos(angle)).astype(int)
        at = (image, (rows + down).clip(0, height - 1), (columns + right).clip(0, width - 1))
        total += np.float32(weight) * x[at]
    return total


def _shear(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Leaning left or right by 0.4 rad."""
    lean = 0.4 * rng.choice([-1, 1], len(x))
    one = np.ones(len(x))
    matrices = np.array([[one, -np.sin(lean)], [0 * one, np.cos(lean)]])
    return affine(x, matrices.transpose(2, 0, 1), np.zeros((len(x), 2)))


def _scale(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Shrunk to 0.7 of the size."""
    return affine(x, np.tile(np.eye(2) / 0.7, (len(x), 1, 1)), np.zeros((len(x), 2)))


def _rotate(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Turned left or right by 0.4 rad."""
    angle = 0.4 * rng.choice([-1, 1], len(x))
    cos, sin = np.cos(angle), np.sin(angle)
    matrices = np.array([[cos, -sin], [sin, cos]]).transpose(2, 0, 1)
    return affine(x, matrices, np.zeros((len(x), 2)))


def _brightness(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Half of full ink added everywhere."""
    return x + 0.5


def _translate(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Moved by 3 pixels to a corner."""
    return affine(x, np.tile(np.eye(2), (len(x), 1, 1)), 3 * rng.choice([-1, 1], (len(x), 2)))


def _stripe(x: np.ndarray, rng: Rng) -> np.ndarray:
    """The left and the right quarter inverted."""
    x, quarter = x.copy(), x.shape[2] // 4
    x[:, :, :quarter] = 1 - x[:, :, :quarter]
    x[:, :, -quarter:] = 1 - x[:, :, -quarter:]
    return x


def _fog(x: np.ndarray, rng: Rng) -> np.ndarray:
    """A quarter of the ink left under three quarters of a fractal's."""
    most = x.max(axis=(1, 2), keepdims=True)
    return (x + 3 * _fractal_tiles(x.shape, rng)) * most / (most + 3)


def _spatter(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Drops of mud, a quarter as dark as ink, over about an eighth of the image."""
    liquid = _blur(rng.normal(0.65, 0.3, x.shape).astype(np.float32), 1)
    mud = _blur((liquid > 0.65).astype(np.float32), 1.5)
    mud[mud < 0.8] = 0
    return x * (1 - mud) + 63 / 255 * mud


def _dotted_line(x: np.ndarray, rng: Rng) -> np.ndarray:
    """A line from side to side, two columns on and two off."""
    height, width = x.shape[1:]
    left, right = rng.integers(height - 1, size=(2, len(x)))
    line = _line(x.shape, np.zeros(len(x)), left, np.full(len(x), width - 1), right)
    return x + line * (np.arange(width) // 2 % 2)


def _zigzag(x: np.ndarray, rng: Rng) -> np.ndarray:
    """A zigzag of 4 pixels a turn and 2 up and down, from side to side."""
    height, width = x.shape[1:]
    run = width - 5
    start = rng.integers(height - 1, size=len(x))
    slope = np.arctan(rng.integers(-5, 5, size=len(x)) / run)
    length = run / np.cos(slope)
    turns = int((run - 2) // 4) + 1
    ends = np.where(np.arange(turns) % 2, -2.0, 2.0)
    along = [np.zeros(len(x)), *(np.full(len(x), 4.0 * turn + 2) for turn in range(turns)), length]
    aside = [np.zeros(len(x)), *(np.full(len(x), end) for end in ends)]
    aside.append(ends[-1] / (2 * (length - 4 * (length // 4))))
    cos, sin = np.cos(slope), np.sin(slope)
    columns = [2 + cos * a - sin * b for a, b in zip(along, aside, strict=True)]
    rows = [start + sin * a + cos * b for a, b in zip(along, aside, strict=True)]
    for i in range(turns + 1):
        x = (x + _line(x.shape, columns[i], rows[i], columns[i + 1], rows[i + 1])).clip(0, 1)
    return x


def _canny_edges(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Canny's edges after a blur of 1 pixel, thresholds 0.1 and 0.2 on the Sobel gradient."""
    width, frame = x.shape[2], 5
    framed = np.pad(x, ((0, 0), (frame, frame), (frame, frame)))
    soft = np.rint(255 * _blur(framed, 1)).astype(np.uint8)
    tall = soft.reshape(-1, width + 2 * frame)
    edges = cv2.Canny(tall, 0.1 * 255, 0.2 * 255, L2gradient=True).reshape(soft.shape)
    return edges[:, frame:-frame, frame:-frame] / np.float32(255)


_FAMILIES = (
    Family("shot_noise", "shot noise", _shot_noise, "add_noise"),
    Family("impulse_noise", "impulse noise", _impulse_noise, "add_noise"),
    Family("glass_blur", "glass blur", _glass_blur, None),
    Family("motion_blur", "motion blur", _motion_blur, "move"),
    Family("shear", "shear", _shear, "warp"),
    Family("scale", "scale", _scale, "warp"),
    Family("rotate", "rotate", _rotate, "warp"),
    Family("brightness", "brightness", _brightness, "shade"),
    Family("translate", "translate", _translate, "warp"),
    Family("stripe", "stripe", _stripe, "frame"),
    Family("fog", "fog", _fog, "shade"),
    Family("spatter", "spatter", _spatter, None),
    Family("dotted_line", "dotted line", _dotted_line, None),
    Family("zigzag", "zigzag", _zigzag, None),
    Family("canny_edges", "canny edges", _canny_edges, "outline"),
)
FAMILIES = {family.name: family for family in _FAMILIES}
UNTRAINED = tuple(family.name for family in _FAMILIES if family.counterpart is None)
"""The families that the ensemble's training has nothing like."""


def _blur(x: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of each image, its edge repeated outward: one matrix product a side."""
    reach = int(4 * sigma + 0.5)
    weights = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * sigma**2))
    weights /= weights.sum()
    down, across = (_blur_matrix(size, reach, weights) for size in x.shape[1:])
    return down @ x @ across.T


def _blur_matrix(size: int, reach: int, weights: np.ndarray) -> np.ndarray:
    matrix = np.zeros((size, size), np.float32)
    sources = (np.arange(size)[:, None] + np.arange(-reach, reach + 1)).clip(0, size - 1)
    np.add.at(matrix, (np.arange(size)[:, None], sources), weights)
    return matrix


def _line(
    shape: tuple[int, ...], x0: np.ndarray, y0: np.ndarray, x1: np.ndarray, y1: np.ndarray
) -> np.ndarray:
    """Strokes (N, H, W) from (x0, y0) to (x1, y1), fading to nothing 1.5 pixels above and below."""
    x0, y0, x1, y1 = (np.asarray(end)[:, None, None] for end in (x0, y0, x1, y1))
    rows, columns = np.arange(shape[1])[:, None], np.arange(shape[2])[None]
    slope = (y1 - y0) / (x1 - x0)
    distance = np.abs(rows - slope * (columns - x0) - y0).clip(0, 2.29)
    ink = (np.log(1 - distance / 2.3) + 1).clip(0, 1)
    return ink * ((columns >= np.floor(x0)) & (columns < np.ceil(x1)))


def _fractal_tiles(shape: tuple[int, ...], rng: Rng, size: int = 256) -> np.ndarray:
    """Tiles (N, H, W) in 0 to 1 cut from diamond-square fractals of `size` by `size`."""
    count, height, width = shape
    down, across = size // height, size // width
    maps = _diamond_square(-(-count // (down * across)), size, 1.4, rng)
    maps -= maps.min(axis=(1, 2), keepdims=True)
    maps /= maps.max(axis=(1, 2), keepdims=True)
    tiles = maps[:, : down * height, : across * width].reshape(-1, down, height, across, width)
    # Neighbouring tiles go on into one another: shuffled, no image tells of the next.
    tiles = tiles.transpose(0, 1, 3, 2, 4).reshape(-1, height, width)
    return rng.permutation(tiles)[:count].astype(np.float32)


def _diamond_square(count: int, size: int, decay: float, rng: Rng) -> np.ndarray:
    """Fractal maps (count, size, size): midpoints displaced by ever less, edges wrapping."""
    maps = np.zeros((count, size, size))
    step, wobble = size, 100.0

    def displaced(total: np.ndarray) -> np.ndarray:
        return total / 4 + wobble * rng.uniform(-wobble, wobble, total.shape)

    while step >= 2:
        half = step // 2
        corners = maps[:, ::step, ::step]
        pairs = corners + np.roll(corners, -1, axis=1)
        maps[:, half::step, half::step] = displaced(pairs + np.roll(pairs, -1, axis=2))
        middles, corners = maps[:, half::step, half::step], maps[:, ::step, ::step]
        beside = middles + np.roll(middles, 1, axis=1) + corners + np.roll(corners, -1, axis=2)
        maps[:, ::step, half::step] = displaced(beside)
        above = middles + np.roll(middles, 1, axis=2) + corners + np.roll(corners, -1, axis=1)
        maps[:, half::step, ::step] = displaced(above)
        step, wobble = half, wobble / decay
    return maps
