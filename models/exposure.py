"""The learnt distance: a small network on what an ensemble sees, taught digits and outliers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import keras
import numpy as np

from core.networks.atypicality import describe_whole
from examples.mnist_artifacts import Artifacts
from models.augment import Rng
from models.outliers import draw_names, draw_outliers, vary
from models.train import Advance

ROUNDS = 30
DIGITS, OUTLIERS = 4_000, 5_000
"""Images of each in a round."""
EPOCHS = 8
BATCH_SIZE = 512
UNITS = 64
RATE = 3e-3
WEIGHT_DECAY = 0.1
SEED = 1
_LEAST_SPREAD = 1e-3  # of an input that hardly ever varies

Head = tuple[np.ndarray, np.ndarray, np.ndarray]
"""`hidden`, `bias` and `output` of `core.networks.atypicality.Atypicality`."""


def learn_head(classifier: Artifacts, digits: np.ndarray, advance: Advance) -> Head:
    """Draw outliers beside training digits uint8 (N, H, W) and learn to tell them apart.

    All of them are seen through the compiled classifier, whose members stay as they are.
    """
    rng, seen, outlier = np.random.default_rng(SEED), [], []
    for number in range(ROUNDS):
        rows = np.arange(number * DIGITS, (number + 1) * DIGITS) % len(digits)
        images, strange = draw_round(digits[rows], classifier.class_names, OUTLIERS, rng)
        described = classifier.network.describe(images)
        whole = describe_whole(described["pooled"], described["features"])
        seen.append(whole.astype(np.float16))
        outlier.append(strange)
        advance(1, ROUNDS + EPOCHS)
    return fit_head(
        np.concatenate(seen),
        np.concatenate(outlier),
        lambda: advance(1, ROUNDS + EPOCHS),
    )


def draw_round(
    digits: np.ndarray, names: Sequence[str], count: int, rng: Rng
) -> tuple[np.ndarray, np.ndarray]:
    """Digits (N, H, W), a quarter as many drawn by name, and `count` outliers, all varied alike.

    Returns:
        The images uint8 (M, H, W), and bool (M,) which of them are outliers.
    """
    shape = digits.shape[1:]
    written = [name for name in names if len(name) == 1]
    drawn = [draw_names(written, len(digits) // 4, shape, rng)] if written else []
    images = np.concatenate([digits, *drawn, draw_outliers(count, shape, rng)])
    return vary(images, rng), np.arange(len(images)) >= len(images) - count


def fit_head(
    seen: np.ndarray, outlier: np.ndarray, finished: Callable[[], None] = lambda: None
) -> Head:
    """The weights of a network of one hidden layer, its input's scale folded into them.

    Args:
        seen: (N, I), what is seen of each image.
        outlier: bool (N,).
        finished: Called after each epoch.
    """
    sample = seen[np.random.default_rng(SEED).permutation(len(seen))[:40_000]].astype(np.float64)
    mean, spread = sample.mean(0), sample.std(0) + _LEAST_SPREAD
    network = _train(seen, outlier, mean, spread, finished)
    hidden, bias, output, _ = network.get_weights()
    hidden = hidden / spread[:, None]
    parts = hidden, bias - mean @ hidden, output[:, 0]
    return tuple(part.astype(np.float32) for part in parts)


def _train(
    seen: np.ndarray,
    outlier: np.ndarray,
    mean: np.ndarray,
    spread: np.ndarray,
    finished: Callable[[], None],
) -> keras.Model:
    keras.utils.set_random_seed(SEED)
    rng, steps = np.random.default_rng(SEED), -(-len(seen) // BATCH_SIZE)
    network = _network(seen.shape[1], EPOCHS * steps)
    for _ in range(EPOCHS):
        for rows in np.array_split(rng.permutation(len(seen)), steps):
            values = (seen[rows] - mean) / spread
            network.train_on_batch(values.astype(np.float32), outlier[rows].astype(np.float32))
        finished()
    return network


def _network(num_inputs: int, steps: int) -> keras.Model:
    network = keras.Sequential(
        [
            keras.Input((num_inputs,)),
            keras.layers.Dense(UNITS, activation="relu"),
            keras.layers.Dropout(0.1),
            keras.layers.Dense(1),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(RATE, steps)
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY),
        keras.losses.BinaryCrossentropy(from_logits=True),
    )
    return network
