"""The article's CNN with distributions for weights, by TensorFlow Probability's own layers.

Each weight has a normal posterior of its own; its mean and scale are fitted by the evidence lower
bound: Blundell et al., "Weight Uncertainty in Neural Networks", ICML 2015, eq. 1-3, with the
gradients of Wen et al., "Flipout", ICLR 2018.
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
import tensorflow_probability as tfp
import tf_keras

from models.train import CHECKPOINTS

tfd, tfpl = tfp.distributions, tfp.layers

FILTERS, KERNEL = 32, 3


@dataclass(frozen=True)
class Recipe:
    """What was chosen on the calibration split; `models/README.md` tells what else was tried.

    Attributes:
        epochs: How many in all.
        batch_size: Images a step.
        learning_rate: Adam's first one; a cosine takes it to 0.
        prior_scale: Standard deviation of the prior times the root of a layer's inputs, so that
            every layer's sums have a prior of one width (Neal 1996).
        first_scale: That of the posterior before the training, in the same unit.
        kl_weight: What the divergence from the prior counts; 1 is the evidence lower bound.
        warm_up: Share of the steps over which that weight grows from 0.
        seed: For the first weights, the order of the images and the sampled weights.
    """

    epochs: int = 24
    batch_size: int = 128
    learning_rate: float = 3e-3
    prior_scale: float = 4.0
    first_scale: float = 0.5
    kl_weight: float = 0.1
    warm_up: float = 0.2
    seed: int = 1


RECIPE = Recipe()


def build(
    image_shape: tuple[int, int] = (28, 28), num_classes: int = 10, recipe: Recipe = RECIPE
) -> tf_keras.Model:
    """The article's layers, convolution and dense by flipout; pixels (N, H, W) -> logits (N, K).

    Takes pixels 0 to 255; the division by 255 is inside. A call draws new weights each time;
    `losses` are the divergences of its posteriors from their priors, in nats. The rectifier comes
    after the pooling, which gives the same numbers in a quarter of the time.
    """
    with warnings.catch_warnings():
        # TFP calls a method by which tf-keras wants another name, and shares an initialiser.
        warnings.simplefilter("ignore", UserWarning)
        return tf_keras.Model(*_layers(image_shape, num_classes, recipe))


def _layers(
    image_shape: tuple[int, int], num_classes: int, recipe: Recipe
) -> tuple[tf.Tensor, tf.Tensor]:
    pooled = math.prod((side - KERNEL + 1) // 2 for side in image_shape)
    images = tf_keras.Input(image_shape, name="images")
    x = tf_keras.layers.Rescaling(1 / 255)(images)
    x = tf_keras.layers.Reshape((*image_shape, 1))(x)
    x = tfpl.Convolution2DFlipout(FILTERS, KERNEL, **_weights(KERNEL**2, recipe))(x)
    x = tf_keras.layers.ReLU()(tf_keras.layers.MaxPooling2D()(x))
    x = tf_keras.layers.Flatten(name="features")(x)
    return images, tfpl.DenseFlipout(num_classes, **_weights(pooled * FILTERS, recipe))(x)


def _weights(num_inputs: int, recipe: Recipe) -> dict[str, Callable[..., Any]]:
    """The options of a layer whose outputs each sum over so many inputs."""
    width = 1 / math.sqrt(num_inputs)
    posterior = tfpl.default_mean_field_normal_fn(
        loc_initializer=tf_keras.initializers.RandomNormal(stddev=width, seed=recipe.seed),
        untransformed_scale_initializer=tf_keras.initializers.Constant(
            math.log(math.expm1(recipe.first_scale * width))  # the inverse of softplus
        ),
    )

    def prior(
        dtype: tf.DType, shape: tuple[Any, ...], *_: object
    ) -> tfp.distributions.Distribution:
        scale = tf.constant(recipe.prior_scale * width, dtype)
        return tfd.Independent(tfd.Normal(tf.zeros(shape, dtype), scale), len(shape))

    return {"kernel_posterior_fn": posterior, "kernel_prior_fn": prior}


def train(
    images: np.ndarray,
    labels: np.ndarray,
    recipe: Recipe = RECIPE,
    folder: Path = CHECKPOINTS / "bayesian",
    report: Callable[[int, float], None] = lambda epoch, loss: None,
    until: int | None = None,
) -> tf_keras.Model:
    """Fit the posterior on images (N, H, W) uint8 and labels (N,), going on where it stopped.

    Every epoch begins its random numbers anew from `recipe.seed` and its own number, so an
    interrupted training ends where an uninterrupted one does.

    Args:
        images: Pixels 0 to 255.
        labels: Class codes from 0.
        recipe: How.
        folder: Where the checkpoint goes.
        report: Called after each epoch with how many are done and the mean of what was
            minimised, in nats per image.
        until: The epoch to stop after; the recipe's last one if None.
    """
    tf_keras.utils.set_random_seed(recipe.seed)
    network = build(images.shape[1:], int(labels.max()) + 1, recipe)
    steps = -(-len(images) // recipe.batch_size)
    rate = tf_keras.optimizers.schedules.CosineDecay(recipe.learning_rate, steps * recipe.epochs)
    optimizer = tf_keras.optimizers.Adam(rate)
    optimizer.build(network.trainable_variables)
    state = [*network.variables, *optimizer.variables]
    for epoch in range(load_state(state, folder), until or recipe.epochs):
        tf.random.set_seed(1_000 * recipe.seed + epoch)
        step = _new_step(network, optimizer, len(images))
        losses = []
        for number, rows in enumerate(_batches(len(images), recipe, epoch), epoch * steps):
            weight = tf.constant(_kl_weight(recipe, number / (steps * recipe.epochs)), tf.float32)
            losses.append(step(images[rows], labels[rows].astype(np.int32), weight))
        save_state(state, folder, epoch + 1)
        report(epoch + 1, float(np.mean(losses)))
    return network


def _kl_weight(recipe: Recipe, done: float) -> float:
    """What the divergence counts after a share of the steps."""
    return recipe.kl_weight * min(1.0, done / recipe.warm_up if recipe.warm_up else 1.0)


def _batches(count: int, recipe: Recipe, epoch: int) -> list[np.ndarray]:
    order = np.random.default_rng([recipe.seed, epoch]).permutation(count)
    return np.split(order, range(recipe.batch_size, count, recipe.batch_size))


def _new_step(
    network: tf_keras.Model, optimizer: tf_keras.optimizers.Optimizer, count: int
) -> Callable[[np.ndarray, np.ndarray, tf.Tensor], tf.Tensor]:
    """One step of the optimiser as a new graph, whose random numbers start from the seed."""
    shape = network.input_shape
    signature = [
        tf.TensorSpec(shape, tf.uint8), tf.TensorSpec(shape[:1], tf.int32),
        tf.TensorSpec((), tf.float32),
    ]  # fmt: skip

    @tf.function(input_signature=signature)
    def step(images: tf.Tensor, labels: tf.Tensor, kl_weight: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = negative_elbo(network, images, labels, count, kl_weight)
        variables = network.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return loss

    return step


def negative_elbo(
    network: tf_keras.Model,
    images: tf.Tensor,
    labels: tf.Tensor,
    count: int,
    kl_weight: float | tf.Tensor = 1.0,
) -> tf.Tensor:
    """Minus the evidence lower bound per image, in nats, by one draw of weights; lower is better.

    Args:
        network: As `build` makes it.
        images: (B, H, W), a batch.
        labels: int (B,).
        count: N, the images of the whole training, among which the one divergence is shared.
        kl_weight: 1, or less where the likelihood is to count for more than the data it has.
    """
    logits = network(tf.cast(images, tf.float32), training=True)
    nll = -tf.reduce_mean(tfd.Categorical(logits=logits).log_prob(labels))
    return nll + kl_weight * tf.add_n(network.losses) / count


def save_state(state: list[tf.Variable], folder: Path, epoch: int) -> None:
    """Write the epoch and every variable aside, then rename."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / "partial.npz"
    np.savez(aside, epoch, *(variable.numpy() for variable in state))
    os.replace(aside, folder / "state.npz")


def load_state(state: list[tf.Variable], folder: Path) -> int:
    """Give every variable its value in `folder`; returns how many epochs are done, or 0."""
    path = folder / "state.npz"
    if not path.exists():
        return 0
    with np.load(path, allow_pickle=False) as archive:
        for number, variable in enumerate(state, 1):
            variable.assign(archive[f"arr_{number}"])
        return int(archive["arr_0"])
