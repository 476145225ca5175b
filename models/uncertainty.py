"""Every uncertainty of Penumbra, defined by `tfd.Categorical` and compiled once.

Equations for S members with probabilities p_s(k) = softmax(logits_s / temperature)(k) and their
mean p(k); total = aleatoric + epistemic as in Depeweg et al., "Decomposition of Uncertainty in
Bayesian Deep Learning", ICML 2018, eq. 4-6 (mutual information: Houlsby et al., arXiv:1112.5745).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import tensorflow as tf
import tensorflow_probability as tfp

tfd = tfp.distributions

LOGITS = tf.TensorSpec((None, None, None), tf.float32, name="logits")
TEMPERATURE = tf.TensorSpec((), tf.float32, name="temperature")


def measure(logits: tf.Tensor, temperature: tf.Tensor) -> dict[str, tf.Tensor]:
    """All measures of each image that need no label.

    Args:
        logits: float32 (S, N, K), the members' answers.
        temperature: float32 (), above 0; 1 leaves the logits as they are.

    Returns:
        `mean_probs` (N, K) and `log_mean_probs` (N, K); the rest (N,): `prediction` int32,
        `confidence` in [1/K, 1], `least_confidence` = 1 - confidence in [0, 1 - 1/K] without its
        rounding, `margin` in [0, 1], `predictive_entropy` and `expected_entropy` in [0, ln K]
        nats, `mutual_information` in [0, ln min(S, K)] nats, `variation_ratio` in [0, 1 - 1/S].
    """
    members = tfd.Categorical(logits=logits / temperature)
    log_mean_probs = _log_mean_probs(members)
    mean = tfd.Categorical(logits=log_mean_probs)
    mean_probs = mean.probs_parameter()
    top = tf.math.top_k(mean_probs, k=2)
    prediction = top.indices[:, 0]
    total, aleatoric = mean.entropy(), tf.reduce_mean(members.entropy(), axis=0)
    return {
        "mean_probs": mean_probs,
        "log_mean_probs": log_mean_probs,
        "prediction": prediction,
        "confidence": top.values[:, 0],
        "least_confidence": _sum_of_others(mean_probs, prediction),
        "margin": top.values[:, 0] - top.values[:, 1],
        "predictive_entropy": total,
        "expected_entropy": aleatoric,
        "mutual_information": _difference(total, aleatoric, tf.shape(logits)[0]),
        "variation_ratio": _variation_ratio(members.mode(), logits),
    }


def log_likelihood(log_mean_probs: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Log-probability (N,) in nats, at most 0, which the mean of the members gives the label.

    Args:
        log_mean_probs: float32 (N, K).
        labels: int32 (N,), 0 to K - 1.
    """
    # Categorical.log_prob lowers to an op LiteRT lacks; the one-hot form is the same number.
    one_hot = tf.one_hot(labels, tf.shape(log_mean_probs)[1])
    return tfd.OneHotCategorical(logits=log_mean_probs).log_prob(one_hot)


def _log_mean_probs(members: tfp.distributions.Categorical) -> tf.Tensor:
    """Log of the members' mean probabilities, in log space so that none underflows."""
    log_probs = tf.math.log_softmax(members.logits_parameter())
    num_members = tf.cast(tf.shape(log_probs)[0], tf.float32)
    return tf.reduce_logsumexp(log_probs, axis=0) - tf.math.log(num_members)


def _difference(total: tf.Tensor, aleatoric: tf.Tensor, num_members: tf.Tensor) -> tf.Tensor:
    """Total - aleatoric, at least 0: as a difference of float32 entropies it strays to -7e-7.

    One member has nobody to disagree with: exactly 0.
    """
    many = tf.cast(num_members > 1, tf.float32)
    return many * tf.maximum(total - aleatoric, 0.0)


def _sum_of_others(probs: tf.Tensor, prediction: tf.Tensor) -> tf.Tensor:
    """1 - max(probs), summed from the other classes: float32's 1 - 0.99999999 would be 0."""
    classes = tf.range(tf.shape(probs)[1])
    others = tf.not_equal(classes[tf.newaxis, :], prediction[:, tf.newaxis])
    return tf.reduce_sum(tf.where(others, probs, tf.zeros_like(probs)), axis=1)


def _variation_ratio(votes: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Share of members that did not vote for the most voted class (Freeman 1965)."""
    counts = tf.reduce_sum(tf.one_hot(votes, tf.shape(logits)[2]), axis=0)
    return 1.0 - tf.reduce_max(counts, axis=1) / tf.cast(tf.shape(logits)[0], tf.float32)


class _Graph(tf.Module):
    """The two signatures of the compiled file."""

    @tf.function(input_signature=[LOGITS, TEMPERATURE])
    def measure(self, logits: tf.Tensor, temperature: tf.Tensor) -> dict[str, tf.Tensor]:
        return measure(logits, temperature)

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, None), tf.float32, name="log_mean_probs"),
            tf.TensorSpec((None,), tf.int32, name="labels"),
        ]
    )
    def log_likelihood(self, log_mean_probs: tf.Tensor, labels: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"log_likelihood": log_likelihood(log_mean_probs, labels)}


def compile_measures(path: Path) -> None:
    """Compile both functions to one LiteRT file that runs for any S, N and K."""
    graph = _Graph()
    signatures = {"measure": graph.measure, "log_likelihood": graph.log_likelihood}
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(graph, folder, signatures=signatures)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=[*signatures])
        content = converter.convert()
    aside = path.with_suffix(".partial")
    aside.write_bytes(content)
    os.replace(aside, path)
