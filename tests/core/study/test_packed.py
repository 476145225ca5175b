import numpy as np
import pytest

from core.study.packed import PackedImages


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (37, 5, 7), dtype=np.uint8)


def test_images_come_back_as_they_were_one_or_several_in_any_order(images):
    packed = PackedImages(lambda: [images])
    assert len(packed) == 37
    assert packed.shape == images.shape
    for row in (0, 15, np.int64(16), 36):
        assert np.array_equal(packed[row], images[row])
    for rows in ([], [36, 0, 0], np.array([16, 15]), list(range(37))):
        assert np.array_equal(packed[rows], images[np.array(rows, int)])
        assert packed[rows].dtype == np.uint8


def test_digits_take_less_than_a_third_of_their_memory():
    from examples.mnist_data import load_test

    images, _ = load_test()
    packed = PackedImages(lambda: [images])
    assert sum(map(len, packed._content()[0])) < images.nbytes / 3
    assert np.array_equal(packed[np.arange(100)], images[:100])


def test_parts_are_joined_and_one_that_would_leave_a_gap_is_refused(images):
    packed = PackedImages(lambda: iter([images[:32], images[32:]]))
    assert packed.shape == images.shape
    assert np.array_equal(packed[list(range(37))], images)
    with pytest.raises(ValueError, match="multiple of 16"):
        len(PackedImages(lambda: [images[:5], images[5:]]))
    with pytest.raises(ValueError, match="no part"):
        len(PackedImages(lambda: []))


@pytest.mark.parametrize("row", [-1, 37])
def test_a_row_that_is_not_there_is_named(images, row):
    with pytest.raises(IndexError, match=str(row)):
        PackedImages(lambda: [images])[[row]]
