import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corruptions.morphing import crossfade, transport
from examples.mnist_data import load_test

IMAGES = load_test()[0][:20]
SHARES = np.linspace(0, 1, 11)


def dot(row, column, shape=(12, 15)):
    image = np.zeros(shape, np.uint8)
    image[row, column] = 255
    return image


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 19), st.integers(0, 19))
def test_both_ways_begin_at_one_image_and_end_at_the_other(first, second):
    for way in (transport, crossfade):
        found = way(IMAGES[first], IMAGES[second], np.array([0.0, 0.5, 1.0]))
        assert found.shape == (3, 28, 28) and found.dtype == np.uint8
        np.testing.assert_array_equal(found[0], IMAGES[first])
        np.testing.assert_array_equal(found[2], IMAGES[second])


def test_half_way_a_cross_fade_is_the_mean_and_of_colours_too():
    found = crossfade(IMAGES[0], IMAGES[1], np.array([0.5]))[0].astype(float)
    mean = (IMAGES[0].astype(float) + IMAGES[1]) / 2
    assert np.abs(found - mean).max() <= 0.5
    colour = np.stack([IMAGES[0]] * 3, -1)
    assert crossfade(colour, colour, SHARES).shape == (11, 28, 28, 3)


def test_half_way_a_dot_has_moved_half_way():
    found = transport(dot(2, 3), dot(8, 11), np.array([0.5]))[0].astype(float)
    rows, columns = np.indices(found.shape)
    middle = (rows * found).sum() / found.sum(), (columns * found).sum() / found.sum()
    assert middle == pytest.approx((5, 7), abs=0.05)
    assert np.unravel_index(found.argmax(), found.shape) == (5, 7)


def test_two_dots_go_the_cheapest_ways_and_do_not_cross():
    first = dot(2, 3) + dot(9, 3)
    second = dot(2, 11) + dot(9, 11)
    found = transport(first, second, np.array([0.5]))[0]
    assert found[2, 7] > 100 and found[9, 7] > 100
    assert found[5:7].max() == 0


def test_the_ink_on_the_way_lies_between_both():
    first, second = IMAGES[0].astype(float).sum(), IMAGES[11].astype(float).sum()
    found = transport(IMAGES[0], IMAGES[11], SHARES).astype(float).sum((1, 2))
    np.testing.assert_allclose(found, (1 - SHARES) * first + SHARES * second, rtol=0.02)


def test_without_ink_it_fades():
    blank = np.zeros((28, 28), np.uint8)
    found = transport(blank, IMAGES[0], SHARES)
    np.testing.assert_array_equal(found, crossfade(blank, IMAGES[0], SHARES))


def test_large_images_are_moved_by_some_of_their_ink():
    first, second = (np.kron(image, np.ones((4, 4), np.uint8)) for image in IMAGES[:2])
    found = transport(first, second, np.array([0.0, 0.5, 1.0]))
    np.testing.assert_array_equal(found[0], first)
    assert found[1].any()


def test_two_sizes_and_colours_are_refused():
    with pytest.raises(ValueError, match="two grey images of one size"):
        transport(dot(1, 1), dot(1, 1, (5, 5)), SHARES)
    with pytest.raises(ValueError, match="two grey images of one size"):
        transport(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4, 3), np.uint8), SHARES)
