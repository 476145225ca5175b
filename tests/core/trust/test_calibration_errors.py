"""Intervals and null bands of ECE and MCE, against simulations of every image."""

import numpy as np
import pytest

from core.trust.calibration import bin_edges, reliability
from core.trust.calibration_errors import calibration_errors
from core.trust.metrics import ece
from tests.core.trust.made_probs import classified, confident


def test_the_null_band_equals_a_simulation_of_every_image():
    confidence = classified(2_000)[0].max(1)
    edges = bin_edges(confidence)
    rng = np.random.default_rng(7)
    simulated = [ece(confidence, rng.random(len(confidence)) < confidence) for _ in range(1_500)]
    band = calibration_errors(confidence, confidence > 0.5, edges, 1_500).ece_null
    spread = np.std(simulated)
    expected = np.quantile(simulated, [0.5, 0.025, 0.975])
    assert np.array(band) == pytest.approx(expected, abs=0.2 * spread)


def test_an_overconfident_models_ece_lies_above_its_null_band():
    confidence, correct = confident(*classified(sharper=3))
    errors = calibration_errors(confidence, correct, bin_edges(confidence))
    assert errors.ece.value > errors.ece_null.high
    assert errors.ece.low > 0


def test_an_ece_inside_its_null_band_may_be_zero():
    confidence, correct = confident(*classified())
    errors = calibration_errors(confidence, correct, bin_edges(confidence))
    assert errors.ece_null.low < errors.ece.value < errors.ece_null.high
    assert errors.ece.low == 0


@pytest.mark.parametrize("sharper", [1.0, 1.5])
def test_intervals_of_ece_hold_the_true_one_19_times_of_20(sharper):
    probs, labels = classified(300_000, sharper=sharper)
    confidence, correct = confident(probs, labels)
    truth = ece(confidence, correct) if sharper > 1 else 0.0
    rows = np.random.default_rng(5).integers(0, len(labels), (40, 400))
    held = 0
    for sample in rows:
        edges = bin_edges(confidence[sample])
        errors = calibration_errors(confidence[sample], correct[sample], edges, 200)
        held += errors.ece.low <= truth <= errors.ece.high
    # 99.9 % of Binomial(40, 0.95) lies at 32 or more.
    assert held >= 32


def test_ten_images_all_right_or_all_wrong_are_no_obstacle():
    confidence = np.linspace(0.4, 1, 10)
    for correct in (np.ones(10, bool), np.zeros(10, bool)):
        errors = calibration_errors(confidence, correct, bin_edges(confidence))
        assert errors.ece.value == pytest.approx(ece(confidence, correct))
        assert errors.ece.low <= errors.ece.value <= errors.ece.high <= 1


def test_the_errors_are_those_of_the_diagram():
    confidence, correct = confident(*classified(sharper=1.5))
    errors = calibration_errors(confidence, correct, bin_edges(confidence), 50)
    assert errors.ece.value == pytest.approx(ece(confidence, correct))
    assert errors.mce.value == pytest.approx(reliability(confidence, correct).mce)


def test_no_image_has_no_errors_to_estimate():
    nothing = calibration_errors(np.empty(0), np.empty(0, bool), bin_edges(np.empty(0)))
    assert np.isnan(np.array(nothing[:4])).all()
    assert nothing.num_items == 0
