"""Is it something else that people draw? A small network, taught digits and drawings.

It stands beside atypicality, whose outliers are unlike any digit: a D, a drop or a cloud lies as
near the training digits as many a nought does. Who brings a picture of his own may bring those.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.networks.atypicality import describe_whole
from core.networks.foreign import Foreign, log_odds
from core.study.rounding import to_bits
from examples.mnist_artifacts import Artifacts
from models.exposure import fit_head
from models.non_digits import SOURCES, draw_non_digits
from models.outliers import vary
from models.train import Advance

ROUNDS = 8
DIGITS, EACH = 1_000, 300
"""Training digits, and drawings of each source, in a round."""
SEED = 1
WEIGHT_BITS = 5
"""Significant bits of a weight: with 11, two of 1,900 verdicts differ."""


def fit_foreign(
    classifier: Artifacts, digits: np.ndarray, held_out: np.ndarray, advance: Advance
) -> Foreign:
    """Learn to tell training digits from drawings, and how held-out digits spread.

    Args:
        classifier: Its members see both and stay as they are.
        digits: Training digits uint8 (N, H, W).
        held_out: Digits (M, H, W) that nothing was fitted on.
        advance: Told of every round.
    """
    seen, foreign = [], []
    for number in range(ROUNDS):
        images, of_round = draw_round(digits, number)
        seen.append(_described(classifier, images))
        foreign.append(of_round)
        advance(1, ROUNDS)
    return fit_to(np.concatenate(seen), np.concatenate(foreign), _described(classifier, held_out))


def draw_round(digits: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    """`DIGITS` of the digits (N, H, W) and `EACH` drawings of every source, all varied alike.

    Returns:
        The images uint8 (M, H, W), and bool (M,) which of them are drawings.
    """
    rng = np.random.default_rng((SEED, number))
    rows = np.arange(number * DIGITS, (number + 1) * DIGITS) % len(digits)
    drawn = [draw_non_digits(name, EACH, digits.shape[1:], rng) for name in SOURCES]
    images = vary(np.concatenate([digits[rows], *drawn]), rng)
    return images, np.arange(len(images)) >= DIGITS


def fit_to(seen: np.ndarray, foreign: np.ndarray, held_out: np.ndarray) -> Foreign:
    """The network for what is seen (N, I) of images, bool (N,) foreign, and of held-out ones."""
    hidden, bias, output = fit_head(seen, foreign)
    hidden = to_bits(hidden, WEIGHT_BITS)  # as it is saved
    fitted = Foreign(hidden, bias, output, reference=np.zeros(1))
    return replace(fitted, reference=np.sort(log_odds(fitted, held_out)).astype(np.float32))


def _described(classifier: Artifacts, images: np.ndarray) -> np.ndarray:
    described = classifier.network.describe(images)
    return describe_whole(described["pooled"], described["features"])
