"""When it says 99 %, is it right 99 % of the time? What a model says beside what is so.

N images.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.trust.intervals import UNKNOWN, Estimate, clopper_pearson

SURE = 0.99


class Claim(NamedTuple):
    """What a model says of some images, and how often it is right about them.

    Attributes:
        num_images: N.
        said: Mean confidence; nan for N = 0.
        right: Share it has right, with the exact 95 % interval.
    """

    num_images: int
    said: float
    right: Estimate

    @property
    def verdict(self) -> str:
        """Whether it says more than it keeps, beyond what chance explains at 95 %."""
        if not self.num_images:
            return "nothing to judge"
        if self.said > self.right.high:
            return "overconfident"
        return "underconfident" if self.said < self.right.low else "as sure as it should be"


def claim(confidence: np.ndarray, correct: np.ndarray, least: float = 0.0) -> Claim:
    """Mean confidence and share right of the images with a confidence of at least `least`.

    Args:
        confidence: (N,) in [0, 1].
        correct: (N,) bool.
        least: 0 to 1.
    """
    kept = np.asarray(confidence) >= least
    num_images, right = int(kept.sum()), int(np.asarray(correct, bool)[kept].sum())
    if not num_images:
        return Claim(0, float("nan"), UNKNOWN)
    low, high = clopper_pearson(right, num_images)
    said = float(np.mean(confidence[kept], dtype=np.float64))
    return Claim(num_images, said, Estimate(right / num_images, float(low), float(high)))


def describe_claims(everything: Claim, sure: Claim) -> str:
    """Both claims in words, to stand after the model's name.

    Args:
        everything: Of all the images.
        sure: Of those with a confidence of at least `SURE`.
    """
    if not everything.num_images:
        return "has no image to be judged by."
    right, low, high = everything.right
    text = (
        f"says {everything.said:.2%} on average and is right on {right:.2%} ({low:.2%} to"
        f" {high:.2%}): {everything.verdict}."
    )
    if not sure.num_images:
        return f"{text} It never says {SURE:.0%} or more."
    right, low, high = sure.right
    return (
        f"{text} When it says {SURE:.0%} or more ({sure.num_images:,} images, {sure.said:.2%} on"
        f" average), it is right on {right:.2%} ({low:.2%} to {high:.2%})."
    )
