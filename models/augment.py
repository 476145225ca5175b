"""What people, scanners and cameras do to a digit, done to training digits at random.

Every image is warped; a share of them is damaged as well, by several operators at once. Too
much damage costs accuracy on clean digits, none leaves a network that is sure of anything.
Never here, so that robustness can be judged on something unseen: lines, dotted or zigzag, drops,
shuffled pixels (`core.corruptions.kinds.UNTRAINED`). `clutter` comes nearest to a line: a
stretch of another digit's stroke.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import tensorflow as tf

from core.pictures.warp import affine, sample

DAMAGED = 0.16
"""The share of a batch that the photometric operators touch."""
CLUTTERED = 0.22
"""That share where strokes of other digits lie across some of them."""
STROKE_VARIED = 0.25

Rng = np.random.Generator
Operators = tuple[tuple[float, Callable[[np.ndarray, Rng], np.ndarray]], ...]
"""The probability of each operator on a damaged row, in the order light and ink would act."""


def augmented_batches(
    images: np.ndarray,
    labels: np.ndarray,
    batch_size: int,
    seed: int,
    epoch: int,
    cluttered: bool = False,
) -> tf.data.Dataset:
    """An epoch of batches (pixels float32 0 to 255, labels int32), set by `seed` and `epoch`."""

    def batches() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        rng = np.random.default_rng([seed, epoch])
        order = rng.permutation(len(images))
        for rows in np.split(order, range(batch_size, len(order), batch_size)):
            yield augment(images[rows], rng, cluttered), labels[rows].astype(np.int32)

    shapes = (
        tf.TensorSpec((None, *images.shape[1:]), tf.float32),
        tf.TensorSpec((None,), tf.int32),
    )
    drawn = tf.data.Dataset.from_generator(batches, output_signature=shapes)
    counted = tf.data.experimental.assert_cardinality(-(-len(images) // batch_size))
    return drawn.apply(counted).prefetch(4)  # Keras warns of a data set that ends unannounced


def augment(images: np.ndarray, rng: Rng, cluttered: bool = False) -> np.ndarray:
    """Each image once more, as another hand and another camera might give it.

    Args:
        images: uint8 (N, H, W), 0 paper and 255 ink, in random order: the first rows are the
            ones damaged. At most 1,000.
        rng: Where every random number comes from.
        cluttered: Whether to damage more of them, with strokes of other digits across many.

    Returns:
        float32 (N, H, W), 0 to 255, in the same order.
    """
    x = images.astype(np.float32) / 255
    x = warp(vary_stroke(x, rng), rng)
    count = round((CLUTTERED if cluttered else DAMAGED) * len(x))
    x[:count] = damage(x[:count], rng, CLUTTERING if cluttered else OPERATORS)
    return 255 * x


def vary_stroke(x: np.ndarray, rng: Rng) -> np.ndarray:
    """A quarter of the images (N, H, W) with a thicker or a thinner pen."""
    draw = rng.random(len(x))
    thick = draw < STROKE_VARIED / 2
    thin = (draw >= STROKE_VARIED / 2) & (draw < STROKE_VARIED)
    x = x.copy()
    x[thick] = _blend(x[thick], _extreme(x[thick], (1, 1), np.maximum), 1.0, rng)
    x[thin] = _blend(x[thin], _extreme(x[thin], (0, 1), np.minimum), 0.8, rng)
    return x


def warp(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Every image (N, H, W) rotated, scaled, sheared, shifted and bent, in one interpolation."""
    count, height, width = x.shape
    angle, shear = rng.uniform(-np.pi / 18, np.pi / 18, count), rng.uniform(-0.16, 0.16, count)
    scale = np.exp(rng.uniform(-0.13, 0.13, (2, count)))
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    lean = np.array([[scale[0], shear], [np.zeros(count), scale[1]]])
    matrix = np.einsum("ijn,jkn->nik", turn, lean)
    grid = np.stack(np.meshgrid(_centred(width), _centred(height)))
    moved = np.einsum("nij,jhw->nihw", matrix, grid)
    moved += rng.uniform(-1.6, 1.6, (count, 2, 1, 1))
    bend = rng.uniform(0, 0.85, (count, 1, 1, 1)) * rng.normal(size=(count, 2, 5, 5))
    moved += _smooth(bend, height, width)
    return sample(x, moved[:, 0] + (width - 1) / 2, moved[:, 1] + (height - 1) / 2)


def damage(x: np.ndarray, rng: Rng, operators: Operators | None = None) -> np.ndarray:
    """The photometric operators on images (N, H, W) in 0 to 1, each with its own probability."""
    x = x.copy()
    for probability, operator in OPERATORS if operators is None else operators:
        rows = rng.random(len(x)) < probability
        if rows.any():
            x[rows] = operator(x[rows], rng).clip(0, 1)
    return x


def misplace(x: np.ndarray, rng: Rng) -> np.ndarray:
    """A digit that nobody centred: turned, slanted, small or near an edge."""
    count = len(x)
    angle, shear = rng.uniform(-0.45, 0.45, count), rng.uniform(-0.4, 0.4, count)
    scale = np.exp(rng.uniform(-0.1, 0.45, count))
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    matrices = np.array([[cos, shear * cos - sin], [sin, shear * sin + cos]]).transpose(2, 0, 1)
    return affine(x, matrices, rng.uniform(-4, 4, (count, 2)))


def outline(x: np.ndarray, rng: Rng) -> np.ndarray:
    """A hollow digit, drawn round its strokes: the inside keeps 0 to 50 % of its ink."""
    around = (_extreme(x, (1, 1), np.maximum) - x) * _uniform(rng, 1, 2, len(x))
    return np.maximum(around, _uniform(rng, 0, 0.5, len(x)) * x).clip(0, 1)


def intrude(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Ink of another digit: a piece of the next one at one side, a scrap of one anywhere, or
    one that shows through from the back of the paper.
    """
    count, height, width = x.shape
    kind, side = rng.integers(3, size=(count,)), rng.choice([-1, 1], count)
    mirror = np.tile(np.eye(2), (count, 1, 1))
    mirror[kind == 2, 0, 0] = -1
    right = np.where(kind == 0, side * rng.uniform(13, 20, count), rng.uniform(-8, 8, count))
    shift = np.stack([right, rng.uniform(-6, 6, count)], axis=1)
    other = affine(np.roll(x, 1, axis=0), mirror, shift)
    scrap = _box(rng, count, height, width, 5, 14)
    faint = _uniform(rng, 0.15, 0.6, count)
    kind = kind[:, None, None]
    return np.maximum(x, other * np.where(kind == 0, 1, np.where(kind == 1, scrap, faint)))


def clutter(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Strokes of one or two other digits across this one: turned any way, large or small, with
    the same or a thinner pen.
    """
    count, height, width = x.shape
    for neighbour, share in ((2, 1.0), (3, 0.3)):
        angle, zoom = rng.uniform(0, 2 * np.pi, count), np.exp(rng.uniform(-0.5, 0.3, count))
        cos, sin = zoom * np.cos(angle), zoom * np.sin(angle)
        turn = np.array([[cos, -sin], [sin, cos]]).transpose(2, 0, 1)
        thin = _extreme(x, (0, 1), np.minimum)
        thin = np.where(rng.random((count, 1, 1)) < 0.7, thin, x)
        other = affine(np.roll(thin, neighbour, axis=0), turn, rng.uniform(-8, 8, (count, 2)))
        other = (other * _uniform(rng, 0.8, 2, count)).clip(0, 1)
        seen = _box(rng, count, height, width, 10, 34) & (rng.random((count, 1, 1)) < share)
        x = np.where(seen, np.maximum(x, other), x)
    return x


def vary_contrast(x: np.ndarray, rng: Rng) -> np.ndarray:
    """A faint pen or a dark scan: gain * x**gamma."""
    gamma = np.exp(_uniform(rng, -0.8, 0.8, len(x)))
    return _uniform(rng, 0.35, 1, len(x)) * x**gamma


def shade(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Grey paper, uneven light or the hard edge of a shadow behind the digit."""
    count, height, width = x.shape
    kind = rng.integers(3, size=(count, 1, 1))
    coarse, fine = rng.random((count, 3, 3)), rng.uniform(-0.3, 0.3, (count, 8, 8))
    uneven = (_smooth(coarse, height, width) + _smooth(fine, height, width)).clip(0, 1)
    offset = _uniform(rng, -12, 12, count)
    edge = (_across(rng, count, height, width) > offset).astype(np.float32)
    paper = np.choose(kind, [np.ones_like(x), uneven, edge]) * _uniform(rng, 0, 0.75, count)
    over = [np.maximum(x, paper), x + paper, 1 - (1 - x) * (1 - paper)]
    return np.choose(rng.integers(3, size=(count, 1, 1)), over)


def frame(x: np.ndarray, rng: Rng) -> np.ndarray:
    """What lies beyond the paper: bands of 2 to 9 pixels along one or two opposite sides."""
    count, height, width = x.shape
    turned = rng.random((count, 1, 1)) < 0.5
    at = np.where(turned, np.arange(height)[:, None], np.arange(width)[None])
    last = np.where(turned, height, width)
    widths = np.where(rng.random((2, count, 1, 1)) < 0.7, rng.uniform(2, 9, (2, count, 1, 1)), 0)
    beyond = (at < widths[0]) | (at >= last - widths[1])
    return np.where(beyond, np.maximum(x, _uniform(rng, 0.4, 1.3, count).clip(None, 1)), x)


def hide_box(x: np.ndarray, rng: Rng) -> np.ndarray:
    """A box of 4 to 12 pixels a side painted over: half of them with paper, half with grey."""
    count, height, width = x.shape
    paint = _uniform(rng, 0, 1, count) * (rng.random((count, 1, 1)) < 0.5)
    return np.where(_box(rng, count, height, width, 4, 12), paint, x)


def blur(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Out of focus: a Gaussian of 0.5 to 1.4 pixels."""
    sigma = _uniform(rng, 0.5, 1.4, len(x))
    down, across = (_gaussian_matrix(size, sigma) for size in x.shape[1:])
    return down @ x @ across.transpose(0, 2, 1)


def move(x: np.ndarray, rng: Rng) -> np.ndarray:
    """A hand-held camera: the mean of the image shifted 0 to 2-8 pixels one way."""
    count, height, width = x.shape
    angle, length = _uniform(rng, 0, 2 * np.pi, count), _uniform(rng, 2, 8, count)
    rows, columns = np.arange(height)[:, None], np.arange(width)[None]
    # Centred on the middle of the path, or the digit would leave the image.
    steps = np.linspace(-0.5, 0.5, 7)[:, None, None, None] * length
    shifts = zip(steps * np.cos(angle), steps * np.sin(angle), strict=True)
    return np.mean([sample(x, columns + dx, rows + dy) for dx, dy in shifts], axis=0)


def add_noise(x: np.ndarray, rng: Rng) -> np.ndarray:
    """Gaussian noise, noise that grows with the ink, or salt and pepper on up to 17 %."""
    count = len(x)
    normal = rng.normal(size=x.shape).astype(np.float32)
    plain = x + _uniform(rng, 0.03, 0.22, count) * normal
    speckle = x + _uniform(rng, 0.1, 0.6, count) * x * normal
    struck = rng.random(x.shape) < _uniform(rng, 0.01, 0.17, count)
    pepper = np.where(struck, rng.integers(2, size=x.shape), x)
    return np.choose(rng.integers(3, size=(count, 1, 1)), [plain, speckle, pepper])


OPERATORS: Operators = (
    (0.18, outline),
    (0.40, misplace),
    (0.35, intrude),
    (0.38, vary_contrast),
    (0.15, blur),
    (0.15, move),
    (0.38, shade),
    (0.20, frame),
    (0.12, hide_box),
    (0.33, add_noise),
)
CLUTTERING: Operators = (*OPERATORS[:3], (0.45, clutter), *OPERATORS[3:])


def _uniform(rng: Rng, low: float, high: float, count: int) -> np.ndarray:
    return rng.uniform(low, high, (count, 1, 1)).astype(np.float32)


def _box(rng: Rng, count: int, height: int, width: int, low: float, high: float) -> np.ndarray:
    """The inside (N, H, W) of a box anywhere, each side `low` to `high` pixels."""
    top, left = _uniform(rng, 0, height - low, count), _uniform(rng, 0, width - low, count)
    rows, columns = np.arange(height)[:, None], np.arange(width)[None]
    down = (rows >= top) & (rows < top + _uniform(rng, low, high, count))
    return down & (columns >= left) & (columns < left + _uniform(rng, low, high, count))


def _centred(size: int) -> np.ndarray:
    return np.arange(size) - (size - 1) / 2


def _across(rng: Rng, count: int, height: int, width: int) -> np.ndarray:
    """Each pixel's coordinate (N, H, W) along a random direction, 0 at the centre."""
    angle = _uniform(rng, 0, 2 * np.pi, count)
    return np.cos(angle) * _centred(width)[None] + np.sin(angle) * _centred(height)[:, None]


def _blend(x: np.ndarray, other: np.ndarray, most: float, rng: Rng) -> np.ndarray:
    share = _uniform(rng, 0, most, len(x))
    return (1 - share) * x + share * other


def _extreme(x: np.ndarray, reach: tuple[int, int], pick: np.ufunc) -> np.ndarray:
    """The largest (or smallest) of the pixels from `reach[0]` before to `reach[1]` after."""
    for axis in (1, 2):
        pads = [(0, 0)] * 3
        pads[axis] = reach
        padded, size = np.pad(x, pads), x.shape[axis]
        slices = [
            np.take(padded, range(start, start + size), axis) for start in range(1 + sum(reach))
        ]
        x = pick.reduce(slices)
    return x


def _smooth(grid: np.ndarray, height: int, width: int) -> np.ndarray:
    """Bicubic enlargement of grids (..., G, G) to (..., H, W): one matrix product a side."""
    eye = np.eye(grid.shape[-1], dtype=np.float32)
    down = cv2.resize(eye, (len(eye), height), interpolation=cv2.INTER_CUBIC)
    across = cv2.resize(eye, (len(eye), width), interpolation=cv2.INTER_CUBIC)
    return (down @ grid.astype(np.float32)) @ across.T


def _gaussian_matrix(size: int, sigma: np.ndarray) -> np.ndarray:
    """A blur along one side as a matrix (N, size, size); its rows sum to 1."""
    distance = np.arange(size)[:, None] - np.arange(size)[None]
    weights = np.exp(-(distance**2) / (2 * sigma**2)).astype(np.float32)
    return weights / weights.sum(-1, keepdims=True)
