"""The map of features: principal directions by their oracle, t-SNE by what lies beside what."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from core.measures import feature_map as maps


def clusters(num_items=120, num_features=8, seed=0):
    rng = np.random.default_rng(seed)
    group = np.arange(num_items) % 3
    return (
        rng.normal(0, 1, (num_items, num_features)) + 12 * np.eye(3, num_features)[group]
    ), group


def test_principal_directions_are_scikit_learns_up_to_the_sign():
    features, _ = clusters()
    found = maps.principal_directions(features, 3)
    oracle = PCA(3, svd_solver="full").fit_transform(features)
    assert np.abs(found) == pytest.approx(np.abs(oracle), abs=1e-3)


def test_reading_in_blocks_changes_nothing(monkeypatch):
    features, _ = clusters()
    whole = maps.principal_directions(features, 2)
    monkeypatch.setattr(maps, "_BLOCK", 7)
    assert maps.principal_directions(features, 2) == pytest.approx(whole, abs=1e-4)


def test_neighbours_on_the_map_are_of_one_kind():
    features, group = clusters()
    places = maps.feature_map(features)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert (group[apart.argmin(1)] == group).mean() > 0.95


@pytest.mark.parametrize("shape", [(1, 3), (4, 3), (6, 1), (30, 2)])
def test_few_items_or_features_and_equal_ones_have_finite_places(shape):
    rng = np.random.default_rng(1)
    for features in (rng.normal(size=shape), np.ones(shape)):
        places = maps.feature_map(features)
        assert places.shape == (shape[0], 2)
        assert np.isfinite(places).all()


def test_of_very_many_items_the_principal_directions_are_taken(monkeypatch):
    features, _ = clusters()
    monkeypatch.setattr(maps, "MOST_FOR_TSNE", 100)
    assert maps.method_for(len(features)) == "principal directions"
    assert maps.feature_map(features) == pytest.approx(maps.principal_directions(features, 2))


def test_a_feature_that_is_no_number_is_named_by_its_row():
    features, _ = clusters()
    features[17, 2] = np.nan
    with pytest.raises(ValueError, match="row 17"):
        maps.feature_map(features)
