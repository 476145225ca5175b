import numpy as np
import pytest

from core.networks.corruptions import FAMILIES, UNTRAINED, corrupt, evaluate_corruptions
from examples.mnist_data import load_test

IMAGES, LABELS = (array[:60] for array in load_test())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_gives_images_of_the_same_kind_and_changes_nearly_all_of_them(family):
    damaged = corrupt(IMAGES, family)
    assert damaged.shape == IMAGES.shape and damaged.dtype == np.uint8
    assert np.mean([(a != b).any() for a, b in zip(damaged, IMAGES, strict=True)]) > 0.9


@pytest.mark.parametrize("family", FAMILIES)
def test_equal_seeds_give_equal_images_and_the_original_stays_as_it_was(family):
    before = IMAGES.copy()
    np.testing.assert_array_equal(corrupt(IMAGES, family, 3), corrupt(IMAGES, family, 3))
    np.testing.assert_array_equal(IMAGES, before)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_single_image_and_other_sizes_are_damaged_too(family):
    image = np.zeros((1, 32, 40), np.uint8)
    image[0, 10:22, 15:25] = 255
    assert corrupt(image, family).shape == (1, 32, 40)


def test_fifteen_families_of_which_at_least_four_were_never_trained_on():
    assert len(FAMILIES) == 15
    assert len(UNTRAINED) >= 4
    assert all(FAMILIES[name].counterpart is None for name in UNTRAINED)


def test_brightness_adds_half_of_full_ink():
    paper = np.zeros((1, 28, 28), np.uint8)
    assert (corrupt(paper, "brightness") == round(255 / 2)).all()


def test_stripe_inverts_the_outer_quarters_and_nothing_else():
    damaged = corrupt(IMAGES, "stripe")
    np.testing.assert_array_equal(damaged[:, :, :7], 255 - IMAGES[:, :, :7])
    np.testing.assert_array_equal(damaged[:, :, 7:21], IMAGES[:, :, 7:21])


def test_translate_moves_by_three_pixels_each_way():
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 14, 14] = 255
    row, column = np.argwhere(corrupt(image, "translate")[0] == 255)[0]
    assert {abs(row - 14), abs(column - 14)} == {3}


def test_impulse_noise_strikes_seventeen_percent_within_four_standard_errors():
    grey = np.full((50, 28, 28), 128, np.uint8)
    share = np.mean(corrupt(grey, "impulse_noise") != 128)
    assert abs(share - 0.17) < 4 * np.sqrt(0.17 * 0.83 / grey.size)


def test_shot_noise_keeps_the_mean_ink_of_a_faint_page():
    faint = np.full((50, 28, 28), 51, np.uint8)
    mean = corrupt(faint, "shot_noise").mean() / 255
    # Counts over 3 are cut at full ink, so a little is lost: P(more than 3 of 0.6) < 0.004.
    assert abs(mean - 0.2) < 0.004 / 3 + 4 * np.sqrt(0.2 / 3 / faint.size)


def test_scale_leaves_seven_tenths_of_a_square():
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 4:24, 4:24] = 255
    assert corrupt(image, "scale").sum() / image.sum() == pytest.approx(0.7**2, rel=0.01)


def test_glass_blur_moves_ink_about_but_makes_none():
    assert corrupt(IMAGES, "glass_blur").sum() <= 1.01 * IMAGES.sum()


def test_an_unknown_family_is_refused_by_name():
    with pytest.raises(ValueError, match=r"family must be one of .*'snow'"):
        corrupt(IMAGES, "snow")


def test_a_classifier_that_knows_nothing_has_its_error_and_no_calibration_error():
    half = np.array([0, 1] * 30)
    results = evaluate_corruptions(lambda x: np.tile([0.5, 0.5], (len(x), 1)), IMAGES, half)
    assert set(results) == set(FAMILIES)
    assert all(row == {"error": 0.5, "confidence": 0.5, "ece": 0.0} for row in results.values())
