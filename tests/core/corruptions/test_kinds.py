"""Every kind: the same shape and type, nothing at severity 0, more with more; its own values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import affine_transform, gaussian_filter

from core.corruptions.kind import SEVERITIES
from core.corruptions.kinds import BENCHMARK, KINDS, UNTRAINED, corrupt, corrupt_by
from examples.mnist_data import load_test

IMAGES = load_test()[0][:60]
NOISES = ("gaussian_noise", "shot_noise")
SIZES = ((1, 29, 29), (2, 33, 47), (2, 20, 21, 3), (1, 300, 280))


def published(images, kind, seed=0):
    """With MNIST-C's own strength."""
    return corrupt(images, kind, KINDS[kind].published, seed)


def shapes(*size):
    """A bright and a half-bright rectangle on black."""
    images = np.zeros(size, np.uint8)
    height, width = size[1:3]
    images[:, height // 4 : height // 2, width // 3 : 2 * width // 3] = 255
    images[:, height // 2 : 3 * height // 4, width // 3 : width // 2] = 128
    return images


@pytest.mark.parametrize("kind", KINDS)
def test_severity_0_and_the_neutral_amount_change_nothing(kind):
    np.testing.assert_array_equal(corrupt(IMAGES, kind, 0), IMAGES)
    np.testing.assert_array_equal(corrupt_by(IMAGES, kind, KINDS[kind].neutral), IMAGES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_keeps_shape_and_type_repeats_by_seed_and_leaves_the_original_alone(kind):
    before = IMAGES.copy()
    once = corrupt(IMAGES, kind, 3, seed=3)
    assert once.shape == IMAGES.shape and once.dtype == np.uint8
    np.testing.assert_array_equal(once, corrupt(IMAGES, kind, 3, seed=3))
    np.testing.assert_array_equal(IMAGES, before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_goes_further_with_every_severity(kind):
    apart = [
        np.mean((corrupt(IMAGES, kind, severity).astype(float) - IMAGES) ** 2)
        for severity in (0, *SEVERITIES)
    ]
    assert (np.diff(apart) > 0).all()


def is_quick(kind, size):
    """Glass blur swaps pixel by pixel: a minute for what smaller sizes show."""
    return kind != "glass_blur" or max(size[1:3]) <= 100


@pytest.mark.parametrize(
    ("kind", "size"), [(kind, size) for kind in KINDS for size in SIZES if is_quick(kind, size)],
    ids=str,
)  # fmt: skip
def test_any_size_grey_or_colour_is_damaged_at_every_severity(kind, size):
    images = shapes(*size)
    for severity in (1, 5):
        damaged = corrupt(images, kind, severity)
        assert damaged.shape == images.shape and damaged.dtype == np.uint8
    assert (damaged != images).any()


@pytest.mark.parametrize("kind", NOISES)
def test_noise_is_each_channels_own(kind):
    colour = corrupt(np.repeat(IMAGES[:5, ..., None], 3, axis=3), kind, 4, seed=2)
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert (colour[..., one] != colour[..., other]).any()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in NOISES])
def test_grey_in_three_equal_channels_is_damaged_as_grey_in_one(kind):
    colour = np.repeat(IMAGES[:5, ..., None], 3, axis=3)
    grey = corrupt(IMAGES[:5], kind, 4, seed=2)
    for channel in range(3):
        assert np.abs(corrupt(colour, kind, 4, seed=2)[..., channel].astype(int) - grey).max() <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_steps_of_a_curve_share_their_chance_and_meet_the_image_at_the_neutral_amount(kind):
    known, images = KINDS[kind], IMAGES[:1].repeat(61, axis=0)
    grid = known.axis.grid(61)
    assert known.neutral in grid and len(grid) == 61
    steps = corrupt_by(images, kind, grid, shared=True)
    np.testing.assert_array_equal(steps[list(grid).index(known.neutral)], IMAGES[0])
    again = corrupt_by(images[:1], kind, grid[-1:], shared=True)[0]
    if kind != "shot_noise":  # whose counts are drawn anew at each step
        np.testing.assert_array_equal(steps[-1], again)


def test_mnist_cs_fifteen_of_which_at_least_four_were_never_trained_on():
    assert len(BENCHMARK) == 15
    assert len(UNTRAINED) >= 4
    assert all(KINDS[name].counterpart is None for name in UNTRAINED)


@pytest.mark.parametrize("kind", ["rotate"])
def test_a_whole_turn_returns_and_two_halves_make_one(kind):
    np.testing.assert_array_equal(corrupt_by(IMAGES, kind, 360.0), IMAGES)
    np.testing.assert_array_equal(corrupt_by(IMAGES, kind, 180.0), IMAGES[:, ::-1, ::-1])


def test_a_quarter_turn_is_counter_clockwise():
    np.testing.assert_array_equal(corrupt_by(IMAGES, "rotate", 90.0), np.rot90(IMAGES, 1, (1, 2)))


@settings(deadline=None, max_examples=30)
@given(st.integers(-13, 13))
def test_a_shift_by_whole_pixels_is_a_shift_of_the_array(pixels):
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 14, 14] = 200
    right = corrupt_by(image, "shift_right", pixels / 28)
    down = corrupt_by(image, "shift_down", pixels / 28)
    assert np.argwhere(right[0] == 200).tolist() == [[14, 14 + pixels]]
    assert np.argwhere(down[0] == 200).tolist() == [[14 + pixels, 14]]


@settings(deadline=None, max_examples=30)
@given(st.floats(0, 1))
def test_contrast_scales_every_distance_from_the_mean(amount):
    image = np.zeros((1, 10, 10), np.uint8)
    image[0, :5] = 200  # the mean is 100
    found = corrupt_by(image, "contrast", amount).astype(float)
    assert np.abs(found - (100 + amount * (image.astype(float) - 100))).max() <= 0.5 + 1e-3


@pytest.mark.parametrize("side", [0.25, 0.5])
def test_occlusion_covers_a_square_of_its_side_with_the_median_and_nothing_else(side):
    image = np.full((1, 28, 28), 50, np.uint8)
    image[0, :, ::3] = 250  # the median stays 50
    covered = corrupt_by(image, "occlusion", side, shared=True)[0]
    first, last = int(14 - 14 * side), int(14 + 14 * side)
    assert (covered[first:last, first:last] == 50).all()
    outside = np.ones((28, 28), bool)
    outside[first:last, first:last] = False
    np.testing.assert_array_equal(covered[outside], image[0][outside])


def test_noise_has_the_standard_deviation_it_says_within_four_standard_errors():
    grey = np.full((60, 28, 28), 128, np.uint8)
    spread = np.std(corrupt_by(grey, "gaussian_noise", 0.1).astype(float) / 255 - 128 / 255)
    assert abs(spread - 0.1) < 4 * 0.1 / np.sqrt(2 * grey.size) + 1 / 255


def test_blur_is_scipys():
    found = corrupt_by(IMAGES[:3], "gaussian_blur", 2 / 28).astype(float)
    expected = [gaussian_filter(i.astype(float), 2, mode="nearest", truncate=4) for i in IMAGES[:3]]
    assert np.abs(found - expected).max() <= 0.5 + 1e-3


def test_pixels_become_blocks_at_their_mean():
    found = corrupt_by(IMAGES[:3], "pixelate", 4 / 28).astype(float)
    blocks = IMAGES[:3].reshape(3, 7, 4, 7, 4).mean((2, 4))
    assert np.abs(found - blocks.repeat(4, 1).repeat(4, 2)).max() <= 0.5 + 1e-3


def test_a_stroke_grows_and_shrinks_by_its_pixels_at_each_edge():
    image = square()
    thick = corrupt_by(image, "stroke", 2 / 28)[0] == 255
    assert (np.ptp(np.argwhere(thick), axis=0) == 8 + 4 - 1).all()
    thin = corrupt_by(image, "stroke", -2 / 28)[0] == 255
    np.testing.assert_array_equal(thin, square(12, 16)[0] == 255)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(sorted(KINDS)), st.integers(2, 40), st.integers(2, 40), st.integers(0, 9))
def test_no_size_of_at_least_two_pixels_and_no_seed_breaks_a_kind(kind, height, width, seed):
    image = np.random.default_rng(seed).integers(256, size=(1, height, width), dtype=np.uint8)
    assert corrupt(image, kind, 1 + seed % 5, seed).shape == image.shape


def test_an_unknown_kind_or_severity_and_an_amount_of_no_number_are_refused():
    with pytest.raises(ValueError, match=r"kind must be one of .*'snow'"):
        corrupt(IMAGES, "snow", 1)
    with pytest.raises(ValueError, match="severity must be 0 to 5, got 6"):
        corrupt(IMAGES, "rotate", 6)
    with pytest.raises(ValueError, match="finite"):
        corrupt_by(IMAGES, "rotate", np.nan)


def test_brightness_adds_half_of_full_ink():
    paper = np.zeros((1, 28, 28), np.uint8)
    assert (published(paper, "brightness") == round(255 / 2)).all()


def test_stripe_inverts_the_outer_quarters_and_nothing_else():
    damaged = published(IMAGES, "stripe")
    np.testing.assert_array_equal(damaged[:, :, :7], 255 - IMAGES[:, :, :7])
    np.testing.assert_array_equal(damaged[:, :, 7:21], IMAGES[:, :, 7:21])


def test_translate_moves_by_three_pixels_each_way():
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 14, 14] = 255
    row, column = np.argwhere(published(image, "translate")[0] == 255)[0]
    assert {abs(row - 14), abs(column - 14)} == {3}


def test_impulse_noise_strikes_seventeen_percent_within_four_standard_errors():
    grey = np.full((50, 28, 28), 128, np.uint8)
    share = np.mean(published(grey, "impulse_noise") != 128)
    assert abs(share - 0.17) < 4 * np.sqrt(0.17 * 0.83 / grey.size)


def test_shot_noise_keeps_the_mean_ink_of_a_faint_page():
    faint = np.full((50, 28, 28), 51, np.uint8)
    mean = published(faint, "shot_noise").mean() / 255
    # Counts over 3 are cut at full ink, so a little is lost: P(more than 3 of 0.6) < 0.004.
    assert abs(mean - 0.2) < 0.004 / 3 + 4 * np.sqrt(0.2 / 3 / faint.size)


def test_scale_leaves_seven_tenths_of_a_square():
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 4:24, 4:24] = 255
    assert published(image, "scale").sum() / image.sum() == pytest.approx(0.7**2, rel=0.01)


def square(low=10, high=18):
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, low:high, low:high] = 255
    return image


def test_glass_blur_moves_ink_about_but_neither_makes_nor_loses_any():
    plain = 255.0 * (square()[0] > 0)
    for _ in range(2):
        plain = gaussian_filter(plain, 0.7, mode="nearest", truncate=4)
    damaged = published(square(), "glass_blur").astype(float)
    assert abs(damaged.sum() - plain.sum()) <= 0.5 * (damaged > 0).sum() + 0.5 * 28
    assert np.abs(damaged - plain).max() > 25  # pixels changed places, too


def test_motion_blur_smears_a_point_backwards_within_45_degrees_and_keeps_its_ink():
    points = np.zeros((200, 28, 28), np.uint8)
    points[:, 14, 20] = 255
    weights = np.exp(-(np.arange(11) ** 2) / 18)
    weights /= weights.sum()
    damaged = published(points, "motion_blur").astype(float)
    assert np.abs(damaged.sum((1, 2)) - 255).max() <= 0.5 * len(weights)
    assert (damaged[:, 14, 20] == np.rint(255 * weights[0])).all()
    _, rows, columns = np.nonzero(damaged)
    assert ((20 - columns >= 0) & (20 - columns <= 10)).all()
    assert (np.abs(rows - 14) <= 20 - columns + 1).all()  # both are rounded
    assert {rows.min() < 9, rows.max() > 19} == {True}


def test_motion_blur_leaves_an_even_image_even():
    grey = np.full((5, 28, 28), 100, np.uint8)
    np.testing.assert_array_equal(published(grey, "motion_blur"), grey)


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
    apart = np.abs(published(images, family) - np.array(expected)).max((2, 3))  # (2, N)
    assert (apart.min(0) <= 0.6).all()  # rounding to whole numbers
    assert set(apart.argmin(0)) == {0, 1}


def test_fog_leaves_a_quarter_of_the_ink_under_what_no_pixel_exceeds_three_quarters_by():
    thin = np.zeros((3, 28, 28), np.uint8)
    thin[:, 0, 0] = 255
    thick = thin.copy()
    thick[:, 10:18, 10:18] = 200
    fog, under = (published(images, "fog", seed=4).astype(float) for images in (thin, thick))
    assert np.abs(under - fog - np.where(thick == 200, 200 / 4, 0)).max() <= 1
    paper = fog[thin == 0]
    assert paper.min() >= 0 and paper.max() <= np.rint(255 * 3 / 4)
    assert paper.std() > 5
    assert (published(np.zeros((2, 28, 28), np.uint8), "fog") == 0).all()


def test_spatter_covers_an_eighth_and_mud_is_a_quarter_as_dark_as_ink():
    paper = published(np.zeros((40, 28, 28), np.uint8), "spatter", seed=1).astype(float)
    ink = published(np.full((40, 28, 28), 255, np.uint8), "spatter", seed=1).astype(float)
    covered = paper > 0
    assert 0.11 < covered.mean() < 0.15
    assert paper[covered].min() >= np.floor(0.8 * 63) and paper.max() == 63
    # What lies under mud of strength m has 255 (1 - m) + 63 m left, and paper 63 m.
    assert np.abs(ink - (255 - (255 - 63) * paper / 63)).max() <= 0.5 + 0.5 * (255 - 63) / 63


def test_a_dotted_line_is_straight_and_is_on_for_two_columns_and_off_for_two():
    damaged = published(np.zeros((30, 28, 28), np.uint8), "dotted_line").astype(float)
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
    damaged = published(np.zeros((300, 28, 28), np.uint8), "zigzag").astype(float)
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
    damaged = published(square(), "canny_edges")[0]
    assert set(np.unique(damaged)) == {0, 255}
    rows, columns = np.nonzero(damaged)
    from_border = np.abs(np.maximum(np.abs(rows - 13.5), np.abs(columns - 13.5)) - 4)
    assert from_border.max() <= 1.5
    assert all(np.count_nonzero(damaged[row]) == 2 for row in range(12, 16))
    assert all(np.count_nonzero(damaged[:, column]) == 2 for column in range(12, 16))
    assert 24 <= len(rows) <= 40
    assert (published(np.zeros((1, 28, 28), np.uint8), "canny_edges") == 0).all()
