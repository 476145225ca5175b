import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from sklearn.datasets import load_digits

from core.pictures.ink import find_ink
from core.pictures.segments import find_digits
from examples.mnist_artifacts import load_artifacts
from tests.core import made_pictures as made
from tests.core.drawn_ink import drawn_ink

SHAPE = (28, 28)


@pytest.fixture(scope="module")
def digits():
    return made.held_out_digits()


def prepared(picture: np.ndarray, several: bool = True) -> np.ndarray:
    found = find_digits(find_ink(picture), SHAPE, several)
    return found[0].image if found else np.zeros(SHAPE, np.uint8)


def share_right(images: list[np.ndarray], labels: np.ndarray) -> float:
    classifier = load_artifacts("ensemble")
    logits = classifier.network.predict_logits(np.stack(images))
    return float((logits.mean(0).argmax(1) == labels).mean())


def made_set(digits, count, make):
    rng = np.random.default_rng(0)
    rows = rng.permutation(len(digits[0]))[:count]
    return [make(digits[0][row], rng) for row in rows], digits[1][rows]


PHOTOGRAPHS = {
    "pen on white": {"tool": "pen"},
    "pencil on white": {"tool": "pencil"},
    "marker on yellow": {"tool": "marker", "colour": "yellow"},
    "pencil on pink": {"tool": "pencil", "colour": "pink"},
    "red pen on squared paper": {"tool": "red pen", "lines": "squared"},
    "pencil on squared paper": {"tool": "pencil", "lines": "squared"},
    "pen on large thick squares": {"tool": "pen", "lines": "squared", "pitch": 0.22},
    "pencil on small squares": {"tool": "pencil", "lines": "squared", "pitch": 0.035},
    "pencil under a shadow": {"tool": "pencil", "shadow": True},
    "pen on ruled paper": {"tool": "pen", "lines": "ruled"},
    "pen under a shadow": {"tool": "pen", "shadow": True},
    "chalk on a green board": {"tool": "chalk", "colour": "green"},
    "chalk on a black board": {"tool": "chalk", "colour": "black", "noise": 6},
}


@pytest.mark.parametrize("kind", PHOTOGRAPHS)
def test_nearly_every_photographed_digit_is_read_right(digits, kind):
    photographs, labels = made_set(
        digits,
        12,
        lambda image, rng: made.photograph(image, rng, size=(375, 500), **PHOTOGRAPHS[kind]),
    )
    assert share_right([prepared(picture) for picture in photographs], labels) >= 0.9


@pytest.mark.parametrize("light_on_dark", [True, False])
@pytest.mark.parametrize(("side", "least"), [(8, 0.94), (16, 0.97), (32, 0.97)])
def test_scans_filled_edge_to_edge_are_read_right_in_both_tones(digits, side, least, light_on_dark):
    scans, labels = made_set(digits, 150, lambda image, _: made.scan(image, side, light_on_dark))
    tones = [find_ink(picture).light_on_dark for picture in scans]
    assert np.mean(np.array(tones) == light_on_dark) >= 0.99
    assert share_right([prepared(picture) for picture in scans], labels) >= least


@pytest.mark.parametrize("light_on_dark", [True, False])
def test_bold_scans_cut_through_their_strokes_keep_their_ink(digits, light_on_dark):
    scans, labels = made_set(
        digits, 150, lambda image, _: made.scan(image, 16, light_on_dark, bold=2)
    )
    assert share_right([prepared(picture) for picture in scans], labels) >= 0.96


@pytest.mark.parametrize("label", [1, 4, 7])
@pytest.mark.parametrize(("side", "pen"), [(100, 0.015), (480, 0.01), (300, 0.05)])
def test_straight_thin_strokes_are_not_taken_for_printed_lines(digits, label, side, pen):
    images = digits[0][digits[1] == label][:8]
    inks = [made.glyph(image, side - 8, pen) for image in images]
    pictures = [np.repeat((255 - 255 * ink).astype(np.uint8)[..., None], 3, 2) for ink in inks]
    assert share_right([prepared(picture) for picture in pictures], np.full(8, label)) >= 7 / 8


def test_a_stroke_that_the_canvas_cuts_stays_with_its_digit():
    canvas = np.zeros((200, 200, 4), np.uint8)
    canvas[60:190, 60:70, 3] = 255
    canvas[:8, 60:150, 3] = 255
    assert find_digits(drawn_ink(canvas), SHAPE, several=False)[0].box.top == 0


def test_real_8_by_8_scans_of_other_writers_gain_from_preparation():
    scans = load_digits()
    pictures = [
        np.repeat((255 - image * 255 / 16).astype(np.uint8)[..., None], 3, axis=2)
        for image in scans.images[:600]
    ]
    assert share_right([prepared(picture) for picture in pictures], scans.target[:600]) >= 0.94


@pytest.mark.parametrize("pen", [0.015, 0.03, 0.06, 0.12])
def test_pen_strokes_of_any_width_are_read_right(digits, pen):
    def drawing(image, rng):
        canvas = np.zeros((280, 280, 4), np.uint8)
        ink = made.glyph(image, int(rng.uniform(120, 200)), pen)
        top, left = (int((280 - size) * rng.uniform(0, 1)) for size in ink.shape)
        canvas[top : top + ink.shape[0], left : left + ink.shape[1], 3] = 255 * ink
        return canvas

    drawings, labels = made_set(digits, 40, drawing)
    inks = [find_digits(drawn_ink(drawing), SHAPE, several=False) for drawing in drawings]
    assert share_right([found[0].image for found in inks], labels) >= 0.95


def test_mnist_images_stay_as_readable_as_they_are(digits):
    images, labels = digits[0][:500], digits[1][:500]
    own = share_right(list(images), labels)
    again = [prepared(np.repeat(image[..., None], 3, axis=2)) for image in images]
    assert share_right(again, labels) >= own - 0.006


def test_paper_ends_at_exactly_0_and_ink_at_255(digits):
    ink = find_ink(made.photograph(digits[0][0], np.random.default_rng(1), lines="squared"))
    assert (ink.ink == 0).mean() > 0.8
    image = find_digits(ink, SHAPE)[0].image
    assert image.max() == 255
    assert (image == 0).mean() > 0.5


def test_digits_are_framed_as_mnist_frames_them(digits):
    pictures, _ = made_set(digits, 8, made.photograph)
    row, column = np.mgrid[: SHAPE[0], : SHAPE[1]]
    for image in (prepared(picture) for picture in pictures):
        rows, columns = np.nonzero(image)
        extents = rows.max() - rows.min() + 1, columns.max() - columns.min() + 1
        assert max(extents) in (19, 20)
        weights = image / image.sum()
        assert abs((weights * row).sum() - 14) <= 1
        assert abs((weights * column).sum() - 14) <= 1


@pytest.mark.parametrize("noise", [0, 4])
@pytest.mark.parametrize("colour", list(made.PAPER))
def test_bare_paper_is_blank(colour, noise):
    rng = np.random.default_rng(0)
    ink = find_ink(made.photographed(made.sheet(rng, (300, 400), colour), rng, noise=noise))
    assert ink.is_blank
    assert find_digits(ink, SHAPE) == ()


def test_a_picture_enlarged_in_squares_is_read_at_its_own_size(digits):
    small = made.scan(digits[0][3], 16)
    large = small.repeat(20, axis=0).repeat(20, axis=1)
    one, other = find_digits(find_ink(small), SHAPE), find_digits(find_ink(large), SHAPE)
    np.testing.assert_array_equal(one[0].image, other[0].image)
    assert abs(other[0].box.right - 20 * one[0].box.right) <= 20


def test_a_drawing_is_ink_whatever_its_colour():
    drawing = np.zeros((100, 100, 4), np.uint8)
    drawing[20:80, 45:55] = (255, 255, 255, 255)
    white = find_digits(drawn_ink(drawing), SHAPE)
    drawing[20:80, 45:55] = (0, 0, 0, 255)
    black = find_digits(drawn_ink(drawing), SHAPE)
    np.testing.assert_array_equal(white[0].image, black[0].image)
    assert drawn_ink(np.zeros((9, 9, 4), np.uint8)).is_blank


def test_a_drawing_is_prepared_in_less_time_than_a_screen_is_redrawn(digits):
    canvas = np.zeros((400, 400, 4), np.uint8)
    ink = made.glyph(digits[0][0], 300, 0.05)
    canvas[: ink.shape[0], : ink.shape[1], 3] = 255 * ink
    times = []
    for _ in range(15):
        start = time.process_time()
        find_digits(drawn_ink(canvas), SHAPE, several=False)
        times.append(time.process_time() - start)
    assert min(times) < 0.016


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(
        array_shapes(min_dims=2, max_dims=2, max_side=40),
        st.sampled_from([(1, 120), (120, 1), (90, 130), (230, 210)]),
    ).flatmap(lambda shape: arrays(np.uint8, (*shape, 3), elements=st.integers(0, 255)))
)
def test_any_array_gives_images_of_the_right_kind(picture):
    ink = find_ink(picture)
    assert ink.ink.min() >= 0
    assert ink.ink.max() <= 1
    for digit in find_digits(ink, SHAPE):
        assert digit.image.dtype == np.uint8
        assert digit.image.shape == SHAPE
        assert 0 <= digit.box.left < digit.box.right <= picture.shape[1]
        assert 0 <= digit.box.top < digit.box.bottom <= picture.shape[0]


@pytest.mark.parametrize("seed", range(4))
def test_noise_gives_images_of_the_right_kind(seed):
    noise = np.random.default_rng(seed).integers(0, 256, (150, 320, 3), dtype=np.uint8)
    for digit in find_digits(find_ink(noise), SHAPE):
        assert digit.image.shape == SHAPE


@pytest.mark.parametrize(
    "wrong", [np.zeros((9, 9)), np.zeros((9, 9, 3)), np.zeros((0, 9, 3), "u1")]
)
def test_other_arrays_are_refused_by_name(wrong):
    with pytest.raises(ValueError, match="picture must be uint8"):
        find_ink(wrong)
