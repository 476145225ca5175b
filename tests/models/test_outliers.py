import unicodedata

import cv2
import numpy as np
import pytest

from core.pictures.framing import FILL
from examples.mnist_artifacts import load_artifacts
from examples.mnist_data import load_test
from models import outliers
from models.outliers import (
    CHARACTERS,
    FONTS,
    bend,
    draw_character,
    draw_curves,
    draw_names,
    draw_outliers,
    redraw,
    vary,
)

SHAPE = (28, 28)
IMAGES, LABELS = (array[:300] for array in load_test())


def rng(seed=0):
    return np.random.default_rng(seed)


def written(text, font):
    canvas = np.zeros((200, 200, 1), np.uint8)
    cv2.putText(canvas, text, (50, 140), (255,), font, 100, weight=200)
    return canvas


def sides(image):
    rows, columns = np.nonzero(image)
    return np.ptp(rows) + 1, np.ptp(columns) + 1


def test_outliers_are_framed_as_the_digits_are():
    drawn = draw_outliers(40, SHAPE, rng())
    assert drawn.shape == (40, *SHAPE) and drawn.dtype == np.uint8
    longest = np.array([max(sides(image)) for image in drawn])
    assert (np.abs(longest - round(FILL * SHAPE[0])) <= 1).all()
    assert (drawn.max((1, 2)) == 255).all()


def test_equal_seeds_draw_the_same_and_no_two_outliers_are_alike():
    drawn = draw_outliers(40, SHAPE, rng(3))
    np.testing.assert_array_equal(drawn, draw_outliers(40, SHAPE, rng(3)))
    assert len({image.tobytes() for image in drawn}) == 40


def test_no_character_is_a_digit_of_any_script():
    assert len(set(CHARACTERS)) == len(CHARACTERS) > 300
    assert not any(unicodedata.numeric(character, None) is not None for character in CHARACTERS)


@pytest.mark.parametrize("font", FONTS)
def test_every_font_knows_every_character(font):
    unknown = written("?", font)
    assert not [c for c in CHARACTERS if np.array_equal(written(c, font), unknown)]


def test_ink_stays_on_the_canvas():
    for drawn in [draw_character(rng(seed)) for seed in range(60)]:
        rim = np.concatenate([drawn[[0, -1]].ravel(), drawn[:, [0, -1]].ravel()])
        assert drawn.max() > 0.5 and rim.max() == 0


def test_curves_have_ink_and_are_of_many_shapes():
    inks = np.array([draw_curves(rng(seed)).sum() for seed in range(60)])
    assert inks.min() > 0 and inks.max() > 3 * inks.min()


def test_a_class_is_drawn_by_its_name():
    drawn = draw_names(["1"], 20, SHAPE, rng())
    prediction = load_artifacts("ensemble").network.predict_logits(drawn).mean(0).argmax(-1)
    assert np.mean(prediction == 1) > 0.9


def test_a_digit_drawn_anew_is_another_picture_of_the_same_digit():
    again = np.stack([redraw(image, rng(row)) for row, image in enumerate(IMAGES)])
    prediction = load_artifacts("ensemble").network.predict_logits(again).mean(0).argmax(-1)
    assert np.mean(prediction == LABELS) > 0.95
    assert not any(np.array_equal(a, b) for a, b in zip(again, IMAGES, strict=True))


def test_a_third_stay_as_they_are_and_the_given_images_are_left_alone():
    given = IMAGES.copy()
    varied = vary(given, rng())
    np.testing.assert_array_equal(given, IMAGES)
    same = (varied == IMAGES).all((1, 2)).mean()
    assert varied.shape == IMAGES.shape and varied.dtype == np.uint8
    assert same == pytest.approx(1 / 3, abs=0.1)


def test_more_images_than_are_varied_at_once_keep_their_order(monkeypatch):
    monkeypatch.setattr(outliers, "_CHUNK", 100)
    varied = vary(IMAGES, rng())
    assert (varied == IMAGES).all((1, 2)).mean() == pytest.approx(1 / 3, abs=0.1)


def test_a_line_alone_survives_every_bend():
    line = np.zeros((outliers.SIDE, outliers.SIDE), np.float32)
    line[40:160, 98:102] = 1
    assert min(bend(line, rng(seed)).sum() for seed in range(50)) > 200
