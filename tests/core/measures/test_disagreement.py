"""Jensen-Shannon divergence: closed forms, bounds, and SciPy as the oracle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.spatial.distance import jensenshannon

from core.measures.disagreement import disagreement, jensen_shannon
from core.measures.uncertainty import measure_logits
from tests.core.trust.made_study import made_predictions, made_values


def test_equal_distributions_do_not_disagree_and_disjoint_ones_do_by_ln_2():
    probs = np.eye(3)
    assert jensen_shannon(probs, probs) == pytest.approx(0)
    assert jensen_shannon(probs, probs[[1, 2, 0]]) == pytest.approx(np.log(2))


@given(some.integers(2, 6), some.integers(0, 2**32 - 1))
def test_it_is_symmetric_and_the_square_of_scipys_distance(num_classes, seed):
    p, q = np.random.default_rng(seed).dirichlet(np.full(num_classes, 0.3), (2, 20))
    found = jensen_shannon(p, q)
    assert found == pytest.approx(jensen_shannon(q, p))
    assert found == pytest.approx(jensenshannon(p, q, axis=1) ** 2, abs=1e-9)
    assert (found >= 0).all()
    assert (found <= np.log(2)).all()


def test_models_of_different_sizes_are_compared_by_their_mean_probabilities():
    one, labels = made_values(50, 4)
    several, _ = made_values(50, 4, num_members=3, seed=1)
    found = disagreement(made_predictions(one, labels), made_predictions(several, labels))
    means = [measure_logits(values)["mean_probs"] for values in (one, several)]
    assert found == pytest.approx(jensen_shannon(*means), abs=1e-6)


def test_it_is_the_mutual_information_of_the_two_as_an_ensemble():
    values, labels = made_values(50, 4, num_members=2)
    first, second = (made_predictions(values[[s]], labels) for s in range(2))
    both = measure_logits(values)["mutual_information"]
    assert disagreement(first, second) == pytest.approx(both, abs=1e-5)
