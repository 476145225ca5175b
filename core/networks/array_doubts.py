"""Is a set of images as a whole unlike those a network knows, and would turning it help?"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core.networks.likeness import Predict, strangeness

TURNS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "invert": lambda images: 255 - images,
    "transpose": lambda images: images.swapaxes(1, 2),
    "mirror": lambda images: images[:, :, ::-1],
    "invert transpose": lambda images: 255 - images.swapaxes(1, 2),
    "invert mirror": lambda images: 255 - images[:, :, ::-1],
}
WORDS = {
    "invert": "inverted",
    "transpose": "transposed (rows and columns exchanged)",
    "mirror": "mirrored",
}
SAMPLE = 200
FEWEST = 5
STRANGE = 0.8
BETTER = 0.15
UNSURE = 0.05
TIMES = 2.5
PALE = 32


class Doubt(NamedTuple):
    """What looks wrong about a set, in a sentence, and the options, if any, that would turn it."""

    said: str
    options: tuple[str, ...] = ()


def doubt_about(predict: Predict, images: np.ndarray) -> Doubt | None:
    """What looks wrong where images uint8 (N, H, W) look turned or inverted; None if nothing does.

    A sample of them is scored as it is and in every turn; what makes it much less strange is
    named with the options that do it. A set that stays strange in every turn is called unlike.
    """
    if len(images) < FEWEST:
        return None
    rows = np.unique(np.linspace(0, len(images) - 1, min(SAMPLE, len(images))).astype(int))
    sample = images[rows]
    if 0 < int(sample.max()) < PALE:
        return Doubt(
            f"These images are nearly black: no value is over {int(sample.max())} of 255;"
            " say what ink is with --scale."
        )
    answers = predict(sample)
    known = answers.atypicality is not None
    as_given = float(strangeness(answers).mean())
    if as_given < (STRANGE if known else UNSURE) and not _is_dark_on_light(sample):
        return None
    usual = {
        name: float(strangeness(predict(np.ascontiguousarray(turn(sample)))).mean())
        for name, turn in TURNS.items()
    }
    best = min(usual, key=lambda name: usual[name])
    if usual[best] < (as_given - BETTER if known else as_given / TIMES):
        options = tuple(best.split())
        return Doubt(f"These images look {' and '.join(WORDS[each] for each in options)}.", options)
    return Doubt(_UNLIKE) if known else None


_UNLIKE = (
    "Most of these images are unlike those that the network was trained on: its answers say little."
)


def _is_dark_on_light(images: np.ndarray) -> bool:
    """Whether nearly all images are light along their edges, where paper is."""
    edges = [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]]
    return bool((np.concatenate(edges, axis=1).mean(1) > 127).mean() > 0.9)
