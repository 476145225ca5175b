"""Digits that touch: when a wide piece of ink is cut, doubted or left alone."""

import numpy as np
import pytest

from core.measures.verdict import CUT, TWO
from core.networks.touching import part_touching
from core.pictures.framing import frame_digit
from core.pictures.segments import Box, Digit
from core.study.study import Answers

WHOLE_WIDTH = 18
"""Columns of 28 that a wide piece of ink takes once it is framed; its halves take fewer."""


def two_bars(width=50):
    """Two upright bars that a thin line joins."""
    ink = np.zeros((40, width), np.float32)
    ink[:, :8] = ink[:, -8:] = ink[18:21] = 1
    return Digit(Box(0, 0, width, 40), ink, frame_digit(ink, (28, 28)))


def reader(whole, part):
    """A network to which wide images are as strange as `whole`, others as `part`."""

    def predict(images):
        widths = np.array([np.ptp(np.flatnonzero((image > 60).any(0))) + 1 for image in images])
        strange = np.where(widths >= WHOLE_WIDTH, whole, part)
        return Answers(np.zeros((1, len(images), 10)), np.zeros((len(images), 2)), strange)

    return predict


@pytest.mark.parametrize(
    ("whole", "part", "doubts"),
    [
        (0.99, 0.5, [CUT, CUT]),
        (0.99, 0.985, [TWO]),
        (0.95, 0.5, [TWO]),
        (0.95, 0.945, [""]),
        (0.95, 0.98, [""]),
        (0.85, 0.5, [""]),
    ],
)
def test_a_wide_digit_is_cut_doubted_or_left_as_its_parts_are_known(whole, part, doubts):
    found = part_touching(reader(whole, part), [two_bars()])
    assert [digit.doubt for digit in found] == doubts


def test_a_narrow_digit_is_never_tried():
    (found,) = part_touching(reader(0.99, 0.1), [two_bars(width=30)])
    assert not found.doubt


def test_others_stay_in_their_order():
    digits = [two_bars(30), two_bars(), two_bars(32)]
    found = part_touching(reader(0.99, 0.5), digits)
    assert [found[0], found[-1]] == [digits[0], digits[2]]
    assert [digit.doubt for digit in found] == ["", CUT, CUT, ""]
