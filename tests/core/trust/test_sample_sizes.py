import numpy as np
import pandas as pd
import pytest

from core.measures.table import build_table
from core.measures.uncertainty import measure_logits
from core.study.predictions import Predictions
from core.trust.sample_sizes import sample_sizes


def predictions(logits, labels, temperature=1.0):
    measures = measure_logits(logits.astype(np.float32), temperature, labels)
    return Predictions(
        name="some",
        title="Some",
        kind="logits",
        num_members=len(logits),
        temperature=temperature,
        read_values=lambda: logits.astype(np.float32),
        read_scores=lambda: build_table(measures, labels),
    )


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (200, 5)) + rng.normal(0, 0.7, (30, 200, 5))
    return logits, rng.integers(5, size=200)


def test_at_every_number_of_members_the_means_are_those_of_the_score_table(drawn):
    logits, labels = drawn
    found = sample_sizes(predictions(logits, labels, 0.8))
    assert found.sizes[0] == 1
    assert found.sizes[-1] == 30
    for number, size in enumerate(found.sizes):
        table = predictions(logits[:size], labels, 0.8).scores
        assert found.nll[number] == pytest.approx(-table["log_likelihood"].mean(), rel=1e-4)
        expected = table["mutual_information"].mean()
        assert found.mutual_information[number] == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_alike_members_have_no_mutual_information_and_no_error(drawn):
    logits, labels = drawn
    found = sample_sizes(predictions(np.repeat(logits[:1], 6, 0), labels))
    np.testing.assert_allclose(found.mutual_information, 0, atol=1e-6)
    np.testing.assert_allclose(found.error[2:], 0, atol=1e-6)
    assert np.isnan(found.error[:2]).all()
    np.testing.assert_allclose(found.nll, found.nll[0], rtol=1e-6)


def test_the_standard_error_is_the_spread_of_other_draws_of_members():
    """Many sets of 15 members: their means spread as the jackknife of one set says."""
    rng = np.random.default_rng(1)
    centre, labels = rng.normal(0, 2, (40, 4)), np.zeros(40, int)
    direction = rng.normal(0, 1, (40, 4))  # all items move together, as with shared weights
    found = [
        sample_sizes(predictions(centre + direction * rng.normal(0, 1, (15, 1, 1)), labels))
        for _ in range(120)
    ]
    spread = np.std([one.mutual_information[-1] for one in found])
    said = np.mean([one.error[-1] for one in found])
    # The spread of 120 draws has a standard error of 1 / sqrt(2 * 119), the jackknife's is smaller.
    assert said == pytest.approx(spread, rel=4 / np.sqrt(2 * 119))


def test_how_many_are_enough_is_said_once_the_error_stays_small(drawn):
    logits, labels = drawn
    found = sample_sizes(predictions(logits, labels))
    enough = found.enough(0.1)
    assert enough is not None
    after = found.sizes >= enough
    assert (found.error[after] <= 0.1 * found.mutual_information[after]).all()
    assert found.enough(0.0) is None
    assert found.relative_error == found.error[-1] / found.mutual_information[-1]


def test_without_labels_there_is_no_likelihood(drawn):
    logits, _ = drawn
    some = predictions(logits, np.zeros(200, int))
    unlabelled = some.scores.assign(label=pd.array([pd.NA] * 200, dtype="Int16"))
    found = sample_sizes(
        Predictions("a", "A", "logits", 30, lambda: some.values, lambda: unlabelled)
    )
    assert np.isnan(found.nll).all()
    assert np.isfinite(found.mutual_information).all()


def test_one_network_has_one_number_and_no_split(drawn):
    logits, labels = drawn
    found = sample_sizes(predictions(logits[:1], labels))
    assert found.sizes.tolist() == [1]
    assert found.mutual_information.tolist() == [0]
    assert found.enough() is None
