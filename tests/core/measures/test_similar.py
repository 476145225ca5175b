import numpy as np

from core.measures.similar import most_similar, most_similar_to_row


def test_the_nearest_by_angle_come_first_and_length_does_not_matter():
    features = np.array([[1, 0], [0, 1], [5, 5], [0.9, 0.1]], np.float32)
    assert most_similar(features, np.array([3.0, 0.0]), 3).tolist() == [0, 3, 2]


def test_a_row_is_not_its_own_neighbour():
    features = np.random.default_rng(0).normal(size=(50, 8))
    nearest = most_similar_to_row(features, 7, 6)
    assert 7 not in nearest
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    expected = np.argsort(-(unit @ unit[7]))[1:7]
    assert nearest.tolist() == expected.tolist()


def test_fewer_rows_than_asked_for_give_all_of_them():
    assert len(most_similar_to_row(np.eye(3), 0, 6)) == 2
