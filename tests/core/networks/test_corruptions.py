import numpy as np
import pytest
from scipy.ndimage import affine_transform, gaussian_filter

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


def square(low=10, high=18):
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, low:high, low:high] = 255
    return image


def test_glass_blur_moves_ink_about_but_neither_makes_nor_loses_any():
    plain = 255.0 * (square()[0] > 0)
    for _ in range(2):
        plain = gaussian_filter(plain, 0.7, mode="nearest", truncate=4)
    damaged = corrupt(square(), "glass_blur").astype(float)
    assert abs(damaged.sum() - plain.sum()) <= 0.5 * (damaged > 0).sum() + 0.5 * 28
    assert np.abs(damaged - plain).max() > 25  # pixels changed places, too


def test_motion_blur_smears_a_point_backwards_within_45_degrees_and_keeps_its_ink():
    points = np.zeros((200, 28, 28), np.uint8)
    points[:, 14, 20] = 255
    weights = np.exp(-(np.arange(11) ** 2) / 18)
    weights /= weights.sum()
    damaged = corrupt(points, "motion_blur").astype(float)
    assert np.abs(damaged.sum((1, 2)) - 255).max() <= 0.5 * len(weights)
    assert (damaged[:, 14, 20] == np.rint(255 * weights[0])).all()
    _, rows, columns = np.nonzero(damaged)
    assert ((20 - columns >= 0) & (20 - columns <= 10)).all()
    assert (np.abs(rows - 14) <= 20 - columns + 1).all()  # both are rounded
    assert {rows.min() < 9, rows.max() > 19} == {True}


def test_motion_blur_leaves_an_even_image_even():
    grey = np.full((5, 28, 28), 100, np.uint8)
    np.testing.assert_array_equal(corrupt(grey, "motion_blur"), grey)


@pytest.mark.parametrize("family", ["rotate", "shear"])
def test_turning_and_leaning_are_scipys_by_0_4_to_either_side(family):
    images = 255 * (IMAGES > 127).astype(np.uint8)
    images[:, [0, -1]] = images[:, :, [0, -1]] = 0  # beyond its edge SciPy fades no ink out
    expected, middle = [], np.array([13.5, 13.5])
    for angle in (-0.4, 0.4):
        cos, sin = np.cos(angle), np.sin(angle)
        # In rows and columns, from where an output pixel lies to where its value is taken.
        matrix = np.array(
            [[cos, sin], [-sin, cos]] if family == "rotate" else [[cos, 0], [-sin, 1]]
        )
        offset = middle - matrix @ middle
        expected.append(
            [affine_transform(image.astype(float), matrix, offset, order=1) for image in images]
        )
    apart = np.abs(corrupt(images, family) - np.array(expected)).max((2, 3))  # (2, N)
    assert (apart.min(0) <= 0.6).all()  # rounding to whole numbers
    assert set(apart.argmin(0)) == {0, 1}


def test_fog_leaves_a_quarter_of_the_ink_under_what_no_pixel_exceeds_three_quarters_by():
    thin = np.zeros((3, 28, 28), np.uint8)
    thin[:, 0, 0] = 255
    thick = thin.copy()
    thick[:, 10:18, 10:18] = 200
    fog, under = (corrupt(images, "fog", seed=4).astype(float) for images in (thin, thick))
    assert np.abs(under - fog - np.where(thick == 200, 200 / 4, 0)).max() <= 1
    paper = fog[thin == 0]
    assert paper.min() >= 0 and paper.max() <= np.rint(255 * 3 / 4)
    assert paper.std() > 5
    assert (corrupt(np.zeros((2, 28, 28), np.uint8), "fog") == 0).all()


def test_spatter_covers_an_eighth_and_mud_is_a_quarter_as_dark_as_ink():
    paper = corrupt(np.zeros((40, 28, 28), np.uint8), "spatter", seed=1).astype(float)
    ink = corrupt(np.full((40, 28, 28), 255, np.uint8), "spatter", seed=1).astype(float)
    covered = paper > 0
    assert 0.11 < covered.mean() < 0.15
    assert paper[covered].min() >= np.floor(0.8 * 63) and paper.max() == 63
    # What lies under mud of strength m has 255 (1 - m) + 63 m left, and paper 63 m.
    assert np.abs(ink - (255 - (255 - 63) * paper / 63)).max() <= 0.5 + 0.5 * (255 - 63) / 63


def test_a_dotted_line_is_straight_and_is_on_for_two_columns_and_off_for_two():
    damaged = corrupt(np.zeros((30, 28, 28), np.uint8), "dotted_line").astype(float)
    on = np.arange(28) // 2 % 2 == 1
    on[-1] = False  # the line ends at the last column's edge
    assert (damaged[:, :, ~on] == 0).all()
    # At most half a pixel off, a stroke still has 1 + ln(1 - 0.5 / 2.3) of full ink.
    assert damaged[:, :, on].max(1).min() >= np.floor(255 * (1 + np.log(1 - 0.5 / 2.3)))
    columns, rows = np.flatnonzero(on), damaged[:, :, on].argmax(1)
    straight = rows[:, :1] + (rows[:, -1:] - rows[:, :1]) * (
        (columns - columns[0]) / (columns[-1] - columns[0])
    )
    assert np.abs(rows - straight).max() <= 1


def test_a_zigzag_goes_from_side_to_side_and_two_pixels_up_and_down():
    damaged = corrupt(np.zeros((300, 28, 28), np.uint8), "zigzag").astype(float)
    rows = damaged.argmax(1)[:, 4:24]
    whole = (damaged[:, 0].max(1) == 0) & (damaged[:, -1].max(1) == 0)
    assert whole.sum() > 50
    columns = np.arange(rows.shape[1])
    for line in rows[whole]:
        bent = line - np.polyval(np.polyfit(columns, line, 1), columns)
        assert 3 <= np.ptp(bent) <= 6
        assert np.count_nonzero(np.diff(np.sign(bent)[np.sign(bent) != 0])) >= 4
    assert (damaged[whole][:, :, 4:24].max(1) >= 150).all()


def test_canny_draws_the_outline_of_a_square_and_nothing_else():
    damaged = corrupt(square(), "canny_edges")[0]
    assert set(np.unique(damaged)) == {0, 255}
    rows, columns = np.nonzero(damaged)
    from_border = np.abs(np.maximum(np.abs(rows - 13.5), np.abs(columns - 13.5)) - 4)
    assert from_border.max() <= 1.5
    assert all(np.count_nonzero(damaged[row]) == 2 for row in range(12, 16))
    assert all(np.count_nonzero(damaged[:, column]) == 2 for column in range(12, 16))
    assert 24 <= len(rows) <= 40
    assert (corrupt(np.zeros((1, 28, 28), np.uint8), "canny_edges") == 0).all()


def test_an_unknown_family_is_refused_by_name():
    with pytest.raises(ValueError, match=r"family must be one of .*'snow'"):
        corrupt(IMAGES, "snow")


def test_a_classifier_that_knows_nothing_has_its_error_and_no_calibration_error():
    half = np.array([0, 1] * 30)
    results = evaluate_corruptions(lambda x: np.tile([0.5, 0.5], (len(x), 1)), IMAGES, half)
    assert set(results) == set(FAMILIES)
    assert all(row == {"error": 0.5, "confidence": 0.5, "ece": 0.0} for row in results.values())
