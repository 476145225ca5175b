"""A stroke too pale to be taken for ink leaves a doubt about the digit that it belongs to."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.measures.verdict import PALE
from core.networks.own_pictures import encoded, read_digits
from core.pictures.ink import find_ink
from core.pictures.segments import find_marks

SHAPE = (28, 28)
PEN = 20


def page(bar: int, bar_at: tuple[int, int] = (60, 220), width: int = 14) -> np.ndarray:
    """A dark upright stroke, and a bar of a grey across its top."""
    grey = np.full((280, 280), 255, np.uint8)
    cv2.line(grey, (bar_at[0], 70), (bar_at[1], 70), bar, width, cv2.LINE_AA)
    cv2.line(grey, (140, 60), (140, 220), PEN, 18, cv2.LINE_AA)
    return np.repeat(grey[..., None], 3, 2)


def parts(picture: np.ndarray) -> list[bool]:
    """Of each digit whether it has a pale part."""
    return [digit.has_pale_part for digit in find_marks(find_ink(picture), SHAPE).digits]


def test_a_bar_too_pale_for_ink_is_a_part_and_a_dark_one_is_read():
    assert parts(page(200)) == [True]
    assert parts(page(PEN)) == [False]
    assert parts(page(255)) == [False]


@pytest.mark.parametrize("turned", [0, 1, 2, 3])
def test_whichever_side_it_is_on(turned):
    assert parts(np.ascontiguousarray(np.rot90(page(200), turned))) == [True]


def test_what_lies_apart_is_no_part():
    assert parts(page(200, bar_at=(10, 90))) == [False]


def test_a_spot_is_none_and_neither_is_a_shadow_larger_than_the_digit():
    assert parts(page(200, bar_at=(140, 152), width=6)) == [False]
    shaded = page(255)
    shaded[:, 150:] = np.minimum(shaded[:, 150:], 205)
    assert parts(shaded) == [False]


def test_each_digit_of_several_is_asked_alone():
    assert parts(np.concatenate([page(255), page(200)], 1)) == [False, True]


def test_one_digit_by_word_is_asked_too():
    (digit,) = find_marks(find_ink(page(200)), SHAPE, several=False).digits
    assert digit.has_pale_part


def test_the_doubt_goes_with_the_digit():
    own = read_digits("T.png", encoded(page(200), "PNG"), SHAPE)
    assert own.doubts == (PALE,)
    assert read_digits("1.png", encoded(page(255), "PNG"), SHAPE).doubts == ("",)
