"""Fit a network epoch by epoch, leaving a checkpoint after each to go on from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

CHECKPOINTS = Path(__file__).resolve().parent.parent / "checkpoints"

Advance = Callable[[int, int], None]
"""advance(steps just finished, steps in all), epochs or others"""
Batches = Callable[[int], tf.data.Dataset]
"""epoch -> that epoch's batches of (images, labels): equal epochs give equal batches."""


def fit_network(
    build: Callable[[], keras.Model],
    batches: Batches,
    epochs: int,
    seed: int,
    folder: Path,
    report: Callable[[int, float], None] = lambda epoch, loss: None,
) -> keras.Model:
    """Train `build()` for `epochs` epochs, going on from the newest checkpoint in `folder`.

    The network comes compiled; weights, optimiser state and dropout state are in each
    checkpoint and every epoch's batches depend on its number alone, so an interrupted training
    ends where an uninterrupted one does.

    Args:
        build: Makes the compiled network.
        batches: The batches of an epoch.
        epochs: How many in all.
        seed: For the initial weights and dropout.
        folder: Where checkpoints go; one network a folder.
        report: Called after each epoch with how many are done and the mean training loss.
    """
    keras.utils.set_random_seed(seed)
    done, network = load_checkpoint(folder)
    if network is None:
        network = build()
    for epoch in range(done, epochs):
        # The batches come shuffled: of a wish to shuffle them Keras warns.
        history = network.fit(batches(epoch), epochs=1, shuffle=False, verbose=0)
        save_checkpoint(network, folder, epoch + 1)
        report(epoch + 1, history.history["loss"][0])
    return network


def load_checkpoint(folder: Path) -> tuple[int, keras.Model | None]:
    """The newest checkpoint's number of epochs and network, or (0, None)."""
    found = sorted(folder.glob("epoch-*.keras"))
    if not found:
        return 0, None
    network = keras.models.load_model(found[-1])
    states = found[-1].with_suffix(".npy")
    if states.exists():
        for variable, state in zip(
            _dropout_states(network), np.load(states, allow_pickle=False), strict=True
        ):
            variable.assign(state)
    return epochs_done(folder), network


def epochs_done(folder: Path) -> int:
    """The number in the newest checkpoint's name, 0 if there is none."""
    return max((int(path.stem.split("-")[1]) for path in folder.glob("epoch-*.keras")), default=0)


def save_checkpoint(network: keras.Model, folder: Path, epoch: int) -> None:
    """Write a checkpoint aside, rename it, and only then drop the older ones."""
    folder.mkdir(parents=True, exist_ok=True)
    older = [path for path in folder.glob("epoch-*") if path.stem != f"epoch-{epoch:03d}"]
    path = folder / f"epoch-{epoch:03d}.keras"
    aside = folder / f"partial-{epoch:03d}.keras"
    network.save(aside)
    # Keras leaves dropout's random state out of its files.
    states = [variable.numpy() for variable in _dropout_states(network)]
    if states:
        np.save(path.with_suffix(".npy"), states)
    os.replace(aside, path)
    for stale in older:
        stale.unlink()


def _dropout_states(network: keras.Model) -> list[keras.Variable]:
    return [variable for variable in network.variables if variable.name == "seed_generator_state"]


def shuffled_batches(
    images: tf.Tensor, labels: tf.Tensor, batch_size: int, seed: int, epoch: int
) -> tf.data.Dataset:
    """The epoch's batches, in an order that depends on `seed` and `epoch` alone."""
    rows = tf.data.Dataset.from_tensor_slices((images, labels))
    order = rows.shuffle(len(labels), seed=1_000 * seed + epoch)
    return order.batch(batch_size).prefetch(tf.data.AUTOTUNE)
