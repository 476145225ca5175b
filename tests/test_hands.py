"""The count of hands that the model card gives, on ink whose shape is known."""

import numpy as np
import pytest

from bench.hands import HANDS, crossed, ink_of, lean, strokes, written_so
from tests.core.made_hands import HANDS as DRAWN
from tests.core.made_hands import hand


def test_a_row_has_as_many_strokes_as_runs_of_ink():
    ink = np.array([[1, 1, 0, 1], [0, 0, 0, 0], [1, 0, 1, 0], [0, 1, 1, 1]], bool)
    assert strokes(ink).tolist() == [2, 0, 2, 1]
    assert crossed(ink, 0, 1, 2) == 2
    assert crossed(ink, 0.5, 1, 1) == 2


@pytest.mark.parametrize(("shift", "angle"), [(0, 0), (1, 45), (2, np.rad2deg(np.arctan(2)))])
def test_ink_leans_by_the_angle_of_its_long_axis(shift, angle):
    ink = np.zeros((41, 82), bool)
    ink[np.arange(40, -1, -1), shift * np.arange(41)] = True
    assert lean(ink) == pytest.approx(angle, abs=0.1)
    assert lean(ink[:, ::-1]) == pytest.approx(-angle, abs=0.1)


def test_specks_are_no_strokes():
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 10:13] = 255
    image[6:9, 20] = 255
    assert strokes(ink_of(image)).tolist() == [1] * 20


@pytest.mark.parametrize("name", ["ψ-shaped 4", "European 1"])
def test_digits_drawn_by_a_hand_are_counted_as_it_and_a_bar_is_not(name):
    rng = np.random.default_rng(0)
    drawn = np.stack([255 - hand(name, rng)[..., 0] for _ in range(10)])
    label = DRAWN[name][0]
    bar = np.zeros((1, *drawn.shape[1:]), np.uint8)
    bar[0, 40:240, 130:150] = 255
    found = written_so(HANDS[name], np.concatenate([drawn, bar]), np.full(11, label))
    assert len(found) >= 9
    assert 10 not in found
