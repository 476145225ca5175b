"""Keras network -> LiteRT file with two functions: `logits`, and `describe` with every output."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from sklearn.decomposition import PCA


def compile_network(
    network: keras.Model, path: Path, quantise: bool = False, half: bool = False
) -> None:
    """Compile to one file; both functions take `images` uint8 (N, H, W) and share the weights.

    Args:
        network: Pixels 0 to 255 (N, H, W) -> a dict with at least `logits` (N, S, K) and
            `features` (N, D).
        path: Written aside, then renamed.
        quantise: Keep the weights in 8 bits and multiply in them, each channel with its own
            scale: a third of the time and a quarter of the size, and logits of a trained
            network move by under 0.2.
        half: Keep the weights in 16 bits and multiply in 32: half the size, and the same logits
            where the weights were rounded to 16 bits before.
    """
    images = tf.TensorSpec((None, *network.input_shape[1:]), tf.uint8, name="images")
    archive = keras.export.ExportArchive()
    archive.track(network)
    archive.add_endpoint("logits", lambda images: _outputs(network, images, ("logits",)), [images])
    archive.add_endpoint("describe", lambda images: _outputs(network, images), [images])
    with tempfile.TemporaryDirectory() as folder:
        archive.write_out(folder, verbose=False)
        names = ["logits", "describe"]
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=names)
        if quantise or half:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if half:
            converter.target_spec.supported_types = [tf.float16]
        content = converter.convert()
    aside = path.with_name(f".{path.name}.partial")
    aside.write_bytes(content)
    os.replace(aside, path)


def project(features: keras.KerasTensor, values: np.ndarray, size: int) -> keras.KerasTensor:
    """`features` (N, D) on the `size` principal directions of `values` (M, D), as a layer.

    An orthogonal projection, but for the directions' being rounded to 16 bits: distances shrink by
    no more than the variance left out.
    """
    directions = PCA(size, svd_solver="randomized", random_state=0).fit(values)
    rounded = directions.components_.T.astype(np.float16).astype(np.float32)
    layer = keras.layers.Dense(size, name="projection", trainable=False)
    projected = layer(features)
    layer.set_weights([rounded, -directions.mean_ @ rounded])
    return projected


def _outputs(
    network: keras.Model, images: tf.Tensor, names: tuple[str, ...] | None = None
) -> dict[str, tf.Tensor]:
    outputs = network(tf.cast(images, tf.float32), training=False)
    return {name: outputs[name] for name in names or outputs}
