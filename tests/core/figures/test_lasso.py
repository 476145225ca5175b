import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.figures.lasso import box, inside_outlines
from core.figures.positions import Positions
from core.measures.score_arrays import ScoreArrays
from core.measures.selection import Selection
from core.measures.table import build_table


def items(x, y, rows=None):
    measures = {"prediction": np.zeros(len(x), int), "confidence": np.ones(len(x), np.float32)}
    places = Positions(np.asarray(x, np.float32), np.asarray(y, np.float32))
    return Selection(ScoreArrays(build_table(measures)), rows), places


CORNERS = st.lists(st.tuples(st.integers(-8, 8), st.integers(-8, 8)), min_size=3, max_size=9)


@given(CORNERS, st.integers(0, 2**32 - 1))
def test_a_polygon_holds_what_opencv_says_it_holds(corners, seed):
    x, y = np.random.default_rng(seed).uniform(-9, 9, (2, 200)).astype(np.float32)
    selection, places = items(x, y)
    found = inside_outlines(selection, places, [tuple(zip(*corners, strict=True))])
    contour = np.array(corners, np.float32)
    side = [
        cv2.pointPolygonTest(contour, (float(a), float(b)), True) for a, b in zip(x, y, strict=True)
    ]
    clear = np.abs(side) > 1e-3  # on a side itself either answer is right
    wanted = np.flatnonzero(np.array(side) > 0)
    assert set(found.rows) ^ set(wanted) <= set(np.flatnonzero(~clear))


def test_a_box_holds_what_lies_between_its_corners_and_missing_values_lie_nowhere():
    x = [0.1, 0.5, 0.9, np.nan, 0.5]
    y = [0.5, 0.5, 0.5, 0.5, np.nan]
    selection, places = items(x, y)
    assert inside_outlines(selection, places, [box((0.3, 0.95), (0.4, 0.6))]).rows.tolist() == [
        1,
        2,
    ]
    assert inside_outlines(selection, places, [box((0.95, 0.3), (0.6, 0.4))]).rows.tolist() == [
        1,
        2,
    ]


def test_several_outlines_hold_what_any_holds_of_the_items_looked_at():
    selection, places = items(np.linspace(0, 1, 11), np.full(11, 0.5), np.arange(0, 11, 2))
    outlines = [box((0.15, 0.45), (0, 1)), box((0.35, 0.65), (0, 1))]
    assert inside_outlines(selection, places, outlines).rows.tolist() == [2, 4, 6]


def test_on_logarithmic_axes_the_sides_are_straight_as_they_are_drawn():
    middle = [10**-1.5]
    selection, places = items(middle, [10**-1.4])
    triangle = ([0.01, 0.1, 0.01], [0.01, 0.1, 0.1])  # above the diagonal of the drawn square
    assert len(inside_outlines(selection, places, [triangle], (True, True))) == 1
    below, places = items(middle, [10**-1.6])
    assert len(inside_outlines(below, places, [triangle], (True, True))) == 0


@pytest.mark.parametrize("outline", [((), ()), ((0, 1), (0, 1)), ((0, 1, np.nan), (0, 1, 1))])
def test_what_is_no_polygon_holds_nothing(outline):
    selection, places = items([0.5], [0.5])
    assert len(inside_outlines(selection, places, [outline])) == 0
