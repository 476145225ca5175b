import numpy as np
import pytest

from core.measures.uncertainty import measure_logits

K = 10


def one_hot_logits(classes, size=K, sure=200.0):
    return sure * np.eye(size, dtype=np.float32)[np.asarray(classes)]


def test_a_uniform_answer_has_entropy_ln_k():
    found = measure_logits(np.zeros((1, 1, K)))
    assert found["predictive_entropy"][0] == pytest.approx(np.log(K), rel=1e-6)
    assert found["confidence"][0] == pytest.approx(1 / K)
    assert found["margin"][0] == pytest.approx(0, abs=1e-7)


def test_two_sure_opposed_members_have_mutual_information_ln_2():
    found = measure_logits(one_hot_logits([[3], [8]]))
    assert found["mutual_information"][0] == pytest.approx(np.log(2), rel=1e-6)
    assert found["expected_entropy"][0] == pytest.approx(0, abs=1e-6)
    assert found["variation_ratio"][0] == pytest.approx(1 / 2)


def test_one_member_has_no_mutual_information():
    logits = np.random.default_rng(0).normal(0, 5, (1, 500, K))
    found = measure_logits(logits)
    assert (found["mutual_information"] == 0).all()
    assert (found["variation_ratio"] == 0).all()


def test_measuring_in_batches_changes_nothing(monkeypatch):
    logits = np.random.default_rng(2).normal(0, 4, (3, 25, K))
    labels = np.arange(25) % K
    whole = measure_logits(logits, 1.3, labels)
    monkeypatch.setattr("core.measures.uncertainty._BATCH_SIZE", 10)
    parts = measure_logits(logits, 1.3, labels)
    assert parts.keys() == whole.keys()
    assert all((whole[name] == parts[name]).all() for name in whole)


@pytest.mark.parametrize("shape", [(5, 1_000, 10), (2, 50, 3), (7, 1, 26)])
def test_total_is_aleatoric_plus_epistemic_and_all_stay_in_range(shape):
    members, _, classes = shape
    found = measure_logits(np.random.default_rng(1).normal(0, 4, shape))
    parts = found["expected_entropy"] + found["mutual_information"]
    np.testing.assert_allclose(found["predictive_entropy"], parts, atol=2e-6)
    assert found["mutual_information"].min() >= 0
    assert found["mutual_information"].max() <= np.log(min(members, classes)) + 1e-6
    assert found["variation_ratio"].max() <= 1 - 1 / members


def test_permuting_the_classes_changes_no_measure():
    rng = np.random.default_rng(2)
    logits, order = rng.normal(0, 3, (4, 200, K)), rng.permutation(K)
    found, permuted = measure_logits(logits), measure_logits(logits[:, :, order])
    for name in ("confidence", "margin", "predictive_entropy", "mutual_information"):
        np.testing.assert_allclose(found[name], permuted[name], atol=2e-6)
    assert np.array_equal(found["prediction"], order[permuted["prediction"]])


def test_what_float32_rounds_to_certainty_keeps_its_doubt():
    logits = np.zeros((1, 1, 2), np.float32)
    logits[0, 0, 0] = 40
    found = measure_logits(logits)
    assert found["confidence"][0] == 1.0
    assert found["least_confidence"][0] == pytest.approx(np.exp(-40), rel=1e-4)


def test_a_hotter_temperature_flattens_and_infinite_heat_is_uniform():
    logits = np.random.default_rng(3).normal(0, 5, (3, 100, K))
    cold, hot = measure_logits(logits, 1.0), measure_logits(logits, 3.0)
    assert (hot["expected_entropy"] >= cold["expected_entropy"]).all()
    flat = measure_logits(logits, 1e6)["predictive_entropy"]
    np.testing.assert_allclose(flat, np.log(K), rtol=1e-5)


def test_log_likelihood_is_the_log_of_the_label_s_mean_probability():
    rng = np.random.default_rng(4)
    logits, labels = rng.normal(0, 3, (5, 300, K)), rng.integers(0, K, 300)
    found = measure_logits(logits, 0.8, labels)
    expected = np.log(found["mean_probs"][np.arange(300), labels])
    np.testing.assert_allclose(found["log_likelihood"], expected, rtol=1e-5)
    assert np.isnan(measure_logits(logits)["log_likelihood"]).all()


@pytest.mark.parametrize(
    ("logits", "temperature", "message"),
    [
        (np.zeros((2, 10)), 1, "members, images, classes"),
        (np.zeros((1, 0, 10)), 1, "members, images, classes"),
        (np.zeros((1, 3, 1)), 1, "classes >= 2"),
        (np.full((1, 1, 3), np.nan), 1, "finite"),
        (np.zeros((1, 1, 3)), 0, "temperature"),
    ],
)
def test_unusable_arguments_are_named(logits, temperature, message):
    with pytest.raises(ValueError, match=message):
        measure_logits(logits, temperature)
