"""The small network that tells what else people draw, against drawings it has not seen."""

import shutil

import numpy as np
import pytest

from core.networks.foreign import load_foreign
from examples.mnist_artifacts import Artifacts, load_artifacts
from examples.mnist_data import Split, calibration_split, load_mnist
from models import export, exposure, foreign
from models.drawn_shapes import LETTERS, THINGS
from models.non_digits import SOURCES, draw_non_digits, draw_strokes
from models.outliers import LOOK_ALIKES
from models.training_data import TrainingData
from tests.core.made_scenes import THINGS as JUDGED_BY

ENSEMBLE = load_artifacts("ensemble")
MNIST = load_mnist()
SPLIT = calibration_split(len(MNIST.x_train))
SHAPE = MNIST.x_train.shape[1:]


@pytest.mark.parametrize("source", SOURCES)
def test_drawings_are_framed_like_digits_and_differ(source):
    images = draw_non_digits(source, 40, SHAPE, np.random.default_rng(0))
    assert images.shape == (40, *SHAPE) and images.dtype == np.uint8
    assert len(np.unique(images.reshape(40, -1), axis=0)) == 40
    rows, columns = (images.max(axis) > 60 for axis in (2, 1))
    tall = np.maximum(rows.sum(1), columns.sum(1))
    assert tall.min() >= 16
    assert tall.max() <= 22
    again = draw_non_digits(source, 40, SHAPE, np.random.default_rng(0))
    np.testing.assert_array_equal(again, images)


def test_letters_like_a_digit_are_among_them_and_none_that_is_one():
    assert {"D", "Q", "J", "j"} <= set(LETTERS) & set(LOOK_ALIKES)
    assert not {"O", "o", "I", "l", "S", "Z", "B", "b", "g", "q", "z"} & set(LETTERS)


def test_nothing_that_is_judged_by_is_taught():
    def key(strokes):
        return sorted(len(stroke) for stroke in strokes)

    plain = [draw_strokes(t, np.random.default_rng(0), 0.0) for t in (*THINGS.values(), *JUDGED_BY)]
    taught, judged = plain[: len(THINGS)], plain[len(THINGS) :]
    for one in judged:
        assert min(np.abs(one - other).mean() for other in taught) > 0.02


def test_a_small_training_writes_what_tells_held_out_digits_from_new_drawings(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(foreign, "ROUNDS", 1)
    monkeypatch.setattr(foreign, "EACH", 200)
    monkeypatch.setattr(exposure, "EPOCHS", 20)
    folder = shutil.copytree(ENSEMBLE.folder, tmp_path / "ensemble")
    (folder / "foreign.npz").unlink()
    monkeypatch.setattr(export, "ARTIFACTS", tmp_path)
    told = []
    part = Split(SPLIT.fit, SPLIT.calibration[:500])
    export.export_foreign(TrainingData(MNIST, part, tmp_path), lambda *step: told.append(step))
    assert told == [(1, 1)]
    reference = load_foreign(folder / "foreign.npz").reference
    assert len(reference) == 500 and (np.diff(reference) >= 0).all()
    drawn = draw_non_digits("letters", 200, SHAPE, np.random.default_rng(99))
    network = Artifacts("ensemble", folder).network
    assert np.mean(network.predict(drawn).foreign > 0.98) > 0.5


def test_held_out_digits_spread_evenly():
    digits = MNIST.x_train[SPLIT.calibration]
    found = np.sort(ENSEMBLE.network.predict(digits).foreign)
    even = np.arange(1, len(found) + 1) / (len(found) + 1)
    assert np.abs(found - even).max() < 0.01
