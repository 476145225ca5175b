"""Why here? What becomes of an answer when a part of its picture is covered, and when it flips.

P positions a side, H x W pixels, K classes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.corruptions.kinds import KINDS, corrupt_by
from core.networks.scoring import Scorer
from core.stress.curve import NUM_STEPS, measured

NUM_POSITIONS = 13
SIDE = 0.25
"""Of the covering square, of the picture's longer side."""


class OcclusionMap(NamedTuple):
    """What the model says with each part covered.

    Attributes:
        answer: The class of the picture as it is.
        before: Measure -> its value for the picture as it is; `answer` is the answer's probability.
        after: Likewise (P, P), by the place of the square, from the top left.
        rows, columns: The square's centres in pixels, (P,).
    """

    answer: int
    before: dict[str, float]
    after: dict[str, np.ndarray]
    rows: np.ndarray
    columns: np.ndarray


class Flip(NamedTuple):
    """The smallest change of one kind that turns the answer into another.

    `image` is uint8 (H, W), `changed` its root mean square difference from the picture, in
    [0, 1] of full ink.
    """

    kind: str
    amount: float
    answer: int
    confidence: float
    image: np.ndarray
    changed: float


def occlusion_map(
    scorer: Scorer, image: np.ndarray, num_positions: int = NUM_POSITIONS, side: float = SIDE
) -> OcclusionMap:
    """A square at the picture's median moved over it, all places scored in one batch.

    M. Zeiler and R. Fergus (2014), "Visualizing and Understanding Convolutional Networks", ECCV,
    section 4.2; there the square is grey.

    Args:
        scorer: Who answers.
        image: uint8 (H, W).
        num_positions: P.
        side: Of the square, a share of the longer side.
    """
    covered, rows, columns = cover(image, num_positions, side)
    found, _ = measured(scorer, np.concatenate([image[None], covered]))
    probs = found.pop("mean_probs")
    answer = int(probs[0].argmax())
    found["answer"] = probs[:, answer]
    kept = {name: values for name, values in found.items() if name != "prediction"}
    return OcclusionMap(
        answer,
        {name: float(values[0]) for name, values in kept.items()},
        {n: values[1:].reshape(num_positions, num_positions) for n, values in kept.items()},
        rows,
        columns,
    )


def cover(
    image: np.ndarray, num_positions: int, side: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The picture with each part covered, uint8 (P * P, H, W), and the centres' rows and columns.

    The centres go from edge to edge, evenly; what the square has outside is cut off.
    """
    half = side * max(image.shape) / 2
    rows, columns = (np.linspace(0, size - 1, num_positions) for size in image.shape)
    down, across = (
        np.abs(np.arange(size) - centres[:, None]) < half
        for size, centres in zip(image.shape, (rows, columns), strict=True)
    )
    masks = (down[:, None, :, None] & across[None, :, None, :]).reshape(-1, *image.shape)
    median = np.uint8(np.median(image))
    return np.where(masks, median, image), rows, columns


def smallest_flips(
    scorer: Scorer, image: np.ndarray, kinds: tuple[str, ...] = tuple(KINDS), seed: int = 0
) -> list[Flip]:
    """Of each kind the amount nearest to no change that flips the answer, where one does.

    Amounts are the `NUM_STEPS` of the kind's slider, to both sides of the neutral one; the least
    changed picture first.
    """
    first = int(measured(scorer, image[None])[0]["mean_probs"][0].argmax())
    flips = [_smallest(scorer, image, kind, first, seed) for kind in kinds]
    return sorted((flip for flip in flips if flip), key=lambda flip: flip.changed)


def _smallest(scorer: Scorer, image: np.ndarray, kind: str, first: int, seed: int) -> Flip | None:
    """The first step away from no change at which the answer is not `first`, if there is one."""
    axis = KINDS[kind].axis
    grid = axis.grid(NUM_STEPS)
    images = corrupt_by(np.repeat(image[None], NUM_STEPS, 0), kind, grid, seed, shared=True)
    probs = measured(scorer, images)[0]["mean_probs"]
    turned = np.flatnonzero(probs.argmax(1) != first)
    if not len(turned):
        return None
    step = int(turned[np.abs(grid[turned] - axis.neutral).argmin()])
    apart = (images[step].astype(float) - image) / 255
    changed = float(np.sqrt((apart**2).mean()))
    answer, sure = int(probs[step].argmax()), float(probs[step].max())
    return Flip(kind, float(grid[step]), answer, sure, images[step], changed)
