"""Weights drawn from a trained posterior -> one network of S members that scores images."""

from __future__ import annotations

import math
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
import tf_keras

from models.compile import project


class Weights(NamedTuple):
    """Drawn weights of the two layers of `models.bayesian.build`, S draws of C filters.

    Attributes:
        kernels: float32 (S, 3, 3, 1, C).
        offsets: float32 (C,), of the convolution; no distribution, as TFP's layers have it.
        dense: float32 (S, F, K).
        biases: float32 (K,), of the logits.
    """

    kernels: np.ndarray
    offsets: np.ndarray
    dense: np.ndarray
    biases: np.ndarray


def draw_weights(network: tf_keras.Model, num_samples: int, seed: int) -> Weights:
    """So many draws from the posterior, as sixteen bits hold them; equal seeds give equal draws."""
    layers = variational_layers(network)
    drawn = [
        layer.kernel_posterior.sample(num_samples, seed=tf.constant([seed, number]))
        for number, layer in enumerate(layers)
    ]
    return _with_biases(layers, drawn)


def mean_weights(network: tf_keras.Model) -> Weights:
    """The posterior's means, as if they were one draw."""
    layers = variational_layers(network)
    return _with_biases(layers, [layer.kernel_posterior.mean()[tf.newaxis] for layer in layers])


def variational_layers(network: tf_keras.Model) -> list[tf_keras.layers.Layer]:
    """The convolution and the dense layer."""
    return [layer for layer in network.layers if hasattr(layer, "kernel_posterior")]


def _with_biases(layers: list[tf_keras.layers.Layer], kernels: list[tf.Tensor]) -> Weights:
    offsets, biases = (layer.bias_posterior.mean() for layer in layers)
    # The compiled network takes pixels as they are: its kernels are those of shares by 255.
    parts = (kernels[0] / 255, offsets, kernels[1], biases)
    half = [tf.cast(part, tf.float16).numpy().astype(np.float32) for part in parts]
    return Weights(255 * half[0], *half[1:])


def as_one_network(drawn: Weights, means: Weights, images: np.ndarray, size: int) -> keras.Model:
    """Every draw as a member of one network.

    Args:
        drawn: S draws.
        means: The posterior's means: what the features are taken from, so that they stand for
            all draws.
        images: Training images (M, H, W) on which the features' directions are fitted.
        size: D, how many directions.

    Returns:
        Pixels 0 to 255 (N, H, W) -> `logits` (N, S, K), each member's largest 0, and `features`
        (N, D).
    """
    pixels = keras.Input(images.shape[1:], name="images")
    x = keras.ops.expand_dims(pixels, -1)
    logits = [
        _dense(_features(x, kernel, drawn.offsets), dense, drawn.biases)
        for kernel, dense in zip(drawn.kernels, drawn.dense, strict=True)
    ]
    flat = _features(x, means.kernels[0], means.offsets)
    values = keras.Model(pixels, flat).predict(images, verbose=0)
    stacked = keras.ops.stack(logits, 1)
    outputs = {
        # Only differences count. Against a largest logit of 0, sixteen bits keep them well.
        "logits": stacked - keras.ops.max(stacked, -1, keepdims=True),
        "features": project(flat, values, size),
    }
    return keras.Model(pixels, outputs)


def _features(x: keras.KerasTensor, kernel: np.ndarray, offsets: np.ndarray) -> keras.KerasTensor:
    """Convolution, rectifier and pooling by one draw: (N, H, W, 1) -> (N, F)."""
    layer = keras.layers.Conv2D(len(offsets), kernel.shape[:2], activation="relu")
    pooled = keras.layers.MaxPooling2D()(layer(x))
    layer.set_weights([kernel / 255, offsets])
    # Not Flatten nor Reshape, which ask for the number of images and so cut the compiled graph.
    return keras.ops.reshape(pooled, (-1, math.prod(pooled.shape[1:])))


def _dense(flat: keras.KerasTensor, weights: np.ndarray, biases: np.ndarray) -> keras.KerasTensor:
    layer = keras.layers.Dense(len(biases))
    logits = layer(flat)
    layer.set_weights([weights, biases])
    return logits
