"""The committed artifacts of the ensemble, against the committed code."""

import numpy as np
import pytest

from core.measures.probabilities import softmax
from core.study.tight_arrays import load_tight
from core.trust.metrics import accuracy
from core.trust.temperature import fit_temperature
from examples.mnist_artifacts import load_artifacts
from examples.mnist_data import calibration_split, load_mnist
from models import ensemble
from tests.tolerances import ranks_may_move

MNIST = load_mnist()
SPLIT = calibration_split(len(MNIST.x_train))
ENSEMBLE = load_artifacts("ensemble")
DIGITS = MNIST.x_test[:300]
RNG = np.random.default_rng(0)

STRANGE = {
    "blank": np.zeros((1, 28, 28), np.uint8),
    "full": np.full((1, 28, 28), 255, np.uint8),
    "grey": np.full((1, 28, 28), 128, np.uint8),
    "noise": RNG.integers(256, size=(100, 28, 28)).astype(np.uint8),
    "inverted": 255 - DIGITS,
    "grey background": np.maximum(DIGITS, 90),
}


def test_the_card_names_the_members_that_the_code_trains():
    assert ENSEMBLE.card["seed"] == [member.seed for member in ensemble.MEMBERS]
    assert ENSEMBLE.card["norm"] == [member.norm for member in ensemble.MEMBERS]
    assert ENSEMBLE.card["epochs"] == ensemble.EPOCHS + ensemble.FINISH_EPOCHS
    assert ENSEMBLE.num_members == len(ensemble.MEMBERS)


def test_the_temperature_is_the_one_the_calibration_split_asks_for():
    expected = fit_temperature(ENSEMBLE.calibration_logits, ENSEMBLE.calibration_labels)
    assert ENSEMBLE.temperature == pytest.approx(expected, rel=1e-6)
    np.testing.assert_array_equal(ENSEMBLE.calibration_labels, MNIST.y_train[SPLIT.calibration])


def test_averaging_beats_the_mean_member_in_likelihood():
    def nll(logits):
        probs = softmax(logits, 1.0).mean(0)
        of_label = probs[np.arange(len(labels)), labels]
        return -np.log(of_label).mean()

    logits, labels = ENSEMBLE.calibration_logits, ENSEMBLE.calibration_labels
    assert nll(logits) < np.mean([nll(member[None]) for member in logits])


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_no_digit_on_paper_never_comes_out_as_typical(name):
    assert ENSEMBLE.network.predict(STRANGE[name]).atypicality.min() > 0.99


def test_held_out_digits_spread_evenly_over_atypicality():
    held_out = MNIST.x_train[SPLIT.calibration]
    ranks = np.sort(ENSEMBLE.network.predict(held_out).atypicality)
    even = np.arange(1, len(ranks) + 1) / (len(ranks) + 1)
    reference = np.load(ENSEMBLE.folder / "atypicality.npz")["reference"]
    assert (np.abs(ranks - even) <= ranks_may_move(even, reference)).all()


def test_every_training_image_was_judged_by_a_network_that_had_not_seen_it():
    path = ENSEMBLE.folder / "out_of_fold.npz"
    logits, fold, epochs = load_tight(path, "logits", "fold", "epochs").values()
    assert logits.shape == (len(MNIST.y_train), len(ENSEMBLE.class_names))
    np.testing.assert_array_equal(fold, ensemble.draw_folds(len(MNIST.y_train), 5))
    assert epochs == ensemble.FOLD_EPOCHS
    assert accuracy(logits, MNIST.y_train) > 0.99
