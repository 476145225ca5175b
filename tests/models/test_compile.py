import keras
import numpy as np
import pytest

from core.measures.runtime import Graph
from examples.mnist_data import load_mnist
from models import article
from models.compile import compile_network
from models.export import feature_map
from models.written import describe_article


def test_a_compiled_network_answers_as_keras_does(tmp_path):
    images = load_mnist().x_train[:150]
    network = article.build()
    described = describe_article(network, images)
    compile_network(described, tmp_path / "model.tflite")
    graph = Graph(tmp_path / "model.tflite", "export article")
    found = graph.run_batches("describe", images)
    expected = described.predict(images.astype(np.float32), verbose=0)
    for name in ("logits", "features"):
        np.testing.assert_allclose(found[name], expected[name], atol=1e-4, rtol=1e-3)
    np.testing.assert_allclose(found["logits"][:, 0], network.predict(images, verbose=0), atol=1e-4)


@pytest.mark.parametrize("shape", [(28, 28), (9, 12), (11, 7)])
def test_the_fast_form_is_the_same_function(shape):
    images = np.random.default_rng(0).integers(256, size=(20, *shape)).astype(np.float32)
    network = article.build(shape)
    fast = article.fast_form(network).predict(images, verbose=0)
    flat = keras.Model(network.input, network.get_layer("features").output)
    for name, slow in (("logits", network), ("features", flat)):
        np.testing.assert_allclose(fast[name], slow.predict(images, verbose=0), atol=1e-5)


def test_the_projection_keeps_distances_up_to_the_variance_left_out(tmp_path):
    images = load_mnist().x_train[:300]
    network = article.build()
    features = describe_article(network, images).predict(images, verbose=0)["features"]
    assert features.shape == (300, 64)
    np.testing.assert_allclose(features.mean(axis=0), 0, atol=1e-2)


def test_the_map_keeps_neighbours_together_and_is_the_same_each_time():
    group = np.repeat([0, 1, 2], 40)
    apart = 20 * np.eye(3, 16)[group]
    features = (np.random.default_rng(0).normal(size=(120, 16)) + apart).astype(np.float32)
    places = feature_map(features)
    assert places.shape == (120, 2)
    distances = np.linalg.norm(places[:, None] - places[None], axis=-1)
    np.fill_diagonal(distances, np.inf)
    assert (group[distances.argmin(1)] == group).all()
    np.testing.assert_array_equal(places, feature_map(features))
