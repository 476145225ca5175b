"""One image as it gets worse, step by step, and what a model says of every step.

T steps, S members, K classes, H x W pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from core.corruptions.kind import Axis
from core.corruptions.kinds import KINDS, corrupt_by
from core.corruptions.morphing import crossfade, transport
from core.measures.probabilities import softmax
from core.measures.uncertainty import measure_logits
from core.measures.verdict import Thresholds, judge
from core.networks.scoring import Scorer
from core.study.study import Answers

NUM_STEPS = 61
MORPHS = {"morph": transport, "fade": crossfade}
"""Ways from one image to another, by their names in a link."""
WAYS = {name: kind.axis for name, kind in KINDS.items()} | {
    "morph": Axis("morph", "morph into another, moving the ink", "of the way", 0, 1),
    "fade": Axis("fade", "cross-fade into another", "of the way", 0, 1),
}
"""Everything that a slider can do to one image."""


class Layer(NamedTuple):
    """A kind of corruption that lies on every step, by one amount."""

    kind: str
    amount: float


class Change(NamedTuple):
    """Between step - 1 and step the answer turns from one class into another."""

    step: int
    before: int
    after: int


@dataclass(frozen=True)
class Curve:
    """What a model says of every step.

    Attributes:
        way: What grows along it.
        amounts: float64 (T,), of each step.
        images: uint8 (T, H, W).
        mean_probs: float32 (T, K).
        member_probs: float32 (T, S, K).
        measures: Column -> float (T,), every measure the model knows.
        kinds: Of each step its kind of answer, see `core.measures.verdict`; empty without
            thresholds.
        foreign: Of each step, see `Answers`: what is bent may have become something else.
    """

    way: Axis
    amounts: np.ndarray
    images: np.ndarray
    mean_probs: np.ndarray
    member_probs: np.ndarray
    measures: Mapping[str, np.ndarray]
    kinds: tuple[str, ...]
    foreign: np.ndarray | None = None

    @property
    def num_members(self) -> int:
        """How many members answered at each step, S."""
        return self.member_probs.shape[1]

    @property
    def answers(self) -> np.ndarray:
        """The most probable class of each step, int (T,)."""
        return self.mean_probs.argmax(1)

    @property
    def start(self) -> int:
        """The step at which nothing is changed."""
        return int(np.abs(self.amounts - self.way.neutral).argmin())

    def changes(self) -> list[Change]:
        """Where the answer changes, from the first step on."""
        answers = self.answers
        steps = np.flatnonzero(answers[1:] != answers[:-1]) + 1
        return [Change(int(t), int(answers[t - 1]), int(answers[t])) for t in steps]

    def row(self, step: int) -> dict[str, float]:
        """One step's measures by column, and its foreignness if it is known."""
        known = {} if self.foreign is None else {"foreign": self.foreign}
        return {name: float(values[step]) for name, values in {**self.measures, **known}.items()}


def steps_of(
    image: np.ndarray,
    way: str,
    layers: Sequence[Layer] = (),
    target: np.ndarray | None = None,
    seed: int = 0,
    num_steps: int = NUM_STEPS,
) -> tuple[np.ndarray, np.ndarray]:
    """The amounts float64 (T,) and the images uint8 (T, H, W) along a way.

    Args:
        image: uint8 (H, W).
        way: A name in `WAYS`.
        layers: What lies on every step; the chance in them is the same for all.
        target: Where a morph ends, uint8 (H, W); the other ways need none.
        seed: For the random part.
        num_steps: T.

    Raises:
        ValueError: no such way or layer, or a morph without a target of the image's size.
    """
    if way not in WAYS:
        raise ValueError(f"there is no way {way!r}; there is {', '.join(WAYS)}")
    amounts = WAYS[way].grid(num_steps)
    if way in MORPHS:
        if target is None or target.shape != image.shape:
            raise ValueError("it takes a second picture of the same size to morph into")
        move = crossfade if image.ndim == 3 else MORPHS[way]  # colours are no ink to be moved
        images = move(image, target, amounts)
    else:
        images = corrupt_by(np.repeat(image[None], num_steps, 0), way, amounts, seed, shared=True)
    for number, (kind, amount) in enumerate(layers, 1):
        images = corrupt_by(images, kind, np.full(num_steps, amount), (seed, number), shared=True)
    return amounts, images


def curve_along(
    scorer: Scorer,
    thresholds: Thresholds | None,
    image: np.ndarray,
    way: str,
    layers: Sequence[Layer] = (),
    target: np.ndarray | None = None,
) -> Curve:
    """All steps of an image along a way, scored in one batch; as `steps_of`.

    Args:
        scorer: Who answers.
        thresholds: Between its kinds of answer, if they are known.
        image: uint8 (H, W), of the network's size.
        way: A name in `WAYS`.
        layers: What lies on every step.
        target: Where a morph ends.
    """
    amounts, images = steps_of(image, way, layers, target)
    answers = scorer.predict(images)
    measures, member_probs = _measured(scorer, answers)
    mean_probs = measures.pop("mean_probs")
    found = Curve(
        WAYS[way], amounts, images, mean_probs, member_probs, measures, (), answers.foreign
    )
    if thresholds is None:
        return found
    rows = [found.row(step) for step in range(len(images))]
    return replace(found, kinds=tuple(judge(row, thresholds) for row in rows))


def measured(scorer: Scorer, images: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Every measure of images (T, H, W) with `mean_probs` (T, K), and member_probs (T, S, K)."""
    return _measured(scorer, scorer.predict(images))


def _measured(scorer: Scorer, answers: Answers) -> tuple[dict[str, np.ndarray], np.ndarray]:
    measures = measure_logits(answers.logits, scorer.temperature)
    measures.pop("log_likelihood")
    if answers.atypicality is not None:
        measures["atypicality"] = answers.atypicality
    return measures, softmax(answers.logits, scorer.temperature).swapaxes(0, 1)
