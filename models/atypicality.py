"""What "unlike the training digits" means: fitted on training features, scaled on held-out ones.

Four distances, because no single one works: how far an image's channel means lie from those of
the nearest class (light, contrast, texture: noise, clothing, grey paper), how far its last
features point from the nearest training digit's (shape: letters, other scripts), how little of
any class the members find in it (strokes that no digit has), and what a small network makes of it
that was taught digits and outliers (shapes again, those that come near a digit's).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
import tensorflow_probability as tfp

from core.networks.atypicality import Atypicality, Distances, combine, raw_distances, unit_rows
from core.study.rounding import on_half_grid, to_bits
from models.exposure import Head

tfd = tfp.distributions

WEIGHT_BITS = 11
"""Significant bits of a weight, as many as float16 has, but at any size."""
NUM_NEIGHBOURS = 10_000
"""Training digits among which the nearest is looked for."""


def fit_atypicality(
    pooled: np.ndarray,
    features: np.ndarray,
    labels: np.ndarray,
    head: Head,
    held_out: tuple[Any, ...],
) -> Atypicality:
    """Learn the distances from training digits, and their scale from held-out ones.

    Args:
        pooled: float32 (N, S, P), the members' channel means of N training digits.
        features: float32 (N, D) of the same.
        labels: (N,) of the same.
        head: The learnt distance, as `models.exposure.learn_head` returns it.
        held_out: `pooled` (M, S, P), `features` (M, D) and `logits` (M, S, K) of digits that
            nothing was fitted on.
    """
    hidden, bias, output = head
    whitening, centres = zip(
        *(fit_gaussians(pooled[:, member], labels) for member in range(pooled.shape[1])),
        strict=True,
    )
    distances = Distances(
        whitening=to_bits(np.stack(whitening).astype(np.float32), WEIGHT_BITS),
        centres=np.stack(centres).astype(np.float32),
        neighbours=on_half_grid(unit_rows(features[:NUM_NEIGHBOURS])).astype(np.float32),
        hidden=to_bits(hidden, WEIGHT_BITS),
        bias=bias,
        output=output,
    )
    raw = raw_distances(distances, *held_out)
    middle, far = np.median(raw, axis=0), np.quantile(raw, 0.99, axis=0)
    reference = np.sort(combine(raw, middle, far))
    return Atypicality(**vars(distances), middle=middle, far=far, reference=reference)


def class_gaussians(values: np.ndarray, labels: np.ndarray) -> tfp.distributions.Distribution:
    """A normal for each class, (K,) of them over P values, all with one covariance.

    Lee et al., "A Simple Unified Framework for Detecting Out-of-Distribution Samples", NeurIPS
    2018, eq. 1. A ten-thousandth of the mean variance is added, for channels that never vary.
    """
    classes = np.unique(labels)
    means = np.stack([values[labels == k].mean(0, dtype=np.float64) for k in classes])
    residuals = values - means[np.searchsorted(classes, labels)]
    covariance = residuals.T @ residuals / len(values)
    covariance += 1e-4 * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    return tfd.MultivariateNormalTriL(means, tf.linalg.cholesky(covariance))


def fit_gaussians(values: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The classes' normals as a matrix product: `whitening` (P, P) and whitened means (K, P).

    The Mahalanobis distance from class k is `norm(values @ whitening - centres[k])`.
    """
    gaussians = class_gaussians(values, labels)
    scale = gaussians.scale.to_dense()
    # Triangular; what lies below its diagonal, some 1e-13, is what the inverse rounded off.
    whitening = np.triu(tf.linalg.inv(scale[0] if scale.shape.rank == 3 else scale).numpy().T)
    return whitening, gaussians.loc.numpy() @ whitening
