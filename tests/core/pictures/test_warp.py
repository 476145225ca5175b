import cv2
import numpy as np

from core.pictures.warp import affine, sample

IMAGES = np.random.default_rng(0).integers(256, size=(1_203, 9, 7)).astype(np.uint8)
ROWS, COLUMNS = np.arange(9)[:, None], np.arange(7)[None]


def test_reading_at_whole_pixels_gives_the_images_back_over_several_chunks():
    np.testing.assert_array_equal(sample(IMAGES, COLUMNS, ROWS), IMAGES)


def test_half_way_between_two_pixels_is_their_mean():
    expected = (IMAGES[:, :, :-1].astype(float) + IMAGES[:, :, 1:]) / 2
    np.testing.assert_allclose(sample(IMAGES, COLUMNS + 0.5, ROWS)[:, :, :-1], expected)


def test_outside_an_image_is_paper_and_not_the_next_image():
    assert (sample(IMAGES, COLUMNS, ROWS + 9) == 0).all()
    assert (sample(IMAGES, COLUMNS, ROWS - 9) == 0).all()
    assert (sample(IMAGES, COLUMNS + 7, ROWS) == 0).all()


def test_affine_agrees_with_opencv_on_one_image():
    square = IMAGES[:1, :7]
    cos, sin = np.cos(0.3), np.sin(0.3)
    matrix, shift = np.array([[cos, -sin], [sin, cos]]), np.array([0.4, -0.7])
    offset = shift + 3 - matrix @ [3, 3]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    oracle = cv2.warpAffine(
        square[0].astype(np.float32), np.c_[matrix, offset], (7, 7), flags=flags
    )
    ours = affine(square, matrix[None], shift[None])[0]
    np.testing.assert_allclose(ours, oracle, atol=255 / 16)  # places are rounded to 1/32 pixel


def test_no_image_gives_no_image():
    assert sample(IMAGES[:0], COLUMNS, ROWS).shape == (0, 9, 7)
