"""The Bayesian CNN: its bound, its draws, and the file they are compiled to."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_probability as tfp

from core.measures.register import BY_COLUMN, measures_in
from core.measures.runtime import Graph
from core.measures.uncertainty import measure_logits
from examples.mnist_data import load_mnist
from models import bayesian
from models.bayesian import Recipe
from models.compile import compile_network
from models.export import export_bayesian
from models.training_data import TrainingData, load_training_data
from models.weight_samples import (
    Weights,
    as_one_network,
    draw_weights,
    mean_weights,
    variational_layers,
)
from tests.tolerances import FLOAT32_LOGITS, FLOAT32_SUM

QUICK = Recipe(epochs=3, batch_size=32, first_scale=2.0, kl_weight=1.0, warm_up=0.0)
MNIST = load_mnist()
FEW = MNIST.x_train[:320], MNIST.y_train[:320]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    losses = []
    folder = tmp_path_factory.mktemp("whole")
    network = bayesian.train(*FEW, QUICK, folder, lambda epoch, loss: losses.append(loss))
    return network, losses


@pytest.fixture(scope="module")
def drawn(trained):
    return draw_weights(trained[0], 4, seed=7)


def compiled_logits(weights: Weights, images, tmp_path):
    """(S, N, K), by the file that the draws are compiled to."""
    network = as_one_network(
        weights,
        Weights(weights.kernels[:1], weights.offsets, weights.dense[:1], weights.biases),
        images,
        8,
    )
    compile_network(network, tmp_path / "model.tflite", half=True)
    found = Graph(tmp_path / "model.tflite", "export bayesian").run_batches("logits", images)
    return np.moveaxis(found["logits"], 1, 0)


def test_the_bound_rises_in_a_training_of_seconds(trained):
    _, losses = trained
    assert len(losses) == QUICK.epochs
    assert losses[0] > losses[1] > losses[2], losses


def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(trained, tmp_path):
    bayesian.train(*FEW, QUICK, tmp_path, until=1)
    assert [path.name for path in tmp_path.iterdir()] == ["state.npz"]
    resumed = bayesian.train(*FEW, QUICK, tmp_path)
    for left, right in zip(trained[0].variables, resumed.variables, strict=True):
        np.testing.assert_allclose(left, right, atol=FLOAT32_SUM)


def test_the_divergence_is_that_of_two_normals_by_hand():
    network = bayesian.build()
    network(np.zeros((1, 28, 28), np.float32))
    by_hand = 0.0
    for layer in variational_layers(network):
        ours, theirs = layer.kernel_posterior.distribution, layer.kernel_prior.distribution
        mean, scale, wide = (
            tf.convert_to_tensor(x).numpy().astype(float)
            for x in (ours.loc, ours.scale, theirs.scale)
        )
        parts = np.log(wide / scale) + (scale**2 + mean**2) / (2 * wide**2) - 0.5
        by_hand += parts.sum()
    assert float(tf.add_n(network.losses)) == pytest.approx(by_hand, rel=1e-5)


def test_every_layer_s_sum_has_a_prior_of_one_width():
    for layer, inputs in zip(variational_layers(bayesian.build()), (9, 13 * 13 * 32), strict=True):
        width = np.unique(layer.kernel_prior.distribution.scale) * np.sqrt(inputs)
        np.testing.assert_allclose(width, bayesian.RECIPE.prior_scale, rtol=1e-6)


def test_the_layers_are_the_article_s_by_flipout():
    network = bayesian.build()
    convolution, dense = variational_layers(network)
    assert isinstance(convolution, tfp.layers.Convolution2DFlipout)
    assert isinstance(dense, tfp.layers.DenseFlipout)
    weights = 9 * 32 + 13 * 13 * 32 * 10
    assert network.count_params() == 2 * weights + 32 + 10  # a mean and a scale each, and biases


def test_draws_repeat_by_their_seed_and_differ_by_another(trained, drawn):
    again, other = (draw_weights(trained[0], 4, seed) for seed in (7, 8))
    for first, second in zip(drawn, again, strict=True):
        np.testing.assert_array_equal(first, second)
    assert (drawn.dense != other.dense).mean() > 0.99
    assert (drawn.dense[0] != drawn.dense[1]).mean() > 0.99


def test_draws_have_the_posterior_s_mean_and_scale(trained):
    dense = variational_layers(trained[0])[1].kernel_posterior
    many = draw_weights(trained[0], 200, seed=3).dense
    z = (many.mean(0) - dense.mean().numpy()) / (dense.stddev().numpy() / np.sqrt(200))
    assert abs(z.mean()) < 5 / np.sqrt(z.size)
    assert z.std() == pytest.approx(1, abs=5 / np.sqrt(2 * z.size))
    assert many.std(0).mean() == pytest.approx(dense.stddev().numpy().mean(), rel=0.01)


def test_the_compiled_draws_answer_as_the_layers_do_eagerly(trained, drawn, tmp_path):
    images = MNIST.x_test[:200]
    expected = [eager_logits(trained[0], drawn, member, images) for member in range(4)]
    expected = np.stack(expected) - np.max(expected, axis=-1, keepdims=True)
    found = compiled_logits(drawn, images, tmp_path)
    np.testing.assert_allclose(found, expected, atol=FLOAT32_LOGITS)


def eager_logits(network, weights: Weights, member: int, images):
    """(N, K) by TensorFlow Probability's own layers, one draw in place of their random one."""

    def layer_like(kind, layer, kernel, bias, *shape):
        return kind(
            *shape,
            kernel_posterior_fn=lambda *_: layer.kernel_posterior,
            kernel_posterior_tensor_fn=lambda _: tf.constant(kernel),
            bias_posterior_fn=lambda *_: layer.bias_posterior,
            bias_posterior_tensor_fn=lambda _: tf.constant(bias),
        )

    convolution, dense = variational_layers(network)
    shares = images[..., np.newaxis].astype(np.float32) / 255
    drawn = weights.kernels[member], weights.offsets
    first = layer_like(tfp.layers.Convolution2DReparameterization, convolution, *drawn, 32, 3)
    drawn = weights.dense[member], weights.biases
    last = layer_like(tfp.layers.DenseReparameterization, dense, *drawn, 10)
    pooled = tf.nn.max_pool2d(tf.nn.relu(first(shares)), 2, 2, "VALID")
    return last(tf.reshape(pooled, (len(images), -1))).numpy()


def test_without_a_posterior_variance_no_information_is_mutual(trained, tmp_path):
    means = mean_weights(trained[0])
    alike = Weights(
        np.repeat(means.kernels, 5, 0), means.offsets, np.repeat(means.dense, 5, 0), means.biases
    )
    logits = compiled_logits(alike, MNIST.x_test[:60], tmp_path)
    measures = measure_logits(logits, 1.0)
    np.testing.assert_allclose(measures["mutual_information"], 0, atol=FLOAT32_SUM)
    np.testing.assert_array_equal(measures["variation_ratio"], 0)


def test_one_draw_shows_no_split(drawn, tmp_path):
    one = Weights(drawn.kernels[:1], drawn.offsets, drawn.dense[:1], drawn.biases)
    logits = compiled_logits(one, MNIST.x_test[:60], tmp_path)
    assert (measure_logits(logits, 1.0)["mutual_information"] == 0).all()
    shown = {measure.column for measure in measures_in(list(BY_COLUMN), num_members=1)}
    assert not shown & {"mutual_information", "expected_entropy", "variation_ratio"}


def test_nothing_is_exported_from_a_training_that_has_not_ended(tmp_path):
    few = replace(load_training_data(), checkpoints=tmp_path)
    assert isinstance(few, TrainingData)
    with pytest.raises(FileNotFoundError, match="train bayesian"):
        export_bayesian(few)
    bayesian.train(*FEW, bayesian.RECIPE, tmp_path / "bayesian", until=1)
    with pytest.raises(FileNotFoundError, match="train bayesian"):
        export_bayesian(few)
