import numpy as np
import pytest

from examples.mnist_data import load_mnist
from models import article
from models.training import train_classifier


@pytest.fixture(scope="module")
def few():
    digits = load_mnist()
    return digits.x_train[:320], digits.y_train[:320]


def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(few, tmp_path):
    whole = article.train(*few, epochs=2, folder=tmp_path / "whole")
    article.train(*few, epochs=1, folder=tmp_path / "halves")
    resumed = article.train(*few, epochs=2, folder=tmp_path / "halves")
    for left, right in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)


def test_one_checkpoint_stays_and_nothing_half_written(few, tmp_path):
    article.train(*few, epochs=2, folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["epoch-002.keras"]


def test_the_network_learns_and_reports_every_epoch(few, tmp_path):
    losses = []
    article.train(*few, epochs=3, folder=tmp_path, report=lambda epoch, loss: losses.append(loss))
    assert len(losses) == 3
    assert losses[-1] < 0.7 * losses[0]


def test_the_network_is_the_article_s():
    layers = [layer.__class__.__name__ for layer in article.build().layers]
    wanted = "InputLayer Rescaling Reshape Conv2D MaxPooling2D Flatten Dense"
    assert layers == wanted.split()
    assert article.build().count_params() == (9 + 1) * 32 + (13 * 13 * 32 + 1) * 10


def test_an_unknown_network_is_named():
    with pytest.raises(ValueError, match="article"):
        train_classifier("nothing", lambda done, total: None)
