"""The temperature against closed forms and scikit-learn."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import softmax as scipy_softmax

from core.measures.probabilities import softmax
from core.trust.metrics import nll
from core.trust.temperature import HOTTEST, fit_temperature, lowest


def logits_and_labels(num_members=1, num_images=3_000, num_classes=6, seed=0):
    """Logits whose softmax is the labels' true distribution, for one member."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (num_members, num_images, num_classes))
    probs = scipy_softmax(logits, -1).mean(0)
    labels = (rng.random((num_images, 1)) > probs.cumsum(1)).sum(1).clip(0, num_classes - 1)
    return logits, labels


def mean_probs_at(logits, temperature):
    """As `Predictions` are turned into probabilities."""
    return softmax(logits.astype(np.float64), temperature).mean(0)


def test_the_softmax_is_scipys_at_every_temperature():
    logits, _ = logits_and_labels(num_members=3)
    assert np.allclose(softmax(logits, 2.5), scipy_softmax(logits / 2.5, -1))


def test_a_high_temperature_tends_to_uniform_and_a_low_one_to_certainty():
    logits = np.array([[[1.0, 2.0, 4.0]]])
    assert softmax(logits, 1e6)[0] == pytest.approx(np.full((1, 3), 1 / 3), abs=1e-5)
    assert softmax(logits, 1e-3).max() == pytest.approx(1)


def test_large_logits_do_not_overflow():
    assert softmax(np.array([[[1e4, 0.0]]]), 1.0).tolist() == [[[1, 0]]]


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_scaled_logits_are_fitted_with_the_scale(factor):
    logits, labels = logits_and_labels(num_images=20_000)
    assert fit_temperature(logits * factor, labels) == pytest.approx(factor, rel=0.05)


def test_no_temperature_nearby_has_a_lower_nll():
    logits, labels = logits_and_labels(num_members=4)
    best = fit_temperature(logits * 2, labels)
    lowest = nll(mean_probs_at(logits * 2, best), labels)
    for factor in (0.97, 1.03):
        assert nll(mean_probs_at(logits * 2, best * factor), labels) > lowest


def test_one_member_is_fitted_as_by_scikit_learn():
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.frozen import FrozenEstimator
    from sklearn.linear_model import LogisticRegression

    logits, labels = logits_and_labels()
    classes = np.arange(logits.shape[2])
    # A network whose decision function hands the logits through.
    identity = LogisticRegression().fit(np.eye(len(classes)), classes)
    identity.coef_, identity.intercept_ = np.eye(len(classes)), np.zeros(len(classes))
    reference = CalibratedClassifierCV(FrozenEstimator(identity), method="temperature")
    reference.fit(3 * logits[0], labels)
    ours = mean_probs_at(3 * logits, fit_temperature(3 * logits, labels))
    assert np.allclose(ours, reference.predict_proba(3 * logits[0]), atol=1e-3)


def test_images_that_are_all_right_push_the_temperature_to_its_end():
    logits = np.tile([[[0.0, 5.0]]], (1, 4, 1))
    assert fit_temperature(logits, np.ones(4, int)) < 0.1
    assert fit_temperature(logits, np.zeros(4, int)) == pytest.approx(HOTTEST, rel=0.01)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match=r"logits must be \(S, N, K\), got shape \(2, 3\)"):
        fit_temperature(np.zeros((2, 3)), np.zeros(2, int))
    with pytest.raises(ValueError, match="labels must be 2"):
        fit_temperature(np.zeros((1, 2, 3)), np.zeros(3, int))


@pytest.mark.parametrize("valley", [-1.9, 0.0, 0.3, 2.9])
def test_the_valley_is_found_where_scipy_finds_it(valley):
    def function(x):
        return np.log1p((x - valley) ** 2) + 0.1 * abs(x - valley)

    found = minimize_scalar(function, bounds=(-2, 3), method="bounded", options={"xatol": 1e-8})
    assert lowest(function, -2, 3) == pytest.approx(found.x, abs=1e-5)


def test_without_a_valley_the_search_ends_at_the_lower_end():
    assert lowest(lambda x: x, -2, 3) == pytest.approx(-2, abs=1e-5)
    assert lowest(lambda x: -x, -2, 3) == pytest.approx(3, abs=1e-5)
