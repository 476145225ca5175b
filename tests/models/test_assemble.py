import numpy as np
import pytest

from core.measures.runtime import Graph
from examples.mnist_data import load_test
from models.assemble import POOLED, assemble, fast_form
from models.compile import compile_network
from models.ensemble import Member, build
from tests.tolerances import has_eight_bit_weights

IMAGES = load_test()[0][:120]


def shaken(norm):
    """A member whose normalisation is not at its start, as training leaves it."""
    network, rng = build(Member(1, norm), steps=4), np.random.default_rng(0)
    for weight in network.weights:
        if weight.name in {"gamma", "beta", "moving_mean"}:
            weight.assign(weight + 0.3 * rng.normal(size=weight.shape).astype(np.float32))
    return network


@pytest.fixture(scope="module")
def members():
    return [shaken("batch"), shaken("group")]


@pytest.fixture(scope="module")
def assembled(members):
    return assemble(members, IMAGES, 6)


@pytest.mark.parametrize("norm", ["batch", "group"])
def test_the_fast_form_is_the_same_function(norm):
    network = shaken(norm)
    expected = network.predict(IMAGES, verbose=0)
    np.testing.assert_allclose(fast_form(network).predict(IMAGES, verbose=0), expected, atol=1e-4)


def test_one_call_gives_every_members_own_logits(members, assembled):
    logits = assembled.predict(IMAGES, verbose=0)["logits"]
    for number, member in enumerate(members):
        expected = member.predict(IMAGES, verbose=0)
        np.testing.assert_allclose(logits[:, number], expected, atol=1e-4)


def test_features_are_centred_and_uncorrelated_on_the_images_they_were_fitted_on(assembled):
    features = assembled.predict(IMAGES, verbose=0)["features"]
    covariance = np.cov(features.T)
    np.testing.assert_allclose(features.mean(0), 0, atol=1e-3)
    spread = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(spread, spread)
    np.testing.assert_allclose(correlation, np.eye(6), atol=1e-3)


def test_pooled_features_are_the_channel_means_of_the_named_layers(members, assembled):
    import keras

    pooled = assembled.predict(IMAGES, verbose=0)["pooled"]
    layers = [members[0].get_layer(name).output for name in POOLED]
    maps = keras.Model(members[0].input, layers).predict(IMAGES, verbose=0)
    means = np.concatenate([values.mean((1, 2)) for values in maps], axis=1)
    np.testing.assert_allclose(pooled[:, 0], means, atol=1e-5)


def test_eight_bit_weights_move_the_logits_by_little_and_take_a_third_of_the_room(
    assembled, tmp_path
):
    exact, quantised = tmp_path / "exact.tflite", tmp_path / "quantised.tflite"
    compile_network(assembled, exact)
    compile_network(assembled, quantised, quantise=True)
    outputs = [
        Graph(path, "x").run_batches("logits", IMAGES)["logits"] for path in (exact, quantised)
    ]
    np.testing.assert_allclose(
        outputs[0], assembled.predict(IMAGES, verbose=0)["logits"], atol=1e-3
    )
    assert np.abs(outputs[0] - outputs[1]).max() < 0.15 * outputs[0].std()
    assert has_eight_bit_weights(quantised) and not has_eight_bit_weights(exact)
    assert quantised.stat().st_size < exact.stat().st_size / 3
