"""The least sure items of a scatter as pictures."""

import numpy as np
import pytest

from core.figures.picture_trace import MOST_PICTURES
from core.figures.positions import View, positions
from core.figures.scatter import scatter_figure
from core.measures.score_arrays import ScoreArrays
from core.measures.selection import Selection
from examples.mnist_artifacts import load_artifacts

VIEW = View("label", "least_confidence", log_y=True)


@pytest.fixture(scope="module")
def scores():
    return load_artifacts("ensemble").scores


def pictures(scores, keep):
    arrays = ScoreArrays(scores)
    selection = Selection(arrays, np.flatnonzero(keep))
    figure = scatter_figure(selection, VIEW, "correct", tuple("0123456789"), pictured=True).figure
    return figure.data[-1], positions(arrays, VIEW)


def test_the_least_sure_of_those_shown_are_pictures_at_their_points(scores):
    keep = (scores["label"] == 3).to_numpy()
    trace, places = pictures(scores, keep)
    rows = scores[keep].sort_values("confidence", kind="stable").index[:MOST_PICTURES]
    assert list(trace.meta["rows"]) == rows.tolist()
    assert np.array_equal(trace.x, places.x[rows])
    assert np.array_equal(trace.y, places.y[rows])
    assert trace.name == "pictures of the least sure (12)"


def test_mistakes_are_named_for_no_picture_to_cover_them(scores):
    trace, places = pictures(scores, np.ones(len(scores), bool))
    mistakes = scores.index[~scores["correct"].to_numpy(bool)]
    x, y = trace.meta["avoid"]
    assert set(zip(x, y, strict=True)) == {
        (float(places.x[row]), float(places.y[row])) for row in mistakes
    }


def test_few_items_are_few_pictures_and_none_is_none(scores):
    keep = np.zeros(len(scores), bool)
    keep[[7, 9]] = True
    trace, _ = pictures(scores, keep)
    assert trace.name == "pictures of the least sure (2)"
    nothing = Selection(ScoreArrays(scores), np.zeros(0, int))
    figure = scatter_figure(nothing, VIEW, "correct", tuple("01"), pictured=True).figure
    assert not any(trace.meta for trace in figure.data)
