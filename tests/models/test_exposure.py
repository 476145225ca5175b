import shutil
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.study.tight_arrays import save_tight
from examples.mnist_artifacts import Artifacts, load_artifacts
from examples.mnist_data import Split, calibration_split, load_mnist
from models import export, exposure
from models.exposure import draw_round, fit_head, learn_head
from models.outliers import draw_outliers
from models.training_data import TrainingData
from tests.tolerances import ranks_may_move

ENSEMBLE = load_artifacts("ensemble")
MNIST = load_mnist()
SPLIT = calibration_split(len(MNIST.x_train))


@pytest.fixture
def small(monkeypatch):
    """A training of seconds."""
    for name, value in {"ROUNDS": 2, "DIGITS": 400, "OUTLIERS": 400}.items():
        monkeypatch.setattr(exposure, name, value)


def log_odds(head, seen):
    hidden, bias, output = head
    return np.maximum(seen @ hidden + bias, 0) @ output


def auroc(inside, outside):
    is_outside = np.arange(len(inside) + len(outside)) >= len(inside)
    return roc_auc_score(is_outside, np.concatenate([inside, outside]))


def test_a_head_finds_outliers_on_both_sides_of_inputs_of_any_scale():
    rng = np.random.default_rng(0)
    seen = rng.normal(size=(40_000, 6))
    outlier = np.abs(seen[:, 0]) > 1
    scaled = (seen * [9, 1, 1, 1, 1, 0] + [900, 0, 0, 0, 0, 5]).astype(np.float32)
    head = fit_head(scaled[:30_000], outlier[:30_000])
    values = log_odds(head, scaled[30_000:])
    assert auroc(values[~outlier[30_000:]], values[outlier[30_000:]]) > 0.95


def test_a_round_says_which_images_are_outliers_and_writes_only_names_of_one_character():
    digits = MNIST.x_train[:40]
    images, outlier = draw_round(digits, ["0", "1"], 30, np.random.default_rng(0))
    assert len(images) == len(outlier) == 40 + 10 + 30
    assert outlier.sum() == 30 and outlier[-30:].all()
    images, outlier = draw_round(digits, ["zero", "one"], 30, np.random.default_rng(0))
    assert len(images) == 40 + 30 and outlier.sum() == 30


def test_a_small_training_tells_digits_from_outliers_that_it_has_not_seen(small):
    told = []
    head = learn_head(ENSEMBLE, MNIST.x_train[SPLIT.fit[:800]], lambda *step: told.append(step))
    steps = exposure.ROUNDS + exposure.EPOCHS
    assert told == [(1, steps)] * steps
    digits = MNIST.x_train[SPLIT.calibration[:300]]
    strange = draw_outliers(300, digits.shape[1:], np.random.default_rng(99))
    inside, outside = (
        log_odds(head, exposure.describe_whole(seen["pooled"], seen["features"]))
        for seen in (ENSEMBLE.network.describe(digits), ENSEMBLE.network.describe(strange))
    )
    assert auroc(inside, outside) > 0.93


def test_atypicality_is_fitted_anew_and_every_file_that_holds_it_agrees(
    small, monkeypatch, tmp_path
):
    folder = shutil.copytree(ENSEMBLE.folder, tmp_path / "ensemble")
    before = ENSEMBLE.scores.head(300)
    held_out = {
        "logits": ENSEMBLE.calibration_logits[:, :300],
        "labels": ENSEMBLE.calibration_labels[:300],
        "atypicality": ENSEMBLE.calibration_atypicality[:300],
    }
    before.to_parquet(folder / "scores.parquet")
    save_tight(folder / "calibration.npz", **held_out)
    monkeypatch.setattr(export, "ARTIFACTS", tmp_path)
    monkeypatch.setattr(export, "NUM_FITTED", 1_000)
    few = replace(MNIST, x_test=MNIST.x_test[:300], y_test=MNIST.y_test[:300])
    part = Split(SPLIT.fit, SPLIT.calibration[:300])
    export.export_atypicality(TrainingData(few, part, tmp_path), lambda done, total: None)
    again = Artifacts("ensemble", folder)
    digits = MNIST.x_train[part.calibration[:50]]
    known = again.network.predict(digits).atypicality
    assert np.abs(known - ENSEMBLE.network.predict(digits).atypicality).max() > 0.01
    # Within one processor; batches of another size may be summed in another order.
    reference = np.load(folder / "atypicality.npz")["reference"]
    assert len(reference) == 300
    allowed = ranks_may_move(known, reference)
    assert (np.abs(again.calibration_atypicality[:50] - known) <= allowed).all()
    tested = again.network.predict(few.x_test[:50]).atypicality
    allowed = ranks_may_move(tested, reference)
    assert (np.abs(again.scores["atypicality"][:50] - tested) <= allowed).all()
    np.testing.assert_array_equal(again.calibration_logits, held_out["logits"])
    assert again.scores.drop(columns="atypicality").equals(before.drop(columns="atypicality"))
    assert {path.name for path in folder.iterdir()} == {p.name for p in ENSEMBLE.folder.iterdir()}
