"""The committed files of the bundled study, against the committed code, on any machine."""

import numpy as np
import pytest

from core.measures.table import build_table, is_prob
from core.measures.uncertainty import measure_logits
from core.networks.scoring import table_of
from core.study.rounding import half_step, to_bits, to_grid
from core.trust.evaluation import evaluate_predictions
from examples.mnist import on_test
from examples.mnist_artifacts import artifact_names, load_artifacts
from examples.mnist_data import calibration_split, load_mnist, load_test
from tests.shipped import scorer
from tests.tolerances import (
    EIGHT_BIT_STEP,
    FLOAT32_FEATURES,
    FLOAT32_SUM,
    GRID_STEP,
    assert_same_logits,
    has_eight_bit_weights,
    measures_may_move,
    ranks_may_move,
)


@pytest.fixture(scope="module", params=artifact_names())
def classifier(request):
    return load_artifacts(request.param)


@pytest.fixture(scope="module")
def eight_bits(classifier):
    return has_eight_bit_weights(classifier.folder / "model.tflite")


@pytest.fixture(scope="module")
def again(classifier):
    return classifier.network.predict(load_test()[0])


def test_the_committed_logits_are_what_the_images_give(classifier, eight_bits, again):
    assert_same_logits(again.logits, classifier.test_logits, eight_bits)


def test_the_committed_features_are_what_the_images_give_on_their_grid(
    classifier, eight_bits, again
):
    kept = classifier.test_features
    step = half_step(kept)
    assert (kept / step == np.round(kept / step)).all()
    usual = step / 2 + FLOAT32_FEATURES * np.abs(kept).max()
    moved = np.abs(again.features - kept)
    assert moved.max() <= (step / 2 + EIGHT_BIT_STEP * np.abs(kept).max() if eight_bits else usual)
    assert np.median(moved.max(axis=1)) <= usual


def test_the_committed_logits_have_no_finer_digits_than_processors_agree_on(classifier):
    for kept in (classifier.test_logits, classifier.calibration_logits):
        again = to_bits(kept, 8) if kept.dtype == np.float16 else to_grid(kept, GRID_STEP)
        np.testing.assert_array_equal(again, kept)


def test_the_committed_table_is_what_the_committed_logits_give(classifier):
    measures = measure_logits(classifier.test_logits, classifier.temperature, load_test()[1])
    expected, committed = build_table(measures, load_test()[1]), classifier.scores
    for column in expected.select_dtypes("float32"):
        np.testing.assert_allclose(
            expected[column], committed[column], atol=FLOAT32_SUM, rtol=FLOAT32_SUM, err_msg=column
        )
    for column in ("label", "prediction", "correct"):
        assert expected[column].equals(committed[column]), column


def test_the_committed_table_is_what_the_images_give(classifier, again):
    committed = classifier.scores
    table = table_of(scorer(classifier.name), again, load_test()[1])
    table = table[[name for name in table if not is_prob(name)]]
    logits = again.logits, classifier.test_logits
    allowed = measures_may_move(*logits, classifier.temperature)
    if classifier.network.knows_atypicality:
        reference = np.load(classifier.folder / "atypicality.npz")["reference"]
        allowed["atypicality"] = ranks_may_move(committed["atypicality"].to_numpy(), reference)
    allowed = {name: most for name, most in allowed.items() if not is_prob(name)}
    assert set(allowed) == set(table.select_dtypes("float32"))
    for column, most in allowed.items():
        moved = np.abs(table[column] - committed[column]).to_numpy()
        assert (moved <= most).all(), f"{column}: {moved[moved > most]} > {most[moved > most]}"
    changed = (table["prediction"] != committed["prediction"]).to_numpy()
    assert (committed["margin"].to_numpy() <= allowed["margin"])[changed].all()
    assert table.columns.tolist() == [c for c in committed if c in table.columns]


def test_the_calibration_logits_are_those_of_the_calibration_split(classifier, eight_bits):
    digits = load_mnist()
    rows = calibration_split(len(digits.x_train)).calibration
    assert np.array_equal(classifier.calibration_labels, digits.y_train[rows])
    some = classifier.network.predict_logits(digits.x_train[rows[:100]])
    assert_same_logits(some, classifier.calibration_logits[:, :100], eight_bits)


def test_the_card_tells_the_metrics_of_the_table(classifier):
    for name, found in evaluate_predictions(on_test(classifier)).items():
        assert classifier.card["metrics"][name] == pytest.approx(found, rel=FLOAT32_SUM), name
