import numpy as np
import pytest

from core.networks.atypicality import (
    Atypicality,
    atypicality,
    combine,
    describe_whole,
    load_atypicality,
    rank,
    raw_distances,
    save_atypicality,
    unit_rows,
)

REFERENCE = np.sort(np.random.default_rng(2).normal(size=999))


def fitted():
    """Two members of three channels, two classes at (1, 0, 0) and (-1, 0, 0), two features.

    The learnt distance is relu(first feature) + 2 relu(second feature - 1).
    """
    corners = np.array([[1.0, 0, 0], [-1.0, 0, 0]], np.float32)
    return Atypicality(
        whitening=np.tile(np.eye(3, dtype=np.float32), (2, 1, 1)),
        centres=np.tile(corners, (2, 1, 1)),
        neighbours=np.eye(2, dtype=np.float32),
        hidden=np.eye(8, 2, dtype=np.float32),
        bias=np.array([0.0, -1.0], np.float32),
        output=np.array([1.0, 2.0], np.float32),
        middle=np.array([0.0, 0.0, -10.0, 1.0]),
        far=np.array([2.0, 0.5, -6.0, 5.0]),
        reference=np.linspace(0, 1, 99),
    )


def test_ninety_nine_of_a_hundred_held_out_digits_less_unlike_give_a_rank_of_0_99():
    assert rank(np.array([99.0]), np.arange(1.0, 100.0))[0] == pytest.approx(99 / 100)


def test_held_out_digits_spread_evenly_over_the_ranks():
    ranks = rank(REFERENCE, REFERENCE)
    np.testing.assert_allclose(ranks, np.arange(1, 1000) / 1000)


def test_rank_rises_strictly_within_and_far_beyond_the_held_out_digits_and_stays_below_1():
    distances = np.concatenate([np.linspace(-1e4, 1e4, 4001), REFERENCE])
    ranks = rank(np.sort(distances), REFERENCE)
    assert (np.diff(ranks) > 0).all()
    assert ranks.min() > 0 and ranks.max() < 1


def test_distances_are_to_the_nearest_class_to_the_nearest_neighbour_and_from_a_large_logit():
    pooled = np.array([[[4.0, 4, 0], [1, 0, 0]], [[-1, 0, 0], [-1, 0, 0]]], np.float32)
    features = np.array([[3.0, 3], [0, 7]], np.float32)
    logits = np.array([[[1.0, 4], [6, 0]], [[9, 9], [11, 0]]], np.float32)
    raw = raw_distances(fitted(), pooled, features, logits)
    np.testing.assert_allclose(raw[:, :3], [[5 / 2, 1 - np.sqrt(0.5), -5], [0, 0, -10]], atol=1e-6)


def test_the_learnt_distance_reads_features_first_and_then_every_members_channel_means():
    pooled = np.arange(6, dtype=np.float32).reshape(1, 2, 3) + 10
    features, logits = np.array([[-3.0, 4]], np.float32), np.zeros((1, 2, 2), np.float32)
    assert raw_distances(fitted(), pooled, features, logits)[0, 3] == 0 + 2 * (4 - 1)
    np.testing.assert_array_equal(
        describe_whole(pooled, features), [[-3, 4, 10, 11, 12, 13, 14, 15]]
    )


@pytest.mark.parametrize(
    "far", [[6.0, 0.0, -10.0, 1.0], [0.0, 1.5, -10.0, 1.0], [0.0, 0.0, 2.0, 1.0]]
)
def test_a_distance_three_times_as_far_as_usual_makes_an_image_atypical_alone(far):
    raw = np.array([far, [0.0, 0.0, -10.0, 1.0], [2.0, 0.5, -6.0, 1.0]])
    values = combine(raw, fitted().middle, fitted().far)
    np.testing.assert_allclose(values, [1, 0, 1])


def test_the_learnt_distance_alone_makes_an_image_atypical_and_never_calms():
    raw = np.array([[0.0, 0.0, -10.0, 9.0], [2.0, 0.5, -6.0, -99.0]])
    np.testing.assert_allclose(combine(raw, fitted().middle, fitted().far), [2, 1])


def test_which_class_has_the_large_logit_and_how_near_the_next_one_is_changes_nothing():
    pooled, features = np.zeros((1, 2, 3), np.float32), np.ones((1, 2), np.float32)
    sure, torn = ([[[9.0, low], [low, 9.0]]] for low in (-9.0, 8.9))
    sure, torn = (atypicality(fitted(), pooled, features, np.array(z)) for z in (sure, torn))
    np.testing.assert_array_equal(sure, torn)


def test_an_image_alone_has_the_atypicality_it_has_among_many():
    rng = np.random.default_rng(0)
    pooled = rng.normal(size=(1_100, 2, 3)).astype(np.float32)
    features = rng.normal(size=(1_100, 2)).astype(np.float32)
    logits = rng.normal(size=(1_100, 2, 2)).astype(np.float32)
    together = atypicality(fitted(), pooled, features, logits)
    one = slice(1_050, 1_051)
    alone = atypicality(fitted(), pooled[one], features[one], logits[one])
    np.testing.assert_allclose(together[1_050], alone[0], rtol=1e-5)


def test_rows_get_length_one_and_one_of_zeros_stays_as_it_is():
    rows = unit_rows(np.array([[0, 0, 0], [0, 3, 4], [-2, 0, 0]], np.float32))
    np.testing.assert_allclose(rows, [[0, 0, 0], [0, 3 / 5, 4 / 5], [-1, 0, 0]], rtol=1e-6)


def test_what_was_fitted_comes_back_from_its_file(tmp_path):
    path = tmp_path / "atypicality.npz"
    save_atypicality(fitted(), path)
    again = load_atypicality(path)
    np.testing.assert_array_equal(again.centres, fitted().centres)
    np.testing.assert_array_equal(again.hidden, fitted().hidden)
    np.testing.assert_array_equal(again.neighbours, fitted().neighbours)
    assert again.neighbours.dtype == np.float32
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"not an archive"])
def test_a_broken_file_is_refused_by_name(tmp_path, content):
    path = tmp_path / "atypicality.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"atypicality\.npz"):
        load_atypicality(path)


def test_a_missing_file_is_reported_as_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_atypicality(tmp_path / "atypicality.npz")
